/* The macros that check the arguments' types would name the functions themselves, which are not linked. */
#define CURL_DISABLE_TYPECHECK
#include "arena_curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define FUNCTIONS(X)                                                                                                   \
    X(global_init) X(free) X(slist_append) X(slist_free_all)                                                           \
    X(easy_init) X(easy_cleanup) X(easy_pause) X(easy_strerror) X(easy_setopt) X(easy_getinfo)                         \
    X(multi_init) X(multi_cleanup) X(multi_add_handle) X(multi_remove_handle) X(multi_perform) X(multi_poll)           \
    X(multi_wakeup) X(multi_info_read) X(multi_setopt) X(multi_strerror)                                               \
    X(url) X(url_cleanup) X(url_set) X(url_get) X(url_strerror)

/* Written once, by load, before anybody may call what reads it. */
static struct {
#define MEMBER(name) __typeof__(&curl_##name) name;
    FUNCTIONS(MEMBER)
#undef MEMBER
} library;

static const char *failure;
static char words[256];

static const char *keep(const char *text) {
    strncpy(words, text != NULL ? text : "libcurl cannot be loaded", sizeof(words) - 1);
    return words;
}

static void load(void) {
    /* The soname that libcurl has had since 2006. */
    void *handle = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (handle == NULL) {
        failure = keep(dlerror());
        return;
    }
#define FIND(name)                                                                                                     \
    *(void **)&library.name = dlsym(handle, "curl_" #name);                                                            \
    if (library.name == NULL) {                                                                                        \
        failure = keep(dlerror());                                                                                     \
        return;                                                                                                        \
    }
    FUNCTIONS(FIND)
#undef FIND
    if (library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        failure = "libcurl refuses to start";
    }
}

const char *arena_curl_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return failure;
}

CURLM *arena_curl_multi_init(void) { return library.multi_init(); }

CURLMcode arena_curl_multi_cleanup(CURLM *multi) { return library.multi_cleanup(multi); }

CURLMcode arena_curl_multi_add_handle(CURLM *multi, CURL *easy) { return library.multi_add_handle(multi, easy); }

CURLMcode arena_curl_multi_remove_handle(CURLM *multi, CURL *easy) { return library.multi_remove_handle(multi, easy); }

CURLMcode arena_curl_multi_perform(CURLM *multi, int *running) { return library.multi_perform(multi, running); }

CURLMcode arena_curl_multi_poll(CURLM *multi, int milliseconds) {
    return library.multi_poll(multi, NULL, 0, milliseconds, NULL);
}

CURLMcode arena_curl_multi_wakeup(CURLM *multi) { return library.multi_wakeup(multi); }

CURLMsg *arena_curl_multi_info_read(CURLM *multi, int *left) { return library.multi_info_read(multi, left); }

CURLMcode arena_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return library.multi_setopt(multi, option, value);
}

const char *arena_curl_multi_strerror(CURLMcode code) { return library.multi_strerror(code); }

CURL *arena_curl_easy_init(void) { return library.easy_init(); }

void arena_curl_easy_cleanup(CURL *easy) { library.easy_cleanup(easy); }

CURLcode arena_curl_easy_pause(CURL *easy, int action) { return library.easy_pause(easy, action); }

const char *arena_curl_easy_strerror(CURLcode code) { return library.easy_strerror(code); }

CURLcode arena_curl_get_long(CURL *easy, CURLINFO info, long *value) { return library.easy_getinfo(easy, info, value); }

CURLcode arena_curl_set_long(CURL *easy, CURLoption option, long value) {
    return library.easy_setopt(easy, option, value);
}

CURLcode arena_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return library.easy_setopt(easy, option, value);
}

CURLcode arena_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return library.easy_setopt(easy, option, value);
}

CURLcode arena_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return library.easy_setopt(easy, option, value);
}

CURLcode arena_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return library.easy_setopt(easy, option, value);
}

CURLcode arena_curl_set_receive(CURL *easy, CURLoption option, arena_curl_receive function) {
    return library.easy_setopt(easy, option, function);
}

CURLcode arena_curl_set_open_socket(CURL *easy, curl_opensocket_callback function) {
    return library.easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function);
}

CURLcode arena_curl_set_before_request(CURL *easy, curl_prereq_callback function) {
    return library.easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}

CURLcode arena_curl_set_progress(CURL *easy, curl_xferinfo_callback function) {
    return library.easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, function);
}

struct curl_slist *arena_curl_slist_append(struct curl_slist *list, const char *text) {
    return library.slist_append(list, text);
}

void arena_curl_slist_free_all(struct curl_slist *list) { library.slist_free_all(list); }

CURLU *arena_curl_url(void) { return library.url(); }

void arena_curl_url_cleanup(CURLU *url) { library.url_cleanup(url); }

CURLUcode arena_curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags) {
    return library.url_set(url, part, text, flags);
}

CURLUcode arena_curl_url_get(const CURLU *url, CURLUPart part, char **text, unsigned flags) {
    return library.url_get(url, part, text, flags);
}

const char *arena_curl_url_strerror(CURLUcode code) { return library.url_strerror(code); }

void arena_curl_free(void *text) { library.free(text); }

const char *arena_curl_error_text(int number) { return strerror(number); }
