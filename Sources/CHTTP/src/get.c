#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "CHTTP.h"

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

static void initialize(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

void ch_get(CHReport *report, CHRequest request, CHReceiver receiver) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  memset(report, 0, sizeof *report);
  report->outcome = CH_FAILED;
  pthread_once(&once, initialize);
  CURL *handle = curl_easy_init();
  if (!handle) {
    snprintf(report->message, sizeof report->message, "libcurl cannot be initialised");
    return;
  }

  Exchange exchange = {.receiver = receiver};
  char error[CURL_ERROR_SIZE] = "";
  char range[32], condition[1024];
  struct curl_slist *headers = NULL;
  curl_easy_setopt(handle, CURLOPT_URL, request.url);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "yolov5-swift");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 256L * 1024);
  curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)request.connect_timeout_ms);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, (long)request.stall_timeout_s);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, on_debug);
  curl_easy_setopt(handle, CURLOPT_DEBUGDATA, &exchange);
  if (request.skips_proxy) curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  if (request.offset > 0) {
    snprintf(range, sizeof range, "%lld-", (long long)request.offset);
    curl_easy_setopt(handle, CURLOPT_RANGE, range);
    int length = request.validator ? snprintf(condition, sizeof condition, "If-Range: %s", request.validator) : 0;
    if (length > 0 && (size_t)length < sizeof condition) headers = curl_slist_append(headers, condition);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  }

  CURLcode code = curl_easy_perform(handle);
  report->outcome = exchange.is_stopped ? CH_STOPPED : exchange.has_excess ? CH_EXCESS : outcome(code);
  snprintf(report->message, sizeof report->message, "%s", error[0] ? error : curl_easy_strerror(code));
  curl_slist_free_all(headers);
  curl_easy_cleanup(handle);
}
