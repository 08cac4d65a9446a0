#ifndef ARENA_CCURL_SHIM_H
#define ARENA_CCURL_SHIM_H

#include <curl/curl.h>
#include <string.h>

/* Functions with variable arguments do not reach Swift: one shim for each kind of argument. */

static inline CURLcode arena_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode arena_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode arena_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode arena_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode arena_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

/* CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
typedef size_t (*arena_curl_receive)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode arena_curl_set_receive(CURL *easy, CURLoption option, arena_curl_receive function) {
    return curl_easy_setopt(easy, option, function);
}

static inline CURLcode arena_curl_set_open_socket(CURL *easy, curl_opensocket_callback function) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function);
}

static inline CURLcode arena_curl_set_before_request(CURL *easy, curl_prereq_callback function) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}

static inline CURLcode arena_curl_set_progress(CURL *easy, curl_xferinfo_callback function) {
    return curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, function);
}

static inline CURLcode arena_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode arena_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/* A member of a union, and macros with a cast. */
static inline CURLcode arena_curl_result(const CURLMsg *message) { return message->data.result; }
static inline size_t arena_curl_pause(void) { return CURL_WRITEFUNC_PAUSE; }
static inline curl_socket_t arena_curl_no_socket(void) { return CURL_SOCKET_BAD; }

/* The name of an errno, which belongs to the calling thread. */
static inline const char *arena_curl_error_text(int number) { return strerror(number); }

#endif
