// features/reference.cpp
#include "features/reference.hpp"

#include "base/number.hpp"
#include "base/settings.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace fenqun::features {
namespace {

struct CsvRow {
  int line = 0;
  std::vector<std::string> cells;
};

tl::unexpected<Error> bad_row(const Asset& asset, int line, const std::string& expected, const std::string& value) {
  return fail(ErrorCode::BadData, "features.reference_row",
              {{"file", asset.origin}, {"line", std::to_string(line)}, {"expected", expected}, {"value", value}});
}

// One line of RFC 4180 text without line breaks inside cells; no value when a quote is left open.
std::optional<std::vector<std::string>> split_cells(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  return cells;
}

Result<std::vector<CsvRow>> read_csv(const Asset& asset) {
  std::vector<CsvRow> rows;
  std::string_view rest = asset.text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    auto cells = split_cells(line);
    if (!cells) return bad_row(asset, number, "\"", std::string(line));
    rows.push_back({number, std::move(*cells)});
  }
  return rows;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

Result<void> check_row(const Asset& asset, const ReferenceTable& table, const CsvRow& row) {
  if (row.cells.size() != table.columns.size()) {
    return bad_row(asset, row.line, std::to_string(table.columns.size()), std::to_string(row.cells.size()));
  }
  for (std::size_t c = 0; c < row.cells.size(); ++c) {
    const auto& cell = row.cells[c];
    if (table.columns[c].type == ReferenceType::Number && !cell.empty() && !parse_number(cell)) {
      return bad_row(asset, row.line, table.columns[c].name, cell);
    }
  }
  return {};
}

Result<ReferenceTable> read_table(const AssetStore& assets, const std::string& name, const Settings& node) {
  FENQUN_CHECK(node.allow_only({"zh", "en", "key", "columns"}));
  ReferenceTable table;
  table.name = name;
  FENQUN_TRY(const auto columns, node.child("columns"));
  FENQUN_TRY(const auto entries, columns.entries());
  std::vector<std::string> header;
  for (const auto& [column, type] : entries) {
    FENQUN_TRY(const auto word, type.text());
    if (word != "text" && word != "number") {
      return type.refuse("base.setting_wrong", {{"key", column}, {"value", word}, {"expected", "text, number"}});
    }
    table.columns.push_back({column, word == "number" ? ReferenceType::Number : ReferenceType::Text});
    header.push_back(column);
  }
  FENQUN_TRY(const auto key, node.texts("key"));
  std::vector<std::size_t> key_columns;
  for (const auto& column : key) {
    const auto found = std::find(header.begin(), header.end(), column);
    if (found == header.end()) {
      return node.refuse("base.setting_wrong", {{"key", "key"}, {"value", column}, {"expected", joined(header)}});
    }
    key_columns.push_back(static_cast<std::size_t>(found - header.begin()));
  }
  FENQUN_TRY(const auto asset, assets.read("config/reference/" + name + ".csv"));
  table.origin = asset.origin;
  FENQUN_TRY(const auto rows, read_csv(asset));
  if (rows.empty() || rows.front().cells != header) {
    return bad_row(asset, 1, joined(header), rows.empty() ? "" : joined(rows.front().cells));
  }
  std::set<std::string> keys;
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    FENQUN_CHECK(check_row(asset, table, *row));
    std::string own_key;
    for (const auto c : key_columns) own_key += row->cells[c] + "\x1f";
    if (!keys.insert(own_key).second) {
      return fail(ErrorCode::BadData, "features.reference_twice",
                  {{"file", asset.origin}, {"line", std::to_string(row->line)}, {"value", joined(row->cells)}});
    }
    table.rows.push_back(row->cells);
  }
  return table;
}

}  // namespace

Result<std::vector<ReferenceTable>> read_references(const AssetStore& assets) {
  FENQUN_TRY(const auto asset, assets.read("config/reference/tables.yaml"));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_TRY(const auto entries, root.entries());
  std::vector<ReferenceTable> out;
  for (const auto& [name, node] : entries) {
    FENQUN_TRY(auto table, read_table(assets, name, node));
    out.push_back(std::move(table));
  }
  return out;
}

}  // namespace fenqun::features
