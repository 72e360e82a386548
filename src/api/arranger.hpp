// api/arranger.hpp - makes ready in the background what answers are quicker with. Level 7.
#pragma once

#include "app/session_pool.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace fenqun::api {

/// One polite thread that, whenever the lake has changed, does `first` and then Workspace::arrange_customer_rows. Until
/// it is through, answers are the same and take longer. From any thread.
class Arranger {
 public:
  using Work = std::function<Result<void>(app::Session&)>;
  /// The pool must outlive it, and what `first` works with. Errors: Io, Database.
  static Result<std::unique_ptr<Arranger>> create(app::SessionPool& pool, Work first,
                                                  std::vector<std::string> entities);
  ~Arranger();
  /// The lake may have changed.
  void wake();
  /// Ends the thread; a table that is being made is given up.
  void stop();
  /// Tables that are not yet of the files of now.
  [[nodiscard]] std::size_t waiting() const;

 private:
  Arranger(app::SessionPool& pool, Work first, std::vector<std::string> entities)
      : pool_(pool), first_(std::move(first)), entities_(std::move(entities)) {}
  void work(const std::stop_token& stop);
  Result<void> make_ready(const std::stop_token& stop);

  app::SessionPool& pool_;
  Work first_;
  std::vector<std::string> entities_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_wanted_ = true;
  std::jthread thread_;
};

}  // namespace fenqun::api
