// Copies between the host and a CUDA device that run beside the computation. All of it goes through libtorch's interfaces for
// devices, so that no CUDA library is linked.

#include "ct_transfer.h"

#include <ATen/core/CachingHostAllocator.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <memory>

#include "bridge.h"

static at::DataPtr &get(CTPinned memory) { return *static_cast<at::DataPtr *>(memory.pointer); }
static c10::Event &get(CTEvent event) { return *static_cast<c10::Event *>(event.pointer); }

CTStatus ct_pinned_allocate(CTPinned *out, size_t byte_count) {
  return ct::guarded([&] {
    at::DataPtr memory = at::getHostAllocator(at::kCUDA)->allocate(byte_count);
    TORCH_CHECK(memory.get() != nullptr, "can't allocate memory that is page-locked");
    out->pointer = new at::DataPtr(std::move(memory));
  });
}

void *ct_pinned_bytes(CTPinned memory) { return get(memory).get(); }
void ct_pinned_free(CTPinned memory) { delete static_cast<at::DataPtr *>(memory.pointer); }

CTStatus ct_event_record(CTEvent *out, CTDevice device) {
  return ct::guarded([&] {
    auto event = std::make_unique<c10::Event>(at::kCUDA);
    event->record(c10::impl::VirtualGuardImpl(at::kCUDA).getStream(ct::get(device)));
    out->pointer = event.release();
  });
}

CTStatus ct_event_wait(CTEvent event) {
  return ct::guarded([&] { get(event).synchronize(); });
}

void ct_event_free(CTEvent event) { delete static_cast<c10::Event *>(event.pointer); }
