// features/monthly.cpp
#include "features/monthly.hpp"

#include "base/file.hpp"
#include "features/sql_template.hpp"
#include "features/stage_progress.hpp"
#include "warehouse/entity_rows.hpp"

#include <algorithm>
#include <set>

namespace fenqun::features {
namespace {

namespace fs = std::filesystem;
using warehouse::Contract;
using warehouse::EntityKind;
using warehouse::LakeFile;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

// To be raised when this file, not a table's SQL, changes what is written.
constexpr std::string_view kVersion = "1";

using FilesByMonth = std::map<Month, std::vector<LakeFile>>;

struct Work {
  Month month;
  std::string stem;  // of the file to be written
};

struct Source {
  const Contract* contract = nullptr;
  FilesByMonth files;
};

// The fingerprint in a file's name, which a file made again carries with a number: "<fingerprint>-1".
std::string fingerprint_in(const LakeFile& file) {
  const auto stem = fs::path(file.path).stem().string();
  return stem.substr(0, stem.find('-'));
}

// A file of the same fingerprint stands there: what is made anew goes beside it, then that one goes.
std::string another_name(const std::string& print, const std::string& taken) {
  return fs::path(taken).stem().string() == print ? print + "-1" : print;
}

bool is_calendar(const Contract& contract) {
  if (contract.kind != EntityKind::Master || contract.key.size() != 1) return false;
  return contract.find(contract.key.front())->type == warehouse::FieldType::Date;
}

// A finished month of a monthly table: of the lake, or just made in the staging folder.
struct Made {
  std::string fingerprint;
  fs::path file;
};
using MadeTables = std::map<std::string, std::map<Month, Made>>;

// One monthly table: what it needs, what the lake holds of it, what is to be made.
class MonthlyTable {
 public:
  /// `made` is shared by all tables: those before this one have entered their months when this one looks.
  MonthlyTable(Workspace& workspace, const FeatureCatalogue& catalogue, const Intermediate& table,
               const MasterState& masters, MadeTables& made)
      : workspace_(workspace), catalogue_(catalogue), table_(table), masters_(masters), made_(made) {
    outcome_.table = table.name;
  }

  Result<void> look(Month last, Reuse reuse) {
    for (const auto& entity : table_.by_month) {
      Source source{workspace_.contracts().find(entity), {}};
      FENQUN_TRY(const auto files, workspace_.lake_files(entity));
      for (const auto& file : files) {
        source.files[file.month].push_back(file);
        if (file.month > last) continue;
        months_.insert(file.month);
        outcome_.source_rows += file.rows;
      }
      sources_.push_back(std::move(source));
    }
    for (const auto& name : table_.tables) {
      for (const auto& [month, one] : made_[name]) months_.insert(month);
    }
    outcome_.months = std::ssize(months_);
    auto& made = made_[table_.name];
    FENQUN_TRY(const auto present, workspace_.lake_files(monthly_entity(table_.name)));
    for (const auto month : months_) {
      FENQUN_TRY(const auto print, fingerprint(month));
      const auto there = std::find_if(present.begin(), present.end(), [&](const LakeFile& file) {
        return file.month == month && fingerprint_in(file) == print;
      });
      made[month].fingerprint = print;
      if (there != present.end() && reuse == Reuse::Allowed) {
        outcome_.rows += there->rows;
        made[month].file = workspace_.folder() / there->path;
      } else {
        to_make_.push_back({month, there == present.end() ? print : another_name(print, there->path)});
      }
    }
    for (const auto& file : present) find_obsolete(file, last);
    return {};
  }

  [[nodiscard]] std::size_t work() const { return to_make_.size(); }
  [[nodiscard]] bool nothing_to_do() const { return to_make_.empty() && obsolete_.empty(); }

  Result<void> make(const fs::path& staging, StageProgress& stage, std::vector<LakeFile>& files) {
    if (to_make_.empty()) return {};
    warehouse::ViewInPlace views(workspace_);
    for (const auto& [month, stem] : to_make_) {
      stage.next(table_.name + " " + month.text());
      for (const auto& source : sources_) {
        FENQUN_CHECK(views.show(source.contract->entity,
                                entity_rows(workspace_.folder(), *source.contract, files_of(source, month))));
      }
      for (const auto& name : table_.tables) FENQUN_CHECK(show_table(views, name, month));
      const auto entity = monthly_entity(table_.name);
      const auto name = entity + "/month=" + month.text() + "/" + stem + ".parquet";
      FENQUN_TRY(const auto rows, write(month, staging / name));
      std::error_code ec;
      const auto bytes = static_cast<std::int64_t>(fs::file_size(staging / name, ec));
      files.push_back({entity, month, "lake/" + name, "", rows, bytes});
      made_[table_.name][month].file = staging / name;
      outcome_.rows += rows;
      ++outcome_.months_made;
    }
    return {};
  }

  [[nodiscard]] const std::vector<std::string>& obsolete() const { return obsolete_; }
  [[nodiscard]] const MonthlyOutcome& outcome() const { return outcome_; }

 private:
  static std::vector<LakeFile> files_of(const Source& source, Month month) {
    const auto found = source.files.find(month);
    return found == source.files.end() ? std::vector<LakeFile>() : found->second;
  }

  TemplateValues values(Month month) const {
    TemplateValues out;
    out.as_of = month;
    out.settings = catalogue_.rules().settings;
    for (const auto& entity : table_.entities) out.known.insert(entity);
    for (const auto& source : sources_) {
      if (source.files.contains(month)) out.loaded.insert(source.contract->entity);
    }
    return out;
  }

  [[nodiscard]] Result<std::string> fingerprint(Month month) const {
    FENQUN_TRY(const auto sql, fill_template(table_.sql, table_.origin, values(month)));
    std::string all = std::string(kVersion) + "\n" + catalogue_.macros() + "\n" + sql + "\n";
    for (const auto& source : sources_) all += content_of(files_of(source, month));
    for (const auto& entity : table_.entities) {
      const auto* contract = workspace_.contracts().find(entity);
      if (contract != nullptr && contract->kind == EntityKind::Master) all += masters_.of(entity, month) + "\n";
    }
    for (const auto& name : table_.tables) {
      const auto found = made_[name].find(month);
      all += name + " " + (found == made_[name].end() ? "" : found->second.fingerprint) + "\n";
    }
    return hash_text(all).substr(0, 32);
  }

  // Files of months to be made, and of months that have no source any more. Later months than asked for stay.
  void find_obsolete(const LakeFile& file, Month last) {
    const bool made =
        std::any_of(to_make_.begin(), to_make_.end(), [&](const Work& work) { return work.month == file.month; });
    const bool gone = file.month <= last && !months_.contains(file.month);
    if (made || gone) obsolete_.push_back(file.path);
    if (gone) ++outcome_.months_gone;
  }

  // The same month of another monthly table; its shape alone when it has no such month.
  Result<void> show_table(warehouse::ViewInPlace& views, const std::string& name, Month month) {
    const auto found = made_[name].find(month);
    if (found != made_[name].end()) {
      return views.show(
          name, "SELECT * FROM read_parquet(" + sql_text(found->second.file.string()) + ", hive_partitioning = false)");
    }
    const auto& tables = catalogue_.intermediates();
    const auto table = std::find_if(tables.begin(), tables.end(), [&](const auto& one) { return one.name == name; });
    FENQUN_TRY(const auto sql, fill_template(table->sql, table->origin, values(month)));
    return views.show(name, "SELECT * FROM (" + sql + "\n) LIMIT 0");
  }

  Result<std::int64_t> write(Month month, const fs::path& file) {
    std::error_code ec;
    fs::create_directories(file.parent_path(), ec);
    if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", file.string()}, {"reason", ec.message()}});
    FENQUN_TRY(const auto sql, fill_template(table_.sql, table_.origin, values(month)));
    return workspace_.connection().query_integer("COPY (SELECT * FROM (" + sql + "\n) ORDER BY customer_id) TO " +
                                                 sql_text(file.string()) +
                                                 " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)");
  }

  Workspace& workspace_;
  const FeatureCatalogue& catalogue_;
  const Intermediate& table_;
  const MasterState& masters_;
  MadeTables& made_;
  std::vector<Source> sources_;
  std::set<Month> months_;
  std::vector<Work> to_make_;
  std::vector<std::string> obsolete_;
  MonthlyOutcome outcome_;
};

// Order does not matter, and the keys are unique: no two rows cancel each other.
constexpr std::string_view kDigest =
    "concat(count(*), ' ', coalesce(bit_xor(hash(t)), 0), ' ', coalesce(sum(hash(t)), 0))";

}  // namespace

std::string monthly_entity(const std::string& table) { return "_" + table; }

std::string MasterState::of(const std::string& entity, Month month) const {
  const auto calendar = by_month.find(entity);
  if (calendar == by_month.end()) {
    const auto found = whole.find(entity);
    return entity + " " + (found == whole.end() ? "" : found->second);
  }
  const auto found = calendar->second.find(month);
  return entity + " " + (found == calendar->second.end() ? "" : found->second);
}

Result<MasterState> read_masters(Workspace& workspace) {
  MasterState out;
  auto& connection = workspace.connection();
  for (const auto& contract : workspace.contracts().all()) {
    if (contract.kind != EntityKind::Master) continue;
    const auto from = " FROM " + sql_name(contract.entity) + " t";
    FENQUN_TRY(out.whole[contract.entity], connection.query_text("SELECT " + std::string(kDigest) + from));
    if (!is_calendar(contract)) continue;
    auto& months = out.by_month[contract.entity];
    FENQUN_TRY(const auto found, connection.query("SELECT strftime(" + sql_name(contract.key.front()) + ", '%Y-%m'), " +
                                                  std::string(kDigest) + from + " GROUP BY 1"));
    for (std::size_t r = 0; r < found.rows.size(); ++r) {
      FENQUN_TRY(const auto month, Month::parse(found.text(r, 0)));
      months[month] = found.text(r, 1);
    }
  }
  return out;
}

Result<std::vector<MonthlyOutcome>> refresh_monthly(Workspace& workspace, const FeatureCatalogue& catalogue, Month last,
                                                    Reuse reuse) {
  FENQUN_TRY(const auto masters, read_masters(workspace));
  MadeTables made;
  std::vector<MonthlyTable> tables;
  std::size_t work = 0;
  for (const auto& table : catalogue.intermediates()) {
    if (table.by_month.empty()) continue;
    tables.emplace_back(workspace, catalogue, table, masters, made);
    FENQUN_CHECK(tables.back().look(last, reuse));
    work += tables.back().work();
  }
  std::vector<LakeFile> files;
  std::vector<std::string> obsolete;
  if (!std::all_of(tables.begin(), tables.end(), [](const MonthlyTable& table) { return table.nothing_to_do(); })) {
    FENQUN_TRY(auto scratch, workspace.scratch("monthly"));
    FENQUN_CHECK(workspace.connection().execute(catalogue.macros()));
    {
      StageProgress stage(workspace, "features.progress_monthly", work);
      for (auto& table : tables) FENQUN_CHECK(table.make(scratch.folder(), stage, files));
    }
    for (const auto& table : tables) obsolete.insert(obsolete.end(), table.obsolete().begin(), table.obsolete().end());
    FENQUN_CHECK(workspace.commit(scratch.folder(), files, {}, obsolete));
  }
  std::vector<MonthlyOutcome> out;
  out.reserve(tables.size());
  for (const auto& table : tables) out.push_back(table.outcome());
  return out;
}

}  // namespace fenqun::features
