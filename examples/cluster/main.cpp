// group_customers FILE.csv - groups the rows of a table of numbers with a header line, and says why the first row is
// where it is. Exit codes: 1 failed, 2 wrong use or no such file, 3 the table cannot be used.
#include <cluster/choose_k.hpp>
#include <cluster/explain.hpp>
#include <cluster/scaling.hpp>
#include <cluster/sentences.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

using fenqun::Matrix;
using fenqun::Result;
namespace cluster = fenqun::cluster;

namespace {

struct Table {
  std::vector<std::string> columns;
  Matrix<double> values;
};

std::vector<std::string> split(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string> out;
  for (auto comma = line.find(','); comma != line.npos; comma = line.find(',')) {
    out.emplace_back(line.substr(0, comma));
    line.remove_prefix(comma + 1);
  }
  out.emplace_back(line);
  return out;
}

[[noreturn]] void refuse(const std::string& what, int exit_code) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(exit_code);
}

Table read_table(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!in) refuse(file + ": cannot be opened; expected a CSV file", 2);
  if (!std::getline(in, line)) refuse(file + ": nothing can be read; expected a header line and rows of numbers", 3);
  Table out;
  out.columns = split(line);
  std::vector<double> values;
  for (std::size_t number = 2; std::getline(in, line); ++number) {
    const auto where = file + ":" + std::to_string(number) + ": ";
    const auto cells = split(line);
    if (cells.size() != out.columns.size()) {
      refuse(where + "cells: " + std::to_string(cells.size()) + "; expected " + std::to_string(out.columns.size()) +
                 " as in the header line",
             3);
    }
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const char* end = cells[c].data() + cells[c].size();
      const auto read = std::from_chars(cells[c].data(), end, values.emplace_back());
      if (read.ec != std::errc() || read.ptr != end) {
        refuse(where + "column " + std::to_string(c + 1) + " (" + out.columns[c] + ") is '" + cells[c] +
                   "'; expected a number such as 12.5",
               3);
      }
    }
  }
  out.values = Matrix<double>(values.size() / out.columns.size(), out.columns.size());
  for (std::size_t r = 0; r < out.values.rows(); ++r) {
    for (std::size_t c = 0; c < out.columns.size(); ++c) out.values(r, c) = values[r * out.columns.size() + c];
  }
  return out;
}

Result<void> group(const Table& table) {
  fenqun::WorkerPool pool;
  const std::vector<cluster::ColumnScaling> rules(table.columns.size(), {cluster::ScalingMethod::Robust});
  FENQUN_TRY(const auto scaling, cluster::fit_scaling(table.values.view(), rules, pool));
  FENQUN_TRY(const auto rows, cluster::apply_scaling(scaling, table.values.view(), pool));
  FENQUN_TRY(const auto choice, cluster::choose_k(rows.view(), {}, pool));
  FENQUN_TRY(const auto centres, cluster::invert_scaling(scaling, choice.fit.centroids.view()));

  std::printf("%zu rows, %u groups\n", rows.rows(), choice.chosen_k);
  for (std::size_t k = 0; k < centres.rows(); ++k) {
    std::printf("group %zu: %llu rows;", k, static_cast<unsigned long long>(choice.fit.sizes[k]));
    for (std::size_t c = 0; c < centres.cols(); ++c) std::printf(" %s %.2f", table.columns[c].c_str(), centres(k, c));
    std::printf("\n");
  }

  FENQUN_TRY(const auto why, cluster::explain_row(rows.row(0), choice.fit.centroids.view()));
  std::printf("row 0 is in group %u, next is group %u, because of:", why.own, why.next);
  for (const auto& reason : why.reasons) {
    std::printf(" %s %+.2f", table.columns[reason.column].c_str(), reason.contribution);
  }
  std::printf("\n");
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: group_customers FILE.csv\n");
    return 2;
  }
  const auto done = group(read_table(argv[1]));
  if (done) return 0;
  // "zh" gives the same in Chinese.
  std::fprintf(stderr, "%s: %s\n", argv[1], cluster::sentence(done.error(), "en").c_str());
  return done.error().code == fenqun::ErrorCode::BadData ? 3 : 1;
}
