// ingest/folder.cpp - a folder of canonical files.
#include "base/file.hpp"
#include "base/settings.hpp"
#include "ingest/file_ingest.hpp"
#include "ingest/ingest.hpp"

#include <algorithm>

namespace fenqun::ingest {
namespace {

namespace fs = std::filesystem;
using warehouse::Contract;
using warehouse::EntityKind;
using warehouse::Workspace;

struct FolderFile {
  const Contract* contract;
  fs::path path;
};

bool is_table(const fs::path& path) { return path.extension() == ".csv" || path.extension() == ".parquet"; }

tl::unexpected<Error> unreadable(const fs::path& folder, const std::error_code& ec) {
  return fail(ErrorCode::BadData, "ingest.unreadable", {{"file", folder.string()}, {"reason", ec.message()}});
}

Result<std::vector<FolderFile>> files_of(const warehouse::ContractSet& contracts, const fs::path& folder) {
  std::vector<FolderFile> files;
  std::error_code ec;
  for (auto at = fs::directory_iterator(folder, ec); !ec && at != fs::directory_iterator(); at.increment(ec)) {
    const auto* contract = contracts.find(at->path().stem().string());
    if (contract == nullptr) continue;
    if (!at->is_directory()) {
      if (is_table(at->path())) files.push_back({contract, at->path()});
      continue;
    }
    for (auto below = fs::recursive_directory_iterator(at->path(), ec);
         !ec && below != fs::recursive_directory_iterator(); below.increment(ec)) {
      if (below->is_regular_file() && is_table(below->path())) files.push_back({contract, below->path()});
    }
  }
  if (ec) return unreadable(folder, ec);
  // Masters first: who reads the workspace while a long folder loads sees the customers before their bills.
  std::sort(files.begin(), files.end(), [](const FolderFile& a, const FolderFile& b) {
    const auto rank = [](const FolderFile& f) { return f.contract->kind == EntityKind::Master ? 0 : 1; };
    return std::tuple(rank(a), a.path) < std::tuple(rank(b), b.path);
  });
  return files;
}

Result<bool> says_synthetic(const fs::path& file) {
  std::error_code ec;
  if (!fs::exists(file, ec)) return false;
  FENQUN_TRY(const auto text, read_file(file));
  FENQUN_TRY(const auto settings, Settings::parse(text, file.string()));
  return settings.boolean("synthetic", false);
}

}  // namespace

Result<std::vector<IngestOutcome>> ingest_folder(Workspace& workspace, const fs::path& folder,
                                                 const IngestRequest& request) {
  if (!request.mapping.empty() || !request.entity.empty()) {
    return fail(ErrorCode::InvalidArgument, "ingest.folder_is_canonical", {{"folder", folder.string()}});
  }
  FENQUN_TRY(const auto files, files_of(workspace.contracts(), folder));
  if (files.empty()) return fail(ErrorCode::BadData, "ingest.empty_folder", {{"folder", folder.string()}});
  FENQUN_TRY(const bool synthetic, says_synthetic(folder / "synthetic.yaml"));
  // With the first file's rows, so that at no moment made-up data passes for real.
  const std::string mark = "INSERT OR REPLACE INTO meta VALUES ('synthetic', 'true')";
  std::vector<IngestOutcome> outcomes;
  for (const auto& file : files) {
    auto one = request;
    one.file = file.path;
    one.entity = file.contract->entity;
    auto outcome = ingest_file(workspace, one, synthetic ? std::vector{mark} : std::vector<std::string>());
    if (!outcome) {
      return fail(std::move(outcome).error().with_context(
          "ingest.folder_stopped",
          {{"done", std::to_string(outcomes.size())}, {"files", std::to_string(files.size())}}));
    }
    outcomes.push_back(*std::move(outcome));
  }
  // All of them may have been here before, one by one.
  if (synthetic) FENQUN_CHECK(workspace.connection().execute(mark));
  return outcomes;
}

}  // namespace fenqun::ingest
