// base/worker_pool.hpp - a bounded set of threads for loops over blocks. Level 0.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

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

 private:
  struct Arena;
  std::size_t threads_;
  std::unique_ptr<Arena> arena_;  // none for one thread
};

}  // namespace fenqun
