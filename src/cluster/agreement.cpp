// cluster/agreement.cpp
#include "cluster/agreement.hpp"

#include <algorithm>
#include <string>

namespace fenqun::cluster {
namespace {

constexpr std::uint64_t kMostCells = std::uint64_t{1} << 24U;

/// n (n - 1) / 2 without leaving 64 bits for n up to 2^32.
std::uint64_t pairs(std::uint64_t n) noexcept { return n < 2 ? 0 : (n % 2 == 0 ? n / 2 * (n - 1) : (n - 1) / 2 * n); }

std::uint64_t pairs_of(std::span<const std::uint64_t> counts) noexcept {
  std::uint64_t sum = 0;
  for (const auto count : counts) sum += pairs(count);
  return sum;
}

}  // namespace

Result<ContingencyTable> contingency_table(std::span<const std::uint32_t> first,
                                           std::span<const std::uint32_t> second) {
  if (first.size() != second.size()) {
    return fail(ErrorCode::InvalidArgument, "cluster.labels_differ",
                {{"labels", std::to_string(second.size())}, {"rows", std::to_string(first.size())}});
  }
  if (first.empty()) return fail(ErrorCode::BadData, "cluster.no_rows");
  const std::uint64_t height = std::uint64_t{*std::ranges::max_element(first)} + 1;
  const std::uint64_t width = std::uint64_t{*std::ranges::max_element(second)} + 1;
  if (height > kMostCells / width) {
    return fail(
        ErrorCode::InvalidArgument, "cluster.table_too_large",
        {{"first", std::to_string(height)}, {"second", std::to_string(width)}, {"limit", std::to_string(kMostCells)}});
  }
  ContingencyTable table{Matrix<std::uint64_t>(height, width), std::vector<std::uint64_t>(height),
                         std::vector<std::uint64_t>(width), first.size()};
  for (std::size_t i = 0; i < first.size(); ++i) {
    ++table.counts(first[i], second[i]);
    ++table.first_totals[first[i]];
    ++table.second_totals[second[i]];
  }
  return table;
}

double adjusted_rand_index(const ContingencyTable& table) noexcept {
  const std::uint64_t both = pairs_of(table.counts.values());
  const std::uint64_t first = pairs_of(table.first_totals);
  const std::uint64_t second = pairs_of(table.second_totals);
  // Every pair kept together by one is kept together by the other: the same grouping, trivial ones included.
  if (both == first && both == second) return 1.0;
  const double expected =
      static_cast<double>(first) / static_cast<double>(pairs(table.total)) * static_cast<double>(second);
  const double greatest = 0.5 * (static_cast<double>(first) + static_cast<double>(second));
  return (static_cast<double>(both) - expected) / (greatest - expected);
}

Result<double> adjusted_rand_index(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second) {
  FENQUN_TRY(const auto table, contingency_table(first, second));
  return adjusted_rand_index(table);
}

}  // namespace fenqun::cluster
