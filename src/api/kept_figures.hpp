// api/kept_figures.hpp - figures that take seconds to add up, kept for as long as the data stays the same. Level 7.
#pragma once

#include "api/message.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace fenqun::api {

/// From any thread.
class KeptFigures {
 public:
  struct Worked {
    Json figures;
    bool of_this_data = true;  // false: the data changed meanwhile, they are not kept
  };
  using Work = std::function<Result<Worked>()>;
  /// What `work` said for the key of this data (Workspace::data_fingerprint); it is asked once, whoever asks for the
  /// same meanwhile waits. What belonged to other data is forgotten; of a failure nothing is kept. Errors: those of
  /// `work`.
  Result<Json> get(const std::string& data, const std::string& key, const Work& work);

 private:
  struct Entry {
    std::mutex mutex;
    std::optional<Json> figures;
  };
  std::shared_ptr<Entry> entry(const std::string& data, const std::string& key);

  std::mutex mutex_;
  std::string data_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
};

}  // namespace fenqun::api
