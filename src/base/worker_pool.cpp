// base/worker_pool.cpp
#include "base/worker_pool.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <thread>

#ifdef FENQUN_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#endif

namespace fenqun {
namespace {

// TBB is not built with the thread sanitizer, and so this file is not either (cmake/sanitize.cmake). These two tell it
// that a loop's blocks run after the loop's start and before its end; what is left to report are races between blocks.
void hand_over([[maybe_unused]] void* loop) {
#ifdef FENQUN_THREAD_SANITIZER
  __tsan_release(loop);
#endif
}
void take_over([[maybe_unused]] void* loop) {
#ifdef FENQUN_THREAD_SANITIZER
  __tsan_acquire(loop);
#endif
}

std::size_t processors() { return std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace

struct WorkerPool::Arena {
  explicit Arena(std::size_t threads)
      : control(tbb::global_control::max_allowed_parallelism, std::max(threads, processors())),
        arena(static_cast<int>(threads)) {}
  // Or TBB warns on standard error about more threads than processors. The least of all such limits holds for the
  // whole process, so none may be below what another pool can use.
  tbb::global_control control;
  tbb::task_arena arena;
};

WorkerPool::WorkerPool(std::size_t threads)
    : threads_(threads > 0 ? threads : processors()),
      arena_(threads_ > 1 ? std::make_unique<Arena>(threads_) : nullptr) {}
WorkerPool::~WorkerPool() = default;

WorkerPool::Loan WorkerPool::lend(std::size_t bytes) {
  Loan::Memory memory;
  {
    const std::lock_guard lock(lending_);
    const auto fitting = std::ranges::find_if(spares_, [&](const auto& spare) { return spare.size() >= bytes; });
    if (fitting != spares_.end()) {
      memory = std::move(*fitting);
      spares_.erase(fitting);
    }
  }
  if (memory.empty()) memory.resize(bytes);
  return {*this, std::move(memory), bytes};
}

void WorkerPool::take_back(Loan::Memory memory) {
  if (memory.empty()) return;
  const std::lock_guard lock(lending_);
  const auto larger = std::ranges::find_if(spares_, [&](const auto& spare) { return spare.size() > memory.size(); });
  spares_.insert(larger, std::move(memory));
  if (spares_.size() > kSpares) spares_.erase(spares_.begin());
}

WorkerPool::Loan::~Loan() { pool_.take_back(std::move(memory_)); }

void WorkerPool::for_blocks(std::size_t count, std::size_t block_size,
                            const std::function<void(std::size_t, std::size_t, std::size_t)>& body) {
  const std::size_t blocks = block_count(count, block_size);
  const auto run = [&](std::size_t block) {
    const std::size_t begin = block * block_size;
    body(block, begin, std::min(count, begin + block_size));
  };
  if (threads_ == 1 || blocks <= 1) {
    for (std::size_t block = 0; block < blocks; ++block) run(block);
    return;
  }
  char begun = 0;
  char ended = 0;
  hand_over(&begun);
  arena_->arena.execute([&] {
    tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t block) {
      take_over(&begun);
      run(block);
      hand_over(&ended);
    });
  });
  take_over(&ended);
}

}  // namespace fenqun
