// base/worker_pool.hpp - a bounded set of threads for loops over blocks. Level 0.
#pragma once

#include "base/wide_allocator.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace fenqun {

/// Runs loops on at most `threads` threads. Which thread takes which block is open; a caller that reduces stores
/// one partial result per block and adds them in block order, so results do not depend on the thread count.
class WorkerPool {
 public:
  /// threads >= 1; 0 means the number of processors.
  explicit WorkerPool(std::size_t threads = 0);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] std::size_t threads() const noexcept { return threads_; }

  /// Calls body(block, begin, end) for each block of `block_size` of [0, count), the last one shorter; returns
  /// when all are done. The body must not throw.
  void for_blocks(std::size_t count, std::size_t block_size,
                  const std::function<void(std::size_t block, std::size_t begin, std::size_t end)>& body);
  /// Number of blocks that for_blocks will call.
  static std::size_t block_count(std::size_t count, std::size_t block_size) {
    return (count + block_size - 1) / block_size;
  }

  /// Memory to work in; goes back to its pool, which has to live longer.
  class Loan {
   public:
    Loan(Loan&& other) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan();
    [[nodiscard]] std::span<std::byte> bytes() noexcept { return {memory_.data(), size_}; }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {memory_.data(), size_}; }

   private:
    friend class WorkerPool;
    using Memory = std::vector<std::byte, WideAllocator<std::byte, Fill::Nothing>>;
    Loan(WorkerPool& pool, Memory memory, std::size_t size) : pool_(pool), memory_(std::move(memory)), size_(size) {}
    WorkerPool& pool_;
    Memory memory_;
    std::size_t size_;
  };
  /// `bytes` of memory, as WideAllocator gives it, that holds anything. The largest kSpares pieces given back are kept
  /// for the next loans: memory fresh from the system costs as much as a pass over it. From any thread.
  [[nodiscard]] Loan lend(std::size_t bytes);

 private:
  struct Arena;
  void take_back(Loan::Memory memory);

  std::size_t threads_;
  std::unique_ptr<Arena> arena_;  // none for one thread
  static constexpr std::size_t kSpares = 3;
  std::mutex lending_;
  std::vector<Loan::Memory> spares_;  // the smallest first
};

}  // namespace fenqun
