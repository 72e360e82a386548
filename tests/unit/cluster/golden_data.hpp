// tests/unit/cluster/golden_data.hpp - the tables of tests/golden/cluster and the numbers of an independent tool.
#pragma once

#include "base/file.hpp"
#include "base/matrix.hpp"
#include "base/number.hpp"
#include "base/settings.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace fenqun::cluster {

inline const std::filesystem::path kFolder = std::filesystem::path(FENQUN_SOURCE_DIR) / "tests/golden/cluster";

/// The table, its last column taken off as the true groups.
struct Table {
  Matrix<double> values;
  std::vector<std::uint32_t> truth;
};

inline std::vector<double> numbers_of(const std::string& line) {
  std::vector<double> out;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find(',', at), line.size());
    out.push_back(parse_number(std::string_view(line).substr(at, end - at)).value());
    at = end + 1;
  }
  return out;
}

inline Table read_table(const std::string& name) {
  const std::string text = read_file(kFolder / (name + ".csv")).value();
  std::vector<std::vector<double>> rows;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    rows.push_back(numbers_of(text.substr(at, end - at)));
    at = end + 1;
  }
  Table out{Matrix<double>(rows.size(), rows[0].size() - 1), {}};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out.truth.push_back(static_cast<std::uint32_t>(rows[r].back()));
    std::copy_n(rows[r].begin(), out.values.cols(), out.values.row(r).begin());
  }
  return out;
}

inline std::vector<double> list_of(const Settings& list) {
  std::vector<double> out;
  const auto items = list.items().value();
  for (const auto& item : items) out.push_back(parse_number(item.text().value()).value());
  return out;
}

inline Settings read_golden(const std::string& file, const std::string& table) {
  return Settings::parse(read_file(kFolder / file).value(), file).value().child(table).value();
}

}  // namespace fenqun::cluster
