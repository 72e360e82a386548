// tests/unit/ingest/value_reader.hpp - what becomes of single texts on their way into a field.
#pragma once

#include "ingest/field_sql.hpp"
#include "warehouse/database.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fenqun::ingest {

class ValueReader : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = warehouse::Database::open("", {});
    ASSERT_TRUE(database.has_value());
    database_.emplace(*std::move(database));
    auto connection = database_->connect();
    ASSERT_TRUE(connection.has_value());
    connection_.emplace(*std::move(connection));
    ASSERT_TRUE(connection_->execute("SET threads = 1; SET TimeZone = 'America/New_York'").has_value());
  }

  static warehouse::Field field(warehouse::FieldType type, const std::string& unit = "", std::uint8_t scale = 3) {
    warehouse::Field out;
    out.name = "f";
    out.type = type;
    out.unit = unit;
    out.scale = scale;
    return out;
  }

  /// The canonical text of the value, "" for no value, "!reason" for a refusal; one for each text.
  std::vector<std::string> read(const warehouse::Field& field, const std::vector<std::string>& texts,
                                const FieldSource& source = {}) {
    std::string rows;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      rows += (i > 0 ? ", (" : "(") + std::to_string(i) + ", " + warehouse::sql_text(texts[i]) + ")";
    }
    const ColumnRef raw{"r0", "VARCHAR", "column", ""};
    const ColumnRef column{"m0", "VARCHAR", "column", ""};
    const auto rules = rules_of(field, source, column, "f0", reading_);
    const auto found =
        connection_->query("SELECT " + canonical_text_sql(field, "CAST(f0 AS " + warehouse::sql_type(field) + ")") +
                           ", " + fault_sql(rules) + " FROM (SELECT *, " + typed_sql(field, source, column, reading_) +
                           " AS f0 FROM (SELECT *, " + mapped_sql(source, raw) + " AS m0 FROM (VALUES " + rows +
                           ") v(i, r0))) ORDER BY i");
    std::vector<std::string> out;
    EXPECT_TRUE(found.has_value()) << found.error().arg("reason");
    for (std::size_t r = 0; found && r < found->rows.size(); ++r) {
      if (found->is_null(r, 1))
        out.push_back(found->text(r, 0));
      else
        out.push_back("!" + rules.at(static_cast<std::size_t>(found->integer(r, 1) - 1)).reason);
    }
    return out;
  }

  std::string read_one(const warehouse::Field& field, const std::string& text, const FieldSource& source = {}) {
    const auto all = read(field, {text}, source);
    return all.empty() ? "?" : all.front();
  }

  using Cases = std::vector<std::pair<std::string, std::string>>;
  /// Each text with what it is to become; with the characters that a file may have, and with those it is known to lack.
  void expect(const warehouse::Field& field, const Cases& cases, const FieldSource& source = {}) {
    std::vector<std::string> texts;
    for (const auto& [text, wanted] : cases) texts.push_back(text);
    const auto found = read(field, texts, source);
    ASSERT_EQ(found.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) EXPECT_EQ(found[i], cases[i].second) << "'" << texts[i] << "'";
  }

  Reading reading_;
  std::optional<warehouse::Database> database_;
  std::optional<warehouse::Connection> connection_;
};

}  // namespace fenqun::ingest
