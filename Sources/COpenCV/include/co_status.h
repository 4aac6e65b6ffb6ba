#pragma once

/// What a call says about itself. Everything but CO_OK leaves a message for `co_last_error`.
typedef enum __attribute__((enum_extensibility(closed))) COStatus {
  CO_OK = 0,
  CO_OUT_OF_MEMORY = 1,
  CO_FAILED = 2,
} COStatus;

#ifdef __cplusplus
extern "C" {
#endif

/// The message of this thread's last failure; valid until its next failure.
const char *_Nonnull co_last_error(void);

#ifdef __cplusplus
}
#endif
