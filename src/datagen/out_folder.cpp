// datagen/out_folder.cpp
#include "datagen/out_folder.hpp"

#include <utility>

namespace fenqun::datagen {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> cannot_write(const fs::path& path, const std::error_code& error) {
  return fail(ErrorCode::Io, "base.cannot_write", {{"path", path.string()}, {"reason", error.message()}});
}

/// Compares what stands in `out` with what is wanted: true when it is the same and complete.
Result<bool> is_same_utility(const fs::path& out, const Identity& identity) {
  FENQUN_TRY(const auto manifest, read_manifest(out));
  if (!manifest) return fail(ErrorCode::Conflict, "datagen.foreign_folder", {{"path", out.string()}});
  const auto& found = manifest->identity;
  if (found != identity) {
    return fail(ErrorCode::Conflict, "datagen.other_utility",
                {{"path", out.string()},
                 {"profile", found.profile},
                 {"customers", std::to_string(found.customers)},
                 {"seed", std::to_string(found.seed)},
                 {"end_month", found.end_month.text()}});
  }
  if (const auto missing = first_missing(*manifest, out); !missing.empty()) {
    return fail(ErrorCode::Conflict, "datagen.incomplete", {{"path", out.string()}, {"file", missing}});
  }
  return true;
}

}  // namespace

Result<std::optional<OutFolder>> OutFolder::open(const fs::path& out, const Identity& identity) {
  std::error_code error;
  const auto wanted = fs::absolute(out, error).lexically_normal();
  // "out/" and "out" name one folder.
  const auto target = wanted.has_filename() ? wanted : wanted.parent_path();
  if (fs::exists(target, error)) {
    if (!fs::is_directory(target, error)) {
      return fail(ErrorCode::Conflict, "datagen.not_a_folder", {{"path", target.string()}});
    }
    const bool is_empty = fs::is_empty(target, error);
    if (error) return cannot_write(target, error);
    if (!is_empty) {
      FENQUN_TRY(const bool same, is_same_utility(target, identity));
      if (same) return std::nullopt;
    }
  }
  fs::create_directories(target.parent_path(), error);
  if (error) return cannot_write(target.parent_path(), error);
  auto part = target.parent_path() / ("." + target.filename().string() + ".part");
  fs::remove_all(part, error);
  if (error) return cannot_write(part, error);
  fs::create_directory(part, error);
  if (error) return cannot_write(part, error);
  return OutFolder(target, std::move(part));
}

OutFolder::OutFolder(fs::path out, fs::path part) : out_(std::move(out)), part_(std::move(part)) {}
OutFolder::OutFolder(OutFolder&& other) noexcept
    : out_(std::move(other.out_)), part_(std::exchange(other.part_, fs::path())) {}

OutFolder::~OutFolder() {
  if (part_.empty()) return;
  std::error_code ignored;
  fs::remove_all(part_, ignored);
}

Result<void> OutFolder::make(const fs::path& relative) const {
  std::error_code error;
  fs::create_directories(part_ / relative, error);
  if (error) return cannot_write(part_ / relative, error);
  return {};
}

Result<void> OutFolder::put_in_place() {
  std::error_code error;
  fs::rename(part_, out_, error);
  if (error) return cannot_write(out_, error);
  part_.clear();
  return {};
}

}  // namespace fenqun::datagen
