// libcurl without its variadic calls, loaded when first used.
//
// Linking libcurl would load some thirty shared libraries at every start of the program (4 ms measured on
// Debian 12), for commands that never open a connection; and the program would not start without them.
#ifndef MARTLET_CCURL_H
#define MARTLET_CCURL_H

#include <curl/curl.h>

/// Loads libcurl and initialises it, once. Returns 0, or another number where it cannot be had.
int ccurl_load(void);

// The calls below need `ccurl_load` to have returned 0.

CURL *ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *handle);
void ccurl_easy_reset(CURL *handle);
CURLcode ccurl_easy_perform(CURL *handle);
const char *ccurl_easy_strerror(CURLcode code);

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);

/// Refuses file:, ftp: and the rest, in addresses and in redirects.
void ccurl_allow_http_only(CURL *handle);

typedef size_t (*ccurl_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*ccurl_progress_callback)(
    void *context, curl_off_t download_total, curl_off_t downloaded, curl_off_t upload_total, curl_off_t uploaded);

CURLcode ccurl_set_write_callback(CURL *handle, ccurl_data_callback callback);
CURLcode ccurl_set_header_callback(CURL *handle, ccurl_data_callback callback);
CURLcode ccurl_set_progress_callback(CURL *handle, ccurl_progress_callback callback);

long ccurl_response_code(CURL *handle);
/// The last URL used; belongs to the handle. NULL before any.
const char *ccurl_effective_url(CURL *handle);

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text);
void ccurl_list_free(struct curl_slist *list);

/// `reference` seen from `base`, as RFC 3986 resolves it; NULL when either is malformed. End with `ccurl_free`.
char *ccurl_url_resolve(const char *base, const char *reference);
/// One part of `url`; NULL when there is none or `url` is malformed. End with `ccurl_free`.
char *ccurl_url_part(const char *url, CURLUPart part);
/// `url` with one part replaced, or removed where `value` is NULL; NULL when malformed. End with `ccurl_free`.
char *ccurl_url_replace(const char *url, CURLUPart part, const char *value);
void ccurl_free(void *text);

#endif
