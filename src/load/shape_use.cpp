// load/shape_use.cpp
#include "load/shape_use.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace fenqun::load {
namespace {

constexpr std::size_t kBlock = 256;  // owners
constexpr double kMost = std::numeric_limits<std::uint32_t>::max();

Result<void> check_list(const std::string& what, std::size_t size, std::size_t expected) {
  if (size == expected) return {};
  return fail(ErrorCode::InvalidArgument, "load.lengths_differ",
              {{"what", what}, {"value", std::to_string(size)}, {"expected", std::to_string(expected)}});
}

template <class T>
Result<void> check_codes(const std::string& what, std::span<const T> codes, std::uint32_t count) {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i] < count) continue;
    return fail(ErrorCode::InvalidArgument, "load.code_range",
                {{"what", what},
                 {"day", std::to_string(i)},
                 {"value", std::to_string(codes[i])},
                 {"count", std::to_string(count)}});
  }
  return {};
}

Result<void> check(const CodedDays& days) {
  FENQUN_CHECK(check_list("owner_of", days.owner_of.size(), days.codes.size()));
  FENQUN_CHECK(check_option("days", static_cast<double>(days.codes.size()), 0, kMost));
  FENQUN_CHECK(check_codes("codes", days.codes, days.shape_count));
  return check_codes("owner_of", days.owner_of, days.owner_count);
}

/// The days of each owner side by side.
struct ByOwner {
  std::vector<std::size_t> offsets;  // owners + 1
  std::vector<std::uint32_t> days;
};

ByOwner sort_by_owner(const CodedDays& days) {
  ByOwner out{std::vector<std::size_t>(days.owner_count + std::size_t{1}),
              std::vector<std::uint32_t>(days.codes.size())};
  for (const auto owner : days.owner_of) ++out.offsets[owner + std::size_t{1}];
  std::partial_sum(out.offsets.begin(), out.offsets.end(), out.offsets.begin());
  auto at = out.offsets;
  for (std::uint32_t i = 0; i < days.codes.size(); ++i) out.days[at[days.owner_of[i]]++] = i;
  return out;
}

/// Calls see(value, times) for every run of equal values.
template <class T, class See>
void for_runs(const std::vector<T>& sorted, const See& see) {
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    see(sorted[begin], static_cast<std::uint32_t>(end - begin));
    begin = end;
  }
}

ShapeVariety variety_of(const std::vector<std::uint32_t>& sorted, std::uint32_t shape_count) {
  ShapeVariety out;
  out.days = static_cast<std::uint32_t>(sorted.size());
  if (sorted.empty()) return out;
  const auto days = static_cast<double>(sorted.size());
  std::uint32_t most = 0;
  for_runs(sorted, [&](std::uint32_t code, std::uint32_t times) {
    ++out.distinct;
    const double share = times / days;
    out.entropy_bits += share * std::log2(days / times);
    if (times <= most) return;
    most = times;
    out.dominant = code;
  });
  out.dominant_share = most / days;
  const double highest = std::log2(std::min<double>(shape_count, days));
  if (highest > 0) out.entropy_share = std::min(out.entropy_bits / highest, 1.0);
  return out;
}

}  // namespace

Result<std::vector<ShapeVariety>> measure_variety(const CodedDays& days, WorkerPool& pool,
                                                  const std::stop_token& stop) {
  FENQUN_CHECK(check(days));
  const ByOwner by_owner = sort_by_owner(days);
  std::vector<ShapeVariety> out(days.owner_count);
  FENQUN_CHECK(for_ranges(days.owner_count, kBlock, pool, stop, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> codes;
    for (std::size_t owner = begin; owner < end; ++owner) {
      codes.clear();
      for (std::size_t i = by_owner.offsets[owner]; i < by_owner.offsets[owner + 1]; ++i) {
        codes.push_back(days.codes[by_owner.days[i]]);
      }
      std::ranges::sort(codes);
      out[owner] = variety_of(codes, days.shape_count);
    }
  }));
  return out;
}

CoverageCurve cover_days(std::span<const std::uint64_t> counts) {
  CoverageCurve out{std::vector<std::uint32_t>(counts.size()), std::vector<double>(counts.size())};
  std::iota(out.codes.begin(), out.codes.end(), 0U);
  std::ranges::stable_sort(out.codes, std::greater<>(), [&](std::uint32_t code) { return counts[code]; });
  const auto all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  std::uint64_t covered = 0;
  for (std::size_t m = 0; m < counts.size(); ++m) {
    covered += counts[out.codes[m]];
    out.shares[m] = all > 0 ? static_cast<double>(covered) / all : 0;
  }
  return out;
}

Result<ShapeCells> count_cells(const CodedDays& days, const DayKinds& kinds, WorkerPool& pool,
                               const std::stop_token& stop) {
  FENQUN_CHECK(check(days));
  FENQUN_CHECK(check_option("season_count", kinds.season_count, 1, 255));
  FENQUN_CHECK(check_option("day_type_count", kinds.day_type_count, 1, 255));
  FENQUN_CHECK(check_list("season_of", kinds.season_of.size(), days.codes.size()));
  FENQUN_CHECK(check_list("day_type_of", kinds.day_type_of.size(), days.codes.size()));
  FENQUN_CHECK(check_codes("season_of", kinds.season_of, kinds.season_count));
  FENQUN_CHECK(check_codes("day_type_of", kinds.day_type_of, kinds.day_type_count));

  const std::size_t cells = std::size_t{kinds.season_count} * kinds.day_type_count;
  const auto cell_of = [&](std::size_t day) {
    return kinds.season_of[day] * std::size_t{kinds.day_type_count} + kinds.day_type_of[day];
  };
  ShapeCells out{Matrix<std::uint64_t>(days.shape_count, cells), Matrix<std::uint32_t>(days.owner_count, cells),
                 Matrix<float>(days.owner_count, cells), Matrix<std::uint32_t>(days.owner_count, cells)};
  for (std::size_t day = 0; day < days.codes.size(); ++day) ++out.counts(days.codes[day], cell_of(day));

  const ByOwner by_owner = sort_by_owner(days);
  FENQUN_CHECK(for_ranges(days.owner_count, kBlock, pool, stop, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint64_t> keys;
    for (std::size_t owner = begin; owner < end; ++owner) {
      std::ranges::fill(out.dominant.row(owner), kNoShape);
      keys.clear();
      for (std::size_t i = by_owner.offsets[owner]; i < by_owner.offsets[owner + 1]; ++i) {
        const std::uint32_t day = by_owner.days[i];
        keys.push_back(std::uint64_t{cell_of(day)} << 32U | days.codes[day]);
      }
      std::ranges::sort(keys);
      std::vector<std::uint32_t> most(cells);
      for_runs(keys, [&](std::uint64_t key, std::uint32_t times) {
        const auto cell = static_cast<std::size_t>(key >> 32U);
        out.days(owner, cell) += times;
        if (times <= most[cell]) return;
        most[cell] = times;
        out.dominant(owner, cell) = static_cast<std::uint32_t>(key);
      });
      for (std::size_t cell = 0; cell < cells; ++cell) {
        const std::uint32_t all = out.days(owner, cell);
        if (all > 0) out.dominant_share(owner, cell) = static_cast<float>(most[cell]) / static_cast<float>(all);
      }
    }
  }));
  return out;
}

}  // namespace fenqun::load
