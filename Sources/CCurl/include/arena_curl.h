#ifndef ARENA_CURL_H
#define ARENA_CURL_H

#include <curl/curl.h>

/*
 * libcurl, loaded when it is first asked for: it brings some thirty libraries, whose pages a program that makes no
 * request should not carry. A function here is the one of libcurl without its prefix `arena_`, and is called only after
 * arena_curl_load has succeeded; those with variable arguments have one form for each kind of argument, because such
 * functions do not reach Swift.
 */

/* Any thread. Returns NULL when libcurl is loaded, else the loader's words, which live on. */
const char *arena_curl_load(void);

CURLM *arena_curl_multi_init(void);
CURLMcode arena_curl_multi_cleanup(CURLM *multi);
CURLMcode arena_curl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode arena_curl_multi_remove_handle(CURLM *multi, CURL *easy);
CURLMcode arena_curl_multi_perform(CURLM *multi, int *running);
/* Waits for the sockets of the handles alone. */
CURLMcode arena_curl_multi_poll(CURLM *multi, int milliseconds);
CURLMcode arena_curl_multi_wakeup(CURLM *multi);
CURLMsg *arena_curl_multi_info_read(CURLM *multi, int *left);
CURLMcode arena_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);
const char *arena_curl_multi_strerror(CURLMcode code);

CURL *arena_curl_easy_init(void);
void arena_curl_easy_cleanup(CURL *easy);
CURLcode arena_curl_easy_pause(CURL *easy, int action);
const char *arena_curl_easy_strerror(CURLcode code);
CURLcode arena_curl_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode arena_curl_set_long(CURL *easy, CURLoption option, long value);
CURLcode arena_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value);
CURLcode arena_curl_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode arena_curl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode arena_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
/* CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
typedef size_t (*arena_curl_receive)(char *bytes, size_t size, size_t count, void *context);
CURLcode arena_curl_set_receive(CURL *easy, CURLoption option, arena_curl_receive function);
CURLcode arena_curl_set_open_socket(CURL *easy, curl_opensocket_callback function);
CURLcode arena_curl_set_before_request(CURL *easy, curl_prereq_callback function);
CURLcode arena_curl_set_progress(CURL *easy, curl_xferinfo_callback function);

struct curl_slist *arena_curl_slist_append(struct curl_slist *list, const char *text);
void arena_curl_slist_free_all(struct curl_slist *list);

CURLU *arena_curl_url(void);
void arena_curl_url_cleanup(CURLU *url);
CURLUcode arena_curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags);
/* The text is given back by arena_curl_free. */
CURLUcode arena_curl_url_get(const CURLU *url, CURLUPart part, char **text, unsigned flags);
const char *arena_curl_url_strerror(CURLUcode code);
void arena_curl_free(void *text);

/* A member of a union, and macros with a cast. */
static inline CURLcode arena_curl_result(const CURLMsg *message) { return message->data.result; }
static inline size_t arena_curl_pause(void) { return CURL_WRITEFUNC_PAUSE; }
static inline curl_socket_t arena_curl_no_socket(void) { return CURL_SOCKET_BAD; }

/* The name of an errno, which belongs to the calling thread. */
const char *arena_curl_error_text(int number);

#endif
