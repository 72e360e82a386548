// base/wide_allocator.hpp - memory of numbers that are read in wide registers and by far jumps. Level 0.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace fenqun {

inline constexpr std::size_t kLargePage = std::size_t{2} << 20U;

/// Memory that nobody wrote to yet will lie in large pages where it fills them, if the system has them to give.
inline void advise_large_pages(void* at, std::size_t bytes) noexcept {
  void* first = at;
  std::size_t left = bytes;
  if (std::align(kLargePage, kLargePage, first, left) == nullptr) return;
  // What it answers does not matter: it is advice.
  static_cast<void>(madvise(first, left / kLargePage * kLargePage, MADV_HUGEPAGE));
}

/// What a new vector holds.
enum class Fill : unsigned char { Zero, Nothing };

/// Begins at a cache line; what is large lies in large pages where the system has them to give. With Fill::Nothing,
/// numbers that nobody gave a value are whatever was there.
template <class T, Fill kFill = Fill::Zero>
struct WideAllocator {
  using value_type = T;  // NOLINT: as allocators are
  template <class U>
  struct rebind {                           // NOLINT: as allocators are
    using other = WideAllocator<U, kFill>;  // NOLINT: as allocators are
  };

  WideAllocator() = default;
  template <class U>
  WideAllocator(const WideAllocator<U, kFill>&) noexcept {}  // NOLINT: as allocators are

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    const std::size_t alignment = bytes >= 2 * kLargePage ? kLargePage : kCacheLine;
    void* const out = ::operator new(bytes, std::align_val_t(alignment));
    if (alignment == kLargePage) advise_large_pages(out, bytes);
    return static_cast<T*>(out);
  }
  void deallocate(T* at, std::size_t count) noexcept {
    const std::size_t alignment = count * sizeof(T) >= 2 * kLargePage ? kLargePage : kCacheLine;
    ::operator delete(at, std::align_val_t(alignment));
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    if constexpr (kFill == Fill::Nothing && sizeof...(Arguments) == 0)
      ::new (static_cast<void*>(at)) U;
    else
      ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }
  bool operator==(const WideAllocator&) const = default;

 private:
  static constexpr std::size_t kCacheLine = 64;
};

}  // namespace fenqun
