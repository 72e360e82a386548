// group_customers FILE.csv - groups the rows of a table of numbers with a header line, and says why the first row is
// where it is.
#include <cluster/choose_k.hpp>
#include <cluster/explain.hpp>
#include <cluster/scaling.hpp>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using fenqun::Matrix;
using fenqun::Result;
namespace cluster = fenqun::cluster;

namespace {

struct Table {
  std::vector<std::string> columns;
  Matrix<double> values;
};

Table read_table(const char* file) {
  Table out;
  std::ifstream in(file);
  std::string line;
  std::string cell;
  std::getline(in, line);
  for (std::istringstream cells(line); std::getline(cells, cell, ',');) out.columns.push_back(cell);
  std::vector<double> values;
  while (std::getline(in, line)) {
    for (std::istringstream cells(line); std::getline(cells, cell, ',');) values.push_back(std::stod(cell));
  }
  out.values = Matrix<double>(out.columns.empty() ? 0 : values.size() / out.columns.size(), out.columns.size());
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
  // The sentence of this key, in Chinese and in English, is installed under share/fenqun/texts.
  std::fprintf(stderr, "%s", done.error().line.key.c_str());
  for (const auto& arg : done.error().line.args) std::fprintf(stderr, " %s=%s", arg.name.c_str(), arg.value.c_str());
  std::fprintf(stderr, "\n");
  return 1;
}
