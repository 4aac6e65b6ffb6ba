#pragma once

// Every function of CTorch that can fail returns a status. C++ exceptions end at this boundary.

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CT_OK = 0,
  CT_OUT_OF_MEMORY = 1,
  CT_FAILED = 2,
} CTStatus;

/// What the last failed call on this thread had to say; valid until the next failure on this thread.
const char *_Nonnull ct_last_error(void);

#ifdef __cplusplus
}
#endif
