// ingest/folder.cpp - a folder of canonical files.
#include "base/file.hpp"
#include "base/settings.hpp"
#include "ingest/file_ingest.hpp"
#include "ingest/ingest.hpp"
#include "reader/source_layout.hpp"

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

struct FolderContent {
  std::vector<FolderFile> files;
  std::vector<fs::path> foreign;
};

// A remark beside the tables of an entity is none of them.
bool is_table(const fs::path& path) { return reader::format_of(path).has_value() && path.extension() != ".txt"; }

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

tl::unexpected<Error> unreadable(const fs::path& folder, const std::error_code& ec) {
  return fail(ErrorCode::BadData, "ingest.unreadable", {{"file", folder.string()}, {"reason", ec.message()}});
}

std::error_code add_below(const fs::path& folder, const Contract& contract, FolderContent& content) {
  std::error_code ec;
  for (auto below = fs::recursive_directory_iterator(folder, ec); !ec && below != fs::recursive_directory_iterator();
       below.increment(ec)) {
    std::error_code gone;
    if (!below->is_regular_file(gone) || is_hidden(below->path())) continue;
    if (is_table(below->path()))
      content.files.push_back({&contract, below->path()});
    else
      content.foreign.push_back(below->path());
  }
  return ec;
}

Result<FolderContent> content_of(const warehouse::ContractSet& contracts, const fs::path& folder) {
  FolderContent content;
  std::error_code ec;
  for (auto at = fs::directory_iterator(folder, ec); !ec && at != fs::directory_iterator(); at.increment(ec)) {
    const auto& path = at->path();
    std::error_code gone;
    const bool is_folder = at->is_directory(gone);
    if (is_hidden(path) || path.filename() == "synthetic.yaml" || (is_folder && path.filename() == "truth")) continue;
    const auto* contract = contracts.find(is_folder ? path.filename().string() : reader::bare_name(path));
    if (contract == nullptr || (!is_folder && !reader::format_of(path)))
      content.foreign.push_back(path);
    else if (!is_folder)
      content.files.push_back({contract, path});
    else if (const auto failed = add_below(path, *contract, content))
      return unreadable(path, failed);
  }
  if (ec) return unreadable(folder, ec);
  // Masters first: who reads the workspace while a long folder loads sees the customers before their bills.
  std::sort(content.files.begin(), content.files.end(), [](const FolderFile& a, const FolderFile& b) {
    const auto rank = [](const FolderFile& f) { return f.contract->kind == EntityKind::Master ? 0 : 1; };
    return std::tuple(rank(a), a.path) < std::tuple(rank(b), b.path);
  });
  std::sort(content.foreign.begin(), content.foreign.end());
  return content;
}

Result<bool> says_synthetic(const fs::path& file) {
  std::error_code ec;
  if (!fs::exists(file, ec)) return false;
  FENQUN_TRY(const auto text, read_file(file));
  FENQUN_TRY(const auto settings, Settings::parse(text, file.string()));
  return settings.boolean("synthetic", false);
}

Result<std::vector<IngestOutcome>> load_files(Workspace& workspace, const std::vector<FolderFile>& files,
                                              const IngestRequest& request,
                                              const std::vector<std::string>& statements) {
  std::vector<IngestOutcome> outcomes;
  for (const auto& file : files) {
    auto one = request;
    one.file = file.path;
    one.entity = file.contract->entity;
    auto outcome = ingest_file(workspace, one, statements);
    if (!outcome) {
      return fail(std::move(outcome).error().with_context(
          "ingest.folder_stopped",
          {{"done", std::to_string(outcomes.size())}, {"files", std::to_string(files.size())}}));
    }
    outcomes.push_back(*std::move(outcome));
  }
  return outcomes;
}

}  // namespace

Result<FolderOutcome> ingest_folder(Workspace& workspace, const fs::path& folder, const IngestRequest& request) {
  if (!request.mapping.empty() || !request.entity.empty()) {
    return fail(ErrorCode::InvalidArgument, "ingest.folder_is_canonical", {{"folder", folder.string()}});
  }
  FENQUN_TRY(auto content, content_of(workspace.contracts(), folder));
  const auto& files = content.files;
  if (files.empty()) return fail(ErrorCode::BadData, "ingest.empty_folder", {{"folder", folder.string()}});
  FENQUN_TRY(const bool synthetic, says_synthetic(folder / "synthetic.yaml"));
  // With the first file's rows, so that at no moment made-up data passes for real.
  const std::string mark = "INSERT OR REPLACE INTO meta VALUES ('synthetic', 'true')";
  FolderOutcome outcomes;
  outcomes.foreign = std::move(content.foreign);
  FENQUN_TRY(outcomes.files,
             load_files(workspace, files, request, synthetic ? std::vector{mark} : std::vector<std::string>()));
  // All of them may have been here before, one by one.
  if (synthetic) FENQUN_CHECK(workspace.connection().execute(mark));
  return outcomes;
}

}  // namespace fenqun::ingest
