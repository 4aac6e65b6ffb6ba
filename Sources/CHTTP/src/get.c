#define CURL_DISABLE_TYPECHECK  // its checks are macros around the function that is not linked here
#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "CHTTP.h"

// The functions of libcurl that are used here; all are there or none.
static struct {
  __typeof__(&curl_global_init) global_init;
  __typeof__(&curl_easy_init) init;
  __typeof__(&curl_easy_setopt) setopt;
  __typeof__(&curl_easy_perform) perform;
  __typeof__(&curl_easy_strerror) strerror;
  __typeof__(&curl_easy_cleanup) cleanup;
  __typeof__(&curl_slist_append) append;
  __typeof__(&curl_slist_free_all) free_list;
} curl;
static int is_loaded;

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW);
  if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW);
  if (!library) return;
#define FIND(member, name) (curl.member = (__typeof__(curl.member))dlsym(library, #name))
  int found = FIND(global_init, curl_global_init) && FIND(init, curl_easy_init) && FIND(setopt, curl_easy_setopt) &&
              FIND(perform, curl_easy_perform) && FIND(strerror, curl_easy_strerror) && FIND(cleanup, curl_easy_cleanup) &&
              FIND(append, curl_slist_append) && FIND(free_list, curl_slist_free_all);
#undef FIND
  is_loaded = found && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

// What the callbacks of one exchange share.
typedef struct Exchange {
  CHReceiver receiver;
  int is_stopped;
  int has_excess;
} Exchange;

static size_t pass_on(
    Exchange *exchange, int32_t (*callback)(void *, const void *, int64_t), const char *bytes, size_t count) {
  if (callback(exchange->receiver.context, bytes, (int64_t)count) == 0) return count;
  exchange->is_stopped = 1;
  return count + 1;  // any other number than count ends the exchange
}

static size_t on_header(char *bytes, size_t size, size_t count, void *exchange) {
  return pass_on(exchange, ((Exchange *)exchange)->receiver.on_header, bytes, size * count);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *exchange) {
  return pass_on(exchange, ((Exchange *)exchange)->receiver.on_body, bytes, size * count);
}

// libcurl drops what comes after the announced length, and says so here alone.
static int on_debug(CURL *handle, curl_infotype type, char *bytes, size_t count, void *exchange) {
  static const char excess[] = "Excess found";
  (void)handle;
  if (type == CURLINFO_TEXT && count >= sizeof excess - 1 && memcmp(bytes, excess, sizeof excess - 1) == 0)
    ((Exchange *)exchange)->has_excess = 1;
  return 0;
}

static CHOutcome outcome(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return CH_COMPLETE;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return CH_UNREACHABLE;
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return CH_CUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return CH_UNTRUSTED;
    default:
      return CH_FAILED;
  }
}

void ch_get(CHReport *report, CHRequest request, CHReceiver receiver) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  memset(report, 0, sizeof *report);
  report->outcome = CH_FAILED;
  pthread_once(&once, load);
  CURL *handle = is_loaded ? curl.init() : NULL;
  if (!handle) {
    snprintf(report->message, sizeof report->message, "libcurl (libcurl.so.4) is not installed");
    return;
  }

  Exchange exchange = {.receiver = receiver};
  char error[CURL_ERROR_SIZE] = "";
  char range[32], condition[1024];
  struct curl_slist *headers = NULL;
  curl.setopt(handle, CURLOPT_URL, request.url);
  curl.setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl.setopt(handle, CURLOPT_USERAGENT, "yolov5-swift");
  curl.setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl.setopt(handle, CURLOPT_BUFFERSIZE, 256L * 1024);
  curl.setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl.setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)request.connect_timeout_ms);
  curl.setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl.setopt(handle, CURLOPT_LOW_SPEED_TIME, (long)request.stall_timeout_s);
  curl.setopt(handle, CURLOPT_ERRORBUFFER, error);
  curl.setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl.setopt(handle, CURLOPT_HEADERDATA, &exchange);
  curl.setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl.setopt(handle, CURLOPT_WRITEDATA, &exchange);
  curl.setopt(handle, CURLOPT_VERBOSE, 1L);
  curl.setopt(handle, CURLOPT_DEBUGFUNCTION, on_debug);
  curl.setopt(handle, CURLOPT_DEBUGDATA, &exchange);
  if (request.skips_proxy) curl.setopt(handle, CURLOPT_NOPROXY, "*");
  if (request.offset > 0) {
    snprintf(range, sizeof range, "%lld-", (long long)request.offset);
    curl.setopt(handle, CURLOPT_RANGE, range);
    int length = request.validator ? snprintf(condition, sizeof condition, "If-Range: %s", request.validator) : 0;
    if (length > 0 && (size_t)length < sizeof condition) headers = curl.append(headers, condition);
    curl.setopt(handle, CURLOPT_HTTPHEADER, headers);
  }

  CURLcode code = curl.perform(handle);
  report->outcome = exchange.is_stopped ? CH_STOPPED : exchange.has_excess ? CH_EXCESS : outcome(code);
  snprintf(report->message, sizeof report->message, "%s", error[0] ? error : curl.strerror(code));
  curl.free_list(headers);
  curl.cleanup(handle);
}
