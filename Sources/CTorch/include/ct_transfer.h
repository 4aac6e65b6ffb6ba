#pragma once

#include "ct_tensor.h"

/// Memory of the host that a CUDA device copies from by itself; freed once with `ct_pinned_free`.
typedef struct {
  void *_Nullable pointer;
} CTPinned;

/// A place in the work that a CUDA device was given; freed once with `ct_event_free`.
typedef struct {
  void *_Nullable pointer;
} CTEvent;

#ifdef __cplusplus
extern "C" {
#endif

/// Page-locked bytes, on a page boundary. On CT_OK `*out` is owned by the caller.
CTStatus ct_pinned_allocate(CTPinned *_Nonnull out, size_t byte_count);
void *_Nonnull ct_pinned_bytes(CTPinned memory);
void ct_pinned_free(CTPinned memory);

/// Marks the end of what the device was given so far by this thread. On CT_OK `*out` is owned by the caller.
CTStatus ct_event_record(CTEvent *_Nonnull out, CTDevice device);
/// Waits until the device has come there; on any thread.
CTStatus ct_event_wait(CTEvent event);
void ct_event_free(CTEvent event);

#ifdef __cplusplus
}
#endif
