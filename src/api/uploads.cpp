// api/uploads.cpp
#include "api/uploads.hpp"

#include "access/secret.hpp"
#include "base/file.hpp"
#include "reader/source_layout.hpp"
#include "reader/utf8.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace fenqun::api {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kLongestNameBytes = 200;
constexpr std::int64_t kLargestMib = 1024;
constexpr std::int64_t kKeptHours = 24;
constexpr std::uint64_t kMib = 1 << 20;
constexpr const char* kHead = "upload.json";

bool is_utf8(std::string_view text) {
  reader::Utf8Check check;
  check.add(text);
  check.finish();
  return check.first_fault() < 0;
}

tl::unexpected<Error> bad_name(const std::string& name) {
  return fail(ErrorCode::InvalidArgument, "api.upload_name",
              {{"field", "name"}, {"name", name}, {"most", std::to_string(kLongestNameBytes)}});
}

// A name and nothing else: what could be a path, or hide the file, is refused rather than guessed at.
Result<void> check_name(const std::string& name) {
  const auto is_control = [](unsigned char c) { return c < 0x20U || c == 0x7FU; };
  const bool good = !name.empty() && name.size() <= kLongestNameBytes && name.front() != '.' &&
                    name.find_first_of("/\\:") == std::string::npos && is_utf8(name) &&
                    std::none_of(name.begin(), name.end(), is_control);
  if (!good) return bad_name(name);
  if (!reader::format_of(name))
    return fail(ErrorCode::InvalidArgument, "api.upload_type", {{"field", "name"}, {"name", name}});
  return {};
}

tl::unexpected<Error> cannot_write(const fs::path& path, const std::string& reason) {
  return fail(ErrorCode::Io, "base.cannot_write", {{"path", path.string()}, {"reason", reason}});
}

std::string text_of(const Upload& upload) {
  const Json json = {{"name", upload.name},
                     {"bytes", upload.bytes},
                     {"content_hash", upload.content_hash},
                     {"user", upload.user},
                     {"at_s", upload.at.time_since_epoch().count()},
                     {"complete", upload.complete},
                     {"job", upload.job ? Json(*upload.job) : Json(nullptr)},
                     {"batch", upload.batch}};
  return json.dump() + "\n";
}

std::optional<Upload> upload_in(const fs::path& folder) {
  const auto text = read_file(folder / kHead);
  if (!text) return std::nullopt;
  const auto json = Json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Upload out;
  out.id = folder.filename().string();
  out.name = json.value("name", std::string());
  if (!check_name(out.name)) return std::nullopt;
  out.file = folder / out.name;
  out.bytes = json.value("bytes", std::int64_t{0});
  out.content_hash = json.value("content_hash", std::string());
  out.user = json.value("user", std::string());
  out.at = access::Moment(std::chrono::seconds(json.value("at_s", std::int64_t{0})));
  out.complete = json.value("complete", false);
  if (json.contains("job") && json["job"].is_number_integer()) out.job = json["job"].get<std::int64_t>();
  out.batch = json.value("batch", std::string());
  std::error_code ec;
  if (!fs::is_regular_file(out.file, ec)) return std::nullopt;
  return out;
}

// Its bytes as they come, no more than may be.
Result<std::int64_t> take_bytes(const fs::path& file, std::uint64_t most, const RawRequest::ReadBody& read_body) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  std::uint64_t taken = 0;
  const bool whole = read_body([&](std::string_view piece) {
    taken += piece.size();
    return taken <= most && bool(out.write(piece.data(), static_cast<std::streamsize>(piece.size())));
  });
  if (taken > most) return fail(ErrorCode::InvalidArgument, "api.too_large", {{"most", std::to_string(most)}});
  out.close();
  if (!out) return cannot_write(file, std::strerror(errno));
  if (!whole) return fail(ErrorCode::BadData, "api.upload_broken_off", {{"field", "body"}});
  if (taken == 0) return fail(ErrorCode::BadData, "api.upload_empty", {{"field", "body"}});
  FENQUN_CHECK(sync_path(file));
  return static_cast<std::int64_t>(taken);
}

}  // namespace

Result<UploadLimits> UploadLimits::create(const Settings& settings) {
  UploadLimits out;
  std::int64_t mib = kLargestMib;
  std::int64_t hours = kKeptHours;
  if (settings.has("serve")) {
    FENQUN_TRY(const auto serve, settings.child("serve"));
    FENQUN_CHECK(serve.allow_only({"largest_upload_mib", "uploads_kept_hours"}));
    FENQUN_TRY(mib, serve.integer("largest_upload_mib", kLargestMib));
    FENQUN_TRY(hours, serve.integer("uploads_kept_hours", kKeptHours));
    if (mib < 1) return serve.refuse("access.not_positive", {{"setting", "largest_upload_mib"}});
    if (hours < 1) return serve.refuse("access.not_positive", {{"setting", "uploads_kept_hours"}});
  }
  out.largest_bytes = static_cast<std::uint64_t>(mib) * kMib;
  out.kept = std::chrono::hours(hours);
  return out;
}

Result<std::unique_ptr<Uploads>> Uploads::create(Parts parts) {
  std::unique_ptr<Uploads> out(new Uploads(std::move(parts)));
  FENQUN_CHECK(out->load());
  return out;
}

Result<void> Uploads::load() {
  std::error_code ec;
  if (!fs::is_directory(parts_.folder, ec)) return {};
  for (const auto& entry : fs::directory_iterator(parts_.folder, ec)) {
    auto upload = upload_in(entry.path());
    if (upload) {
      const auto id = upload->id;
      uploads_.emplace(id, *std::move(upload));
    } else {
      // Of a server that was killed while it received.
      fs::remove_all(entry.path(), ec);
    }
  }
  if (ec) return cannot_write(parts_.folder, ec.message());
  return {};
}

Result<Upload> Uploads::receive(const std::string& name, const std::string& user,
                                const RawRequest::ReadBody& read_body) {
  FENQUN_CHECK(check_name(name));
  Upload upload;
  upload.id = access::random_hex(kIdBytes);
  upload.name = name;
  upload.user = user;
  upload.at = parts_.clock();
  const auto folder = folder_of(upload.id);
  upload.file = folder / name;
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec) return cannot_write(folder, ec.message());
  // For nobody else of this machine: people's data.
  fs::permissions(parts_.folder, fs::perms::owner_all, ec);
  auto received = [&]() -> Result<void> {
    FENQUN_TRY(upload.bytes, take_bytes(upload.file, parts_.limits.largest_bytes, read_body));
    FENQUN_TRY(upload.content_hash, hash_file(upload.file));
    return write_file_atomically(folder / kHead, text_of(upload));
  }();
  if (!received) {
    fs::remove_all(folder, ec);
    return fail(std::move(received).error());
  }
  const std::scoped_lock lock(mutex_);
  uploads_.emplace(upload.id, upload);
  return upload;
}

std::optional<Upload> Uploads::find(const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  const auto at = uploads_.find(id);
  if (at == uploads_.end()) return std::nullopt;
  return at->second;
}

std::vector<Upload> Uploads::waiting() const {
  std::vector<Upload> out;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, upload] : uploads_) {
      if (upload.batch.empty()) out.push_back(upload);
    }
  }
  std::sort(out.begin(), out.end(),
            [](const Upload& a, const Upload& b) { return std::pair(b.at, b.id) < std::pair(a.at, a.id); });
  return out;
}

Result<Upload> Uploads::change(const std::string& id, const std::function<void(Upload&)>& change) {
  const std::scoped_lock lock(mutex_);
  const auto at = uploads_.find(id);
  if (at == uploads_.end()) return fail(ErrorCode::NotFound, "api.no_such_upload", {{"upload", id}});
  auto changed = at->second;
  change(changed);
  FENQUN_CHECK(write_file_atomically(folder_of(id) / kHead, text_of(changed)));
  at->second = changed;
  return changed;
}

Result<void> Uploads::remove(const std::string& id) {
  const auto upload = find(id);
  if (upload && is_at_work(*upload)) return fail(ErrorCode::Conflict, "api.upload_at_work", {{"upload", id}});
  return drop(id);
}

Result<void> Uploads::drop(const std::string& id) {
  {
    const std::scoped_lock lock(mutex_);
    if (uploads_.erase(id) == 0) return {};
  }
  std::error_code ec;
  fs::remove_all(folder_of(id), ec);
  if (ec) return cannot_write(folder_of(id), ec.message());
  return {};
}

void Uploads::sweep() {
  std::vector<Upload> all;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, upload] : uploads_) all.push_back(upload);
  }
  const auto now = parts_.clock();
  for (const auto& upload : all) {
    const bool goes = upload.batch.empty() ? upload.at + parts_.limits.kept <= now && !is_at_work(upload)
                                           : !parts_.is_batch(upload.batch);
    if (!goes) continue;
    if (auto done = remove(upload.id); !done) spdlog::error("upload {}: cannot be removed", upload.id);
  }
}

fs::path Uploads::proposed_mapping(const Upload& upload) const { return folder_of(upload.id) / "proposed.yaml"; }
fs::path Uploads::given_mapping(const Upload& upload) const { return folder_of(upload.id) / "given.yaml"; }

}  // namespace fenqun::api
