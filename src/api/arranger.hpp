// api/arranger.hpp - keeps the facts of customers arranged by customer, in the background. Level 7.
#pragma once

#include "app/session_pool.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace fenqun::api {

/// One polite thread that runs Workspace::arrange_customer_rows whenever the lake has changed. Until it is through,
/// answers about one customer are the same and take longer. From any thread.
class Arranger {
 public:
  /// The pool must outlive it. Errors: Io, Database.
  static Result<std::unique_ptr<Arranger>> create(app::SessionPool& pool, std::vector<std::string> entities);
  ~Arranger();
  /// The lake may have changed.
  void wake();
  /// Ends the thread; a table that is being made is given up.
  void stop();
  /// Tables that are not yet of the files of now.
  [[nodiscard]] std::size_t waiting() const;

 private:
  Arranger(app::SessionPool& pool, std::vector<std::string> entities) : pool_(pool), entities_(std::move(entities)) {}
  void work(const std::stop_token& stop);
  Result<void> arrange(const std::stop_token& stop);

  app::SessionPool& pool_;
  std::vector<std::string> entities_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_wanted_ = true;
  std::jthread thread_;
};

}  // namespace fenqun::api
