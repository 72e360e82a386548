// tests/unit/features/case_test.cpp - runs tests/sql/*.case: rows in, month, feature rows out.
//   [load ENTITY]       a table: header of columns, then rows, cells parted by |, "-" is NULL
//   [load ENTITY sql]   a query that gives the rows
//   [prepare YYYY-MM]   computes the month; [error YYYY-MM] KEY expects it to fail with this text key
//   [expect]            a table: customer_id and features of the month prepared last
// FENQUN_REBASELINE=1 writes what came out into the files instead of comparing.
#include "base/file.hpp"
#include "unit/features/small_utility.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace fenqun::features {
namespace {

namespace fs = std::filesystem;

using Cells = std::vector<std::string>;

struct Section {
  std::string head;                // "load bill"
  std::size_t begin = 0;           // first line after the head
  std::vector<std::string> lines;  // without comments and empty lines
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Cells cells_of(const std::string& line) {
  Cells out;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '|');) out.push_back(trimmed(cell));
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::vector<Section> sections_of(const std::vector<std::string>& lines) {
  std::vector<Section> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = trimmed(lines[i]);
    if (line.starts_with('[')) {
      out.push_back({line, i + 1, {}});
    } else if (!line.empty() && !line.starts_with('#') && !out.empty()) {
      out.back().lines.push_back(line);
    }
  }
  return out;
}

// "[load bill sql]" -> load, bill, sql
Cells words_in(const std::string& head) {
  std::istringstream in(head.substr(1, head.find(']') - 1));
  Cells out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::string select_of(const Section& section, bool is_sql) {
  std::string out;
  if (is_sql) {
    for (const auto& line : section.lines) out += line + "\n";
    return out;
  }
  const auto columns = cells_of(section.lines.front());
  for (std::size_t r = 1; r < section.lines.size(); ++r) {
    const auto cells = cells_of(section.lines[r]);
    EXPECT_EQ(cells.size(), columns.size()) << section.head << ": " << section.lines[r];
    out += r == 1 ? "SELECT " : "\nUNION ALL SELECT ";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      out += (c == 0 ? "" : ", ") + (cells[c] == "-" ? "NULL" : warehouse::sql_text(cells[c])) + " AS " + columns[c];
    }
  }
  return out;
}

// The table with its columns aligned.
std::vector<std::string> layout(const std::vector<Cells>& table) {
  std::vector<std::string> out;
  for (const auto& row : table) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      std::size_t width = 0;
      for (const auto& other : table) width = std::max(width, other[c].size());
      line += (c == 0 ? "" : " | ") + (c + 1 == row.size() ? row[c] : row[c] + std::string(width - row[c].size(), ' '));
    }
    out.push_back(line);
  }
  return out;
}

std::vector<Cells> actual_table(test::SmallUtility& utility, const Section& section, Month month) {
  const auto columns = cells_of(section.lines.front());
  std::vector<Cells> out = {columns};
  for (std::size_t r = 1; r < section.lines.size(); ++r) {
    Cells row = {cells_of(section.lines[r]).front()};
    for (std::size_t c = 1; c < columns.size(); ++c) row.push_back(utility.value(columns[c], row.front(), month));
    out.push_back(row);
  }
  return out;
}

bool rebaseline() { return std::getenv("FENQUN_REBASELINE") != nullptr; }

class CaseTest : public testing::TestWithParam<std::string> {};

TEST_P(CaseTest, RowsInGiveTheFeaturesExpected) {
  const fs::path path = fs::path(FENQUN_SOURCE_DIR) / "tests" / "sql" / GetParam();
  auto lines = lines_of(*read_file(path));
  test::SmallUtility utility;
  Month month;
  std::size_t compared = 0;
  auto sections = sections_of(lines);
  std::vector<std::pair<Section, std::vector<std::string>>> renewed;
  for (const auto& section : sections) {
    const auto words = words_in(section.head);
    if (words[0] == "load") {
      utility.load(words[1], select_of(section, words.size() > 2));
    } else if (words[0] == "prepare") {
      month = *Month::parse(words[1]);
      const auto outcome = utility.prepare(month);
      ASSERT_TRUE(outcome.has_value()) << test::words_of(outcome.error());
    } else if (words[0] == "error") {
      const auto outcome = utility.prepare(*Month::parse(words[1]));
      ASSERT_FALSE(outcome.has_value());
      EXPECT_EQ(outcome.error().line.key, trimmed(section.head.substr(section.head.find(']') + 1)));
      ++compared;
    } else {
      ASSERT_EQ(words[0], "expect") << section.head;
      const auto actual = actual_table(utility, section, month);
      for (std::size_t r = 1; r < actual.size() && !rebaseline(); ++r) {
        EXPECT_EQ(actual[r], cells_of(section.lines[r])) << month.text() << " row " << section.lines[r];
      }
      compared += actual.size() - 1;
      renewed.emplace_back(section, layout(actual));
    }
  }
  EXPECT_GT(compared, 0U);
  if (!rebaseline()) return;
  // From the last section up, so that line numbers above stay true. Comments inside an expected table are lost.
  for (auto at = renewed.rbegin(); at != renewed.rend(); ++at) {
    const auto first = lines.begin() + static_cast<std::ptrdiff_t>(at->first.begin);
    auto last = std::find_if(first, lines.end(),
                             [](const std::string& line) { return trimmed(line).empty() || line.starts_with('['); });
    lines.insert(lines.erase(first, last), at->second.begin(), at->second.end());
  }
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  ASSERT_TRUE(write_file_atomically(path, text).has_value());
}

std::vector<std::string> case_files() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(fs::path(FENQUN_SOURCE_DIR) / "tests" / "sql")) {
    if (entry.path().extension() == ".case") out.push_back(entry.path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

INSTANTIATE_TEST_SUITE_P(Sql, CaseTest, testing::ValuesIn(case_files()),
                         [](const auto& file) { return file.param.substr(0, file.param.find('.')); });

}  // namespace
}  // namespace fenqun::features
