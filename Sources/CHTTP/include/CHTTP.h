#pragma once

#include <stdint.h>

// One HTTP GET at a time, by libcurl.

/// How an exchange ended. The HTTP status is another matter: a 404 that arrived whole is CH_COMPLETE.
typedef enum __attribute__((enum_extensibility(closed))) CHOutcome {
  CH_COMPLETE = 0,
  /// A callback asked for the end.
  CH_STOPPED = 1,
  /// The host's name is unknown, or nobody answers at its address.
  CH_UNREACHABLE = 2,
  /// The connection was lost, or nothing came for too long.
  CH_CUT = 3,
  /// The other side does not prove that it is who it says.
  CH_UNTRUSTED = 4,
  /// More bytes followed than the head had announced.
  CH_EXCESS = 5,
  /// Anything else.
  CH_FAILED = 6,
} CHOutcome;

/// What is asked for. Texts are borrowed for the call.
typedef struct CHRequest {
  /// http or https.
  const char *_Nonnull url;
  /// The first byte that is wanted; 0 asks for everything.
  int64_t offset;
  /// Value of If-Range, or NULL.
  const char *_Nullable validator;
  int64_t connect_timeout_ms;
  /// Seconds without a byte after which the exchange counts as cut; at least 1.
  int64_t stall_timeout_s;
  /// Whether the proxies of the environment are passed by, as they must be for this machine's own addresses.
  int32_t skips_proxy;
} CHRequest;

/// Where the answer goes. Each callback returns 0 to go on; anything else ends the exchange as CH_STOPPED.
typedef struct CHReceiver {
  void *_Nonnull context;
  /// A line of the head, with its line end; a line that starts with "HTTP/" begins another head.
  int32_t (*_Nonnull on_header)(void *_Nonnull context, const void *_Nonnull bytes, int64_t count);
  int32_t (*_Nonnull on_body)(void *_Nonnull context, const void *_Nonnull bytes, int64_t count);
} CHReceiver;

typedef struct CHReport {
  CHOutcome outcome;
  /// What is wrong, in libcurl's words.
  char message[512];
} CHReport;

/// Makes the request and waits for the end of the answer. Redirects are not followed.
void ch_get(CHReport *_Nonnull report, CHRequest request, CHReceiver receiver);
