// warehouse/doctor.cpp - the files' part; counts, keys and references are doctor_counts.cpp.
#include "warehouse/doctor.hpp"

#include "base/file.hpp"
#include "base/worker_pool.hpp"
#include "warehouse/doctor_counts.hpp"
#include "warehouse/lake_change.hpp"

#include <algorithm>
#include <set>

namespace fenqun::warehouse {
namespace {

namespace fs = std::filesystem;

class FileExam {
 public:
  FileExam(Workspace& workspace, Repair repair, Examination& examination)
      : workspace_(workspace), repair_(repair), examination_(examination) {}

  Result<void> run();

 private:
  struct Look {
    std::string fault;  // text key; empty: whole
    std::string expected;
    std::string found;
    std::string hash;
  };
  Result<void> read_manifest();
  Look look_at(const LakeFile& file) const;
  Result<void> check_rows(const LakeFile& file, Look& look);
  Result<void> report(const LakeFile& file, const Look& look);
  Result<void> find_unknown();
  Result<bool> set_aside(const fs::path& path);

  Workspace& workspace_;
  Repair repair_;
  Examination& examination_;
  std::vector<LakeFile> files_;
};

Result<void> FileExam::read_manifest() {
  FENQUN_TRY(const auto entities,
             workspace_.connection().query("SELECT DISTINCT entity FROM lake_file ORDER BY entity"));
  for (std::size_t r = 0; r < entities.rows.size(); ++r) {
    FENQUN_TRY(const auto files, workspace_.lake_files(entities.text(r, 0)));
    files_.insert(files_.end(), files.begin(), files.end());
  }
  return {};
}

FileExam::Look FileExam::look_at(const LakeFile& file) const {
  const auto path = workspace_.folder() / file.path;
  std::error_code ec;
  const auto bytes = fs::file_size(path, ec);
  if (ec) return {"warehouse.found_missing", "", ec.message(), ""};
  if (static_cast<std::int64_t>(bytes) != file.bytes) {
    return {"warehouse.found_size", std::to_string(file.bytes), std::to_string(bytes), ""};
  }
  const auto hash = hash_file(path);
  if (!hash) return {"warehouse.found_missing", "", std::string(hash.error().arg("reason")), ""};
  constexpr std::size_t kShown = 12;
  if (!file.hash.empty() && *hash != file.hash) {
    return {"warehouse.found_hash", file.hash.substr(0, kShown), hash->substr(0, kShown), ""};
  }
  return {"", "", "", *hash};
}

Result<void> FileExam::check_rows(const LakeFile& file, Look& look) {
  const auto path = sql_text((workspace_.folder() / file.path).string());
  // Where no hash vouches for the content, every value is read.
  const auto rows = workspace_.connection().query_integer(
      file.hash.empty() ? "SELECT count(h) FROM (SELECT hash(t) AS h FROM read_parquet(" + path + ") t)"
                        : "SELECT num_rows FROM parquet_file_metadata(" + path + ")");
  if (!rows) {
    if (rows.error().code == ErrorCode::Cancelled) return fail(rows.error());
    look = {"warehouse.found_unreadable", "", std::string(rows.error().arg("reason")), ""};
  } else if (*rows != file.rows) {
    look = {"warehouse.found_rows", std::to_string(file.rows), std::to_string(*rows), ""};
  }
  return {};
}

Result<void> FileExam::report(const LakeFile& file, const Look& look) {
  Finding finding;
  finding.file = file;
  finding.line = {look.fault,
                  {{"path", file.path},
                   {"entity", file.entity},
                   {"month", file.month.text()},
                   {"batch", file.batch_id},
                   {"expected", look.expected},
                   {"found", look.found}}};
  finding.repairable = is_derived(file.entity);
  if (finding.repairable && repair_ == Repair::WhatCan) {
    FENQUN_CHECK(workspace_.forget_derived(file));
    finding.repaired = true;
  } else {
    // Whoever reads on must not stumble over it.
    workspace_.leave_out(file.path);
  }
  examination_.findings.push_back(std::move(finding));
  return {};
}

Result<void> FileExam::run() {
  FENQUN_CHECK(read_manifest());
  std::vector<Look> looks(files_.size());
  WorkerPool pool(workspace_.options().threads);
  pool.for_blocks(files_.size(), 1, [&](std::size_t n, std::size_t, std::size_t) {
    if (!workspace_.stop_requested()) looks[n] = look_at(files_[n]);
  });
  if (workspace_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  for (std::size_t n = 0; n < files_.size(); ++n) {
    const auto& file = files_[n];
    auto& look = looks[n];
    if (look.fault.empty()) FENQUN_CHECK(check_rows(file, look));
    ++examination_.files;
    examination_.bytes += file.bytes;
    if (!look.fault.empty()) {
      FENQUN_CHECK(report(file, look));
    } else if (file.hash.empty() && repair_ == Repair::WhatCan) {
      FENQUN_CHECK(workspace_.connection().execute("UPDATE lake_file SET hash = " + sql_text(look.hash) +
                                                   " WHERE path = " + sql_text(file.path)));
    }
  }
  return find_unknown();
}

Result<void> FileExam::find_unknown() {
  std::set<std::string> known;
  for (const auto& file : files_) known.insert(file.path);
  std::vector<fs::path> unknown;
  std::error_code ec;
  const auto lake = workspace_.folder() / "lake";
  for (auto at = fs::recursive_directory_iterator(lake, ec); !ec && at != fs::recursive_directory_iterator();
       at.increment(ec)) {
    if (!at->is_directory() && !known.contains(at->path().lexically_relative(workspace_.folder()).generic_string())) {
      unknown.push_back(at->path());
    }
  }
  std::sort(unknown.begin(), unknown.end());
  for (const auto& path : unknown) {
    Finding finding;
    finding.severity = Severity::Notice;
    finding.repairable = true;
    finding.line = {"warehouse.found_unknown",
                    {{"path", path.lexically_relative(workspace_.folder()).generic_string()}}};
    if (repair_ == Repair::WhatCan) {
      FENQUN_TRY(finding.repaired, set_aside(path));
    }
    examination_.findings.push_back(std::move(finding));
  }
  return {};
}

// Not removed: it may be somebody's only copy.
Result<bool> FileExam::set_aside(const fs::path& path) {
  auto target = workspace_.folder() / "lost+found" / path.lexically_relative(workspace_.folder() / "lake");
  std::error_code ec;
  fs::create_directories(target.parent_path(), ec);
  for (int n = 2; !ec && fs::exists(target, ec); ++n) target += "." + std::to_string(n);
  if (!ec) fs::rename(path, target, ec);
  if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", target.string()}, {"reason", ec.message()}});
  return true;
}

}  // namespace

bool Examination::is_sound() const {
  return std::all_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Severity::Notice || finding.repaired; });
}

Result<Examination> examine(Workspace& workspace, Repair repair) {
  Examination examination;
  FENQUN_CHECK(FileExam(workspace, repair, examination).run());
  FENQUN_CHECK(examine_counts(workspace, examination));
  std::stable_sort(examination.findings.begin(), examination.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  return examination;
}

}  // namespace fenqun::warehouse
