#include "ccurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static struct {
    CURLcode (*global_init)(long);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *);
    void (*easy_reset)(CURL *);
    CURLcode (*easy_perform)(CURL *);
    const char *(*easy_strerror)(CURLcode);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
    CURLU *(*url)(void);
    void (*url_cleanup)(CURLU *);
    CURLUcode (*url_get)(const CURLU *, CURLUPart, char **, unsigned int);
    CURLUcode (*url_set)(CURLU *, CURLUPart, const char *, unsigned int);
    void (*free)(void *);
} curl;

static int load_result = -1;
static pthread_once_t load_once = PTHREAD_ONCE_INIT;

static void *open_library(void) {
    static const char *const names[] = {
        "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so", "/usr/lib/libcurl.4.dylib", "libcurl.4.dylib",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library != NULL) return library;
    }
    return NULL;
}

static int find(void *library, const char *name, void **target) {
    *target = dlsym(library, name);
    return *target == NULL;
}

static void load(void) {
    void *library = open_library();
    if (library == NULL) return;
    int missing = find(library, "curl_global_init", (void **)&curl.global_init)
        + find(library, "curl_easy_init", (void **)&curl.easy_init)
        + find(library, "curl_easy_cleanup", (void **)&curl.easy_cleanup)
        + find(library, "curl_easy_reset", (void **)&curl.easy_reset)
        + find(library, "curl_easy_perform", (void **)&curl.easy_perform)
        + find(library, "curl_easy_strerror", (void **)&curl.easy_strerror)
        + find(library, "curl_easy_setopt", (void **)&curl.easy_setopt)
        + find(library, "curl_easy_getinfo", (void **)&curl.easy_getinfo)
        + find(library, "curl_slist_append", (void **)&curl.slist_append)
        + find(library, "curl_slist_free_all", (void **)&curl.slist_free_all)
        + find(library, "curl_url", (void **)&curl.url)
        + find(library, "curl_url_cleanup", (void **)&curl.url_cleanup)
        + find(library, "curl_url_get", (void **)&curl.url_get)
        + find(library, "curl_url_set", (void **)&curl.url_set)
        + find(library, "curl_free", (void **)&curl.free);
    if (missing > 0) return;
    load_result = curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -1;
}

int ccurl_load(void) {
    pthread_once(&load_once, load);
    return load_result;
}

CURL *ccurl_easy_init(void) { return curl.easy_init(); }
void ccurl_easy_cleanup(CURL *handle) { curl.easy_cleanup(handle); }
void ccurl_easy_reset(CURL *handle) { curl.easy_reset(handle); }
CURLcode ccurl_easy_perform(CURL *handle) { return curl.easy_perform(handle); }
const char *ccurl_easy_strerror(CURLcode code) { return curl.easy_strerror(code); }

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl.easy_setopt(handle, option, value);
}

void ccurl_allow_http_only(CURL *handle) {
    // The options with bit masks are deprecated, but their successors are missing before libcurl 7.85.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    curl.easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    curl.easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#pragma GCC diagnostic pop
}

CURLcode ccurl_set_write_callback(CURL *handle, ccurl_data_callback callback) {
    return curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, callback);
}

CURLcode ccurl_set_header_callback(CURL *handle, ccurl_data_callback callback) {
    return curl.easy_setopt(handle, CURLOPT_HEADERFUNCTION, callback);
}

CURLcode ccurl_set_progress_callback(CURL *handle, ccurl_progress_callback callback) {
    return curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callback);
}

long ccurl_response_code(CURL *handle) {
    long code = 0;
    curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

const char *ccurl_effective_url(CURL *handle) {
    char *url = NULL;
    curl.easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, &url);
    return url;
}

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text) {
    return curl.slist_append(list, text);
}

void ccurl_list_free(struct curl_slist *list) { curl.slist_free_all(list); }

char *ccurl_url_resolve(const char *base, const char *reference) {
    CURLU *url = curl.url();
    char *text = NULL;
    if (url != NULL && curl.url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK
        && curl.url_set(url, CURLUPART_URL, reference, 0) == CURLUE_OK) {
        curl.url_get(url, CURLUPART_URL, &text, 0);
    }
    curl.url_cleanup(url);
    return text;
}

char *ccurl_url_part(const char *text, CURLUPart part) {
    CURLU *url = curl.url();
    char *value = NULL;
    if (url != NULL && curl.url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK) {
        curl.url_get(url, part, &value, part == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0);
    }
    curl.url_cleanup(url);
    return value;
}

char *ccurl_url_replace(const char *text, CURLUPart part, const char *value) {
    CURLU *url = curl.url();
    char *result = NULL;
    if (url != NULL && curl.url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK
        && curl.url_set(url, part, value, 0) == CURLUE_OK) {
        curl.url_get(url, CURLUPART_URL, &result, 0);
    }
    curl.url_cleanup(url);
    return result;
}

void ccurl_free(void *text) { curl.free(text); }
