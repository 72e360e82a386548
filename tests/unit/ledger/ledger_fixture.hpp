// tests/unit/ledger/ledger_fixture.hpp - a workspace with runs made by hand.
#pragma once

#include "ledger/life.hpp"
#include "ledger/membership.hpp"
#include "ledger/publish.hpp"
#include "ledger/verify.hpp"
#include "segment/run.hpp"
#include "segment/run_json.hpp"
#include "unit/warehouse/temp_folder.hpp"
#include "warehouse/workspace.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace fenqun::ledger {

/// Customer -> group code, or "!reason".
using Groups = std::map<std::string, std::string>;

class LedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(warehouse::Workspace::init(path(), "test").has_value());
    reopen();
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "ws"; }
  void reopen(warehouse::WorkspaceOptions options = {}) {
    workspace_.reset();
    auto opened = warehouse::Workspace::open(path(), options);
    ASSERT_TRUE(opened.has_value()) << opened.error().line.key;
    workspace_.emplace(std::move(*opened));
  }
  void sql(const std::string& statement) {
    const auto done = workspace_->connection().execute(statement);
    ASSERT_TRUE(done.has_value()) << statement << ": " << done.error().arg("reason");
  }
  std::int64_t ask(const std::string& statement) {
    return workspace_->connection().query_integer(statement).value_or(-1);
  }

  enum class Named { Yes, No };
  static segment::RunResult describe(const std::string& id, Month month, const std::set<std::string>& codes,
                                     const std::string& scheme, Named named) {
    segment::RunResult run;
    run.run_id = id;
    run.scheme = scheme;
    run.scheme_version = 1;
    run.definition = "definition of " + scheme;
    run.scheme_title = {"方案", "Scheme"};
    run.method = "tiers";
    run.as_of = month;
    run.groups_named = named == Named::Yes;
    for (const auto& code : codes) {
      if (code.front() == '!')
        run.unclassified.push_back({code.substr(1), {"因" + code, "why " + code}, 0, {}});
      else
        run.groups.push_back({code, {"群" + code, "Group " + code}, {}, 0, 0, 0, {}});
    }
    run.assignment_hash = "hash of " + id;
    return run;
  }
  void enter(const segment::RunResult& run) {
    sql("INSERT INTO run VALUES (" + warehouse::sql_text(run.run_id) + ", " + warehouse::sql_text(run.scheme) +
        ", '1', " + warehouse::sql_text(run.as_of.text()) + ", '', '{}', 1, 'b', now()::TIMESTAMP, " +
        warehouse::sql_text(segment::to_json(run).dump()) + ")");
  }
  // What the run says of itself follows from the customers entered for it.
  void count_up(const std::string& id) {
    auto run = segment::find_run(*workspace_, id);
    ASSERT_TRUE(run.has_value()) << run.error().line.key;
    const auto of_run = " FROM assignment WHERE run_id = " + warehouse::sql_text(id);
    for (auto& group : run->groups)
      group.customers = ask("SELECT count(*)" + of_run + " AND group_code = " + warehouse::sql_text(group.code));
    for (auto& line : run->unclassified) {
      line.customers =
          ask("SELECT count(*)" + of_run + " AND group_code IS NULL AND reason = " + warehouse::sql_text(line.code));
    }
    run->assignment_hash = segment::hash_stored_assignment(*workspace_, id).value_or("?");
    sql("UPDATE run SET result = " + warehouse::sql_text(segment::to_json(*run).dump()) +
        " WHERE run_id = " + warehouse::sql_text(id));
  }
  void add_run(const std::string& id, Month month, const Groups& groups, const std::string& scheme = "s",
               Named named = Named::Yes) {
    std::set<std::string> codes;
    std::string values;
    for (const auto& [customer, code] : groups) {
      codes.insert(code);
      const bool none = code.front() == '!';
      values += (values.empty() ? "(" : ", (") + warehouse::sql_text(id) + ", " + warehouse::sql_text(customer) + ", " +
                (none ? "NULL" : warehouse::sql_text(code)) + ", 'x', " +
                (none ? warehouse::sql_text(code.substr(1)) : "NULL") + ", NULL, NULL, NULL)";
    }
    enter(describe(id, month, codes, scheme, named));
    if (!values.empty()) sql("INSERT INTO assignment VALUES " + values);
    count_up(id);
  }
  void accept(const std::string& id) {
    count_up(id);
    const auto done = review_run(*workspace_, {id, Decision::Accept, "王主任", "业务上有意义"});
    ASSERT_TRUE(done.has_value()) << done.error().line.key;
  }
  Result<PublicationOutcome> publish(const std::string& id) { return publish_run(*workspace_, {id, "李班长", "", ""}); }
  void published(const std::string& id, Month month, const Groups& groups, const std::string& scheme = "s",
                 Named named = Named::Yes) {
    add_run(id, month, groups, scheme, named);
    accept(id);
    const auto done = publish(id);
    ASSERT_TRUE(done.has_value()) << done.error().line.key << " " << done.error().arg("reason");
    ASSERT_FALSE(done->already);
  }
  /// What the ledger says of a month; with `known_by`, as it stood after that publication.
  Groups groups_of(Month month, std::optional<std::int64_t> known_by = {}, const std::string& scheme = "s") {
    const auto date = warehouse::sql_text(month.first_date());
    std::string where = "scheme = " + warehouse::sql_text(scheme) + " AND valid_from <= DATE " + date +
                        " AND (valid_to IS NULL OR valid_to > DATE " + date + ") AND ";
    where += known_by ? "recorded_by <= " + std::to_string(*known_by) +
                            " AND (superseded_by IS NULL OR superseded_by > " + std::to_string(*known_by) + ")"
                      : "superseded_by IS NULL";
    const auto rows = workspace_->connection().query(
        "SELECT customer_id, coalesce(group_code, '!' || reason) FROM membership WHERE " + where);
    Groups out;
    for (std::size_t r = 0; r < rows->rows.size(); ++r) {
      EXPECT_TRUE(out.emplace(rows->text(r, 0), rows->text(r, 1)).second) << "two groups at once: " << rows->text(r, 0);
    }
    return out;
  }
  void expect_sound() {
    const auto found = verify(*workspace_);
    ASSERT_TRUE(found.has_value()) << found.error().line.key << " " << found.error().arg("reason");
    for (const auto& finding : found->findings) ADD_FAILURE() << finding.line.key << " " << finding.publication;
  }

  test::TempFolder folder_;
  std::optional<warehouse::Workspace> workspace_;
};

}  // namespace fenqun::ledger
