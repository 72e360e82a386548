// api/uploads.hpp - files that somebody sent and that wait to be loaded, in the folder `uploads` of the workspace.
// Level 7.
#pragma once

#include "access/lock_out.hpp"
#include "api/message.hpp"
#include "base/settings.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::api {

/// Section `serve` of fenqun.yaml.
struct UploadLimits {
  std::uint64_t largest_bytes = 0;
  std::chrono::hours kept{0};  // one that nobody loads is removed after

  /// Errors: BadData (an unknown key, a number below one).
  static Result<UploadLimits> create(const Settings& settings);
};

struct Upload {
  std::string id;    // 16 hex digits; the name of its folder
  std::string name;  // as its user calls it; no path
  std::filesystem::path file;
  std::int64_t bytes = 0;
  std::string content_hash;
  std::string user;
  access::Moment at;
  bool complete = false;            // its proposed mapping leaves nothing open
  std::optional<std::int64_t> job;  // that loads it, or tried to
  std::string batch;                // that it was loaded as: kept, for a repair may need it; empty: it waits
};

/// Each upload is a folder: the file, upload.json written last, and the mappings. From any thread. Survives a kill:
/// what was not received to its end is removed at the next start.
class Uploads {
 public:
  struct Parts {
    std::filesystem::path folder;
    UploadLimits limits;
    std::function<access::Moment()> clock;
    std::function<bool(std::int64_t job)> is_at_work;        // it waits or runs
    std::function<bool(const std::string& batch)> is_batch;  // it is in the workspace
  };
  /// Reads what waits. Errors: Io.
  static Result<std::unique_ptr<Uploads>> create(Parts parts);

  /// Takes the bytes to a file of its own, durable before it returns. Errors: InvalidArgument (a name that is a path or
  /// cannot be: field `name`; "api.upload_type": an ending that nothing reads; "api.too_large"), Io, BadData (broken
  /// off).
  Result<Upload> receive(const std::string& name, const std::string& user, const RawRequest::ReadBody& read_body);
  [[nodiscard]] std::optional<Upload> find(const std::string& id) const;
  /// Those that wait; latest first.
  [[nodiscard]] std::vector<Upload> waiting() const;
  /// Changes it, in one piece with what others change, and writes it down. Errors: NotFound, Io.
  Result<Upload> change(const std::string& id, const std::function<void(Upload&)>& change);
  /// Errors: Conflict (a job of it is at work), Io.
  Result<void> remove(const std::string& id);
  /// The same, whatever is at work with it.
  Result<void> drop(const std::string& id);
  /// Removes what nobody loaded in time, and files of batches that were taken back.
  void sweep();
  /// Proposals are made one after the other: each opens a database of its own.
  [[nodiscard]] std::unique_lock<std::mutex> turn() { return std::unique_lock(proposing_); }

  [[nodiscard]] const UploadLimits& limits() const noexcept { return parts_.limits; }
  [[nodiscard]] bool is_at_work(const Upload& upload) const { return upload.job && parts_.is_at_work(*upload.job); }
  /// Where the mapping stands that was proposed, or that was sent with the order to load.
  [[nodiscard]] std::filesystem::path proposed_mapping(const Upload& upload) const;
  [[nodiscard]] std::filesystem::path given_mapping(const Upload& upload) const;

 private:
  explicit Uploads(Parts parts) : parts_(std::move(parts)) {}
  Result<void> load();
  [[nodiscard]] std::filesystem::path folder_of(const std::string& id) const { return parts_.folder / id; }

  Parts parts_;
  std::mutex proposing_;
  mutable std::mutex mutex_;
  std::map<std::string, Upload> uploads_;
};

}  // namespace fenqun::api
