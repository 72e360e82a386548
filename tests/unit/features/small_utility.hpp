// tests/unit/features/small_utility.hpp - a workspace of one test, filled with rows given as SQL.
#pragma once

#include "features/prepare.hpp"
#include "unit/warehouse/temp_folder.hpp"
#include "warehouse/workspace.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <stdexcept>
#include <string>

namespace fenqun::features::test {

inline std::string words_of(const Error& error) {
  std::string out = error.line.key;
  for (const auto& arg : error.line.args) out += " " + arg.name + "=" + arg.value;
  return out;
}

class SmallUtility {
 public:
  SmallUtility() { EXPECT_TRUE(warehouse::Workspace::init(path(), "test").has_value()); }

  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "ws"; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  /// Opened at the first call; `close` first to open it in another way.
  warehouse::Workspace& workspace(const warehouse::WorkspaceOptions& options = {}) {
    if (!workspace_) {
      auto opened = warehouse::Workspace::open(path(), options);
      if (!opened) throw std::runtime_error(words_of(opened.error()));  // nothing to go on with
      workspace_.emplace(std::move(*opened));
    }
    return *workspace_;
  }
  void close() { workspace_.reset(); }

  /// Adds rows to an entity; columns of the contract that `select` lacks are NULL, keys of facts are numbered.
  void load(const std::string& entity, const std::string& select) {
    auto& connection = workspace().connection();
    const auto& contract = *workspace().contracts().find(entity);
    const auto batch = fmt::format("b{}", ++batches_);
    run("CREATE OR REPLACE TEMP TABLE staged AS SELECT row_number() OVER () AS staged_row, * FROM (" + select + ")");
    const auto staged = typed_columns(contract, batch);
    std::vector<std::string> statements = {"INSERT INTO batch (batch_id) VALUES (" + warehouse::sql_text(batch) + ")"};
    std::vector<warehouse::LakeFile> files;
    auto scratch = workspace().scratch("load");
    ASSERT_TRUE(scratch.has_value());
    if (contract.kind == warehouse::EntityKind::Master) {
      statements.push_back("INSERT INTO m_" + entity + " SELECT *, " + warehouse::sql_text(batch) + " FROM (" + staged +
                           ")");
    } else {
      const auto month_of = "strftime(CAST(" + contract.month_field + " AS DATE), '%Y-%m')";
      const auto months = connection.query("SELECT DISTINCT " + month_of + " FROM (" + staged + ") ORDER BY 1");
      ASSERT_TRUE(months.has_value()) << words_of(months.error());
      for (std::size_t r = 0; r < months->rows.size(); ++r) {
        const auto month = months->text(r, 0);
        const auto name = fmt::format("{}/month={}/{}.parquet", entity, month, batch);
        const auto file = scratch->folder() / name;
        std::filesystem::create_directories(file.parent_path());
        const auto rows =
            connection.query_integer("COPY (SELECT * FROM (" + staged + ") WHERE " + month_of + " = '" + month +
                                     "') TO " + warehouse::sql_text(file.string()) + " (FORMAT parquet)");
        ASSERT_TRUE(rows.has_value()) << words_of(rows.error());
        files.push_back({entity, *Month::parse(month), "lake/" + name, batch, *rows,
                         static_cast<std::int64_t>(std::filesystem::file_size(file))});
      }
    }
    const auto done = workspace().commit(scratch->folder(), files, statements);
    ASSERT_TRUE(done.has_value()) << words_of(done.error());
  }

  /// Takes what was loaded of an entity for a month away again, as if its batches had never come.
  void unload(const std::string& entity, Month month) {
    const auto files = workspace().lake_files(entity);
    ASSERT_TRUE(files.has_value()) << words_of(files.error());
    std::vector<std::string> obsolete;
    for (const auto& file : *files) {
      if (file.month == month) obsolete.push_back(file.path);
    }
    ASSERT_FALSE(obsolete.empty()) << entity << " " << month.text();
    auto scratch = workspace().scratch("unload");
    ASSERT_TRUE(scratch.has_value());
    const auto done = workspace().commit(scratch->folder(), {}, {}, obsolete);
    ASSERT_TRUE(done.has_value()) << words_of(done.error());
  }

  FeatureCatalogue catalogue() {
    auto catalogue = FeatureCatalogue::create(workspace().assets());
    if (!catalogue) throw std::runtime_error(words_of(catalogue.error()));  // nothing to go on with
    return *std::move(catalogue);
  }

  Result<PrepareOutcome> prepare(Month as_of, Reuse reuse = Reuse::Allowed) {
    return features::prepare(workspace(), catalogue(), as_of, reuse);
  }

  /// One value of the wide table as text; "-" for a missing one, numbers to nine digits.
  std::string value(const std::string& feature, const std::string& customer, Month as_of) {
    const auto rows = workspace().connection().query("SELECT " + feature +
                                                     " FROM wide WHERE customer_id = " + warehouse::sql_text(customer) +
                                                     " AND as_of = DATE '" + as_of.first_date() + "'");
    if (!rows) return words_of(rows.error());
    if (rows->rows.empty()) return "no row";
    if (rows->is_null(0, 0)) return "-";
    const auto& cell = rows->rows[0][0];
    return std::holds_alternative<double>(cell) ? fmt::format("{:.9g}", rows->number(0, 0)) : rows->text(0, 0);
  }

  /// Changes when any bit of any value does.
  std::string hash_of_wide() {
    const auto hash = workspace().connection().query_text("SELECT CAST(sum(hash(w)) AS VARCHAR) FROM wide w");
    EXPECT_TRUE(hash.has_value()) << words_of(hash.error());
    return hash.value_or("");
  }

 private:
  void run(const std::string& sql) {
    const auto done = workspace().connection().execute(sql);
    ASSERT_TRUE(done.has_value()) << words_of(done.error());
  }

  std::string typed_columns(const warehouse::Contract& contract, const std::string& batch) {
    const auto head = workspace().connection().query("SELECT column_name FROM (DESCRIBE staged)");
    std::set<std::string> given;
    for (std::size_t r = 0; r < head->rows.size(); ++r) given.insert(head->text(r, 0));
    std::string out;
    for (const auto& field : contract.fields) {
      const bool numbered =
          contract.key.size() == 1 && contract.key.front() == field.name && !given.contains(field.name);
      std::string from = given.erase(field.name) > 0 ? field.name : "NULL";
      if (numbered) from = "concat('" + batch + "-', staged_row)";
      out += (out.empty() ? "SELECT CAST(" : ", CAST(") + from + " AS " + warehouse::sql_type(field) + ") AS " +
             field.name;
    }
    given.erase("staged_row");
    EXPECT_TRUE(given.empty()) << contract.entity << " has no field " << *given.begin();
    return out + " FROM staged";
  }

  fenqun::test::TempFolder folder_;
  std::optional<warehouse::Workspace> workspace_;
  int batches_ = 0;
};

}  // namespace fenqun::features::test
