// cluster/scaling.cpp
#include "cluster/scaling.hpp"

#include "cluster/row_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr std::size_t kColumnsPerPass = 4;  // columns copied out together: rows are read once per four columns

struct Cell {
  std::size_t row = 0;
  std::size_t column = 0;
};

double before(double value, PreTransform pre) noexcept {
  return pre == PreTransform::Log1p ? std::copysign(std::log1p(std::abs(value)), value) : value;
}
double undo_before(double value, PreTransform pre) noexcept {
  return pre == PreTransform::Log1p ? std::copysign(std::expm1(std::abs(value)), value) : value;
}

Result<void> check_rules(RowView<const double> rows, std::span<const ColumnScaling> rules) {
  if (rows.cols() == 0) return fail(ErrorCode::InvalidArgument, "cluster.no_columns");
  if (rules.size() != rows.cols()) {
    return fail(ErrorCode::InvalidArgument, "cluster.rules_differ",
                {{"rules", std::to_string(rules.size())}, {"columns", std::to_string(rows.cols())}});
  }
  for (std::size_t c = 0; c < rules.size(); ++c) {
    if (std::isfinite(rules[c].weight) && rules[c].weight >= 0) continue;
    return fail(ErrorCode::InvalidArgument, "cluster.bad_weight",
                {{"column", std::to_string(c)}, {"weight", fmt::format("{}", rules[c].weight)}});
  }
  if (std::ranges::all_of(rules, [](const auto& rule) { return rule.weight <= 0; })) {
    return fail(ErrorCode::InvalidArgument, "cluster.weights_all_zero");
  }
  if (rows.rows() == 0) return fail(ErrorCode::BadData, "cluster.no_rows");
  return {};
}

Result<void> check_columns(std::size_t columns, std::size_t expected) {
  if (columns == expected) return {};
  return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
              {{"columns", std::to_string(columns)}, {"expected", std::to_string(expected)}});
}

Error not_finite(Cell cell, double value) {
  return {ErrorCode::BadData,
          {"cluster.not_finite",
           {{"row", std::to_string(cell.row)},
            {"column", std::to_string(cell.column)},
            {"value", fmt::format("{}", value)}}},
          {}};
}

/// The first cell, row by row, that `visit(row)` reports a column for; rows in parallel.
template <class Visit>
std::optional<Cell> first_cell(std::size_t rows, WorkerPool& pool, const Visit& visit) {
  const std::size_t block_rows = rows_per_block(rows);
  std::vector<std::optional<Cell>> found(WorkerPool::block_count(rows, block_rows));
  pool.for_blocks(rows, block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) {
      const std::optional<std::size_t> column = visit(r);
      if (column && !found[block]) found[block] = Cell{r, *column};
    }
  });
  for (const auto& cell : found) {
    if (cell) return cell;
  }
  return std::nullopt;
}

Result<void> check_finite(RowView<const double> rows, WorkerPool& pool) {
  const auto bad = first_cell(rows.rows(), pool, [&](std::size_t r) -> std::optional<std::size_t> {
    const auto row = rows.row(r);
    const auto at = std::ranges::find_if(row, [](double value) { return !std::isfinite(value); });
    return at == row.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - row.begin()));
  });
  if (bad) return fail(not_finite(*bad, rows(bad->row, bad->column)));
  return {};
}

double mean_of(std::span<const double> values) noexcept {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double deviation_of(std::span<const double> values, double mean) noexcept {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// Reorders `values`; between two neighbours the share of the way is taken (Hyndman & Fan 1996, type 7).
double quantile_of(std::span<double> values, double share) {
  const double place = static_cast<double>(values.size() - 1) * share;
  const auto at = static_cast<std::size_t>(place);
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), nth, values.end());
  if (at + 1 == values.size()) return *nth;
  const double next = *std::min_element(nth + 1, values.end());
  return *nth + (place - static_cast<double>(at)) * (next - *nth);
}

FittedColumn fit_column(std::span<double> values, const ColumnScaling& rule) {
  FittedColumn out{rule, 0, 1, ScaleFallback::None};
  if (rule.method == ScalingMethod::None) return out;
  const auto [low, high] = std::ranges::minmax(values);
  if (low == high) return {rule, low, 1, ScaleFallback::Constant};
  switch (rule.method) {
    case ScalingMethod::None:
      break;
    case ScalingMethod::ZScore:
      out.centre = mean_of(values);
      out.scale = deviation_of(values, out.centre);
      break;
    case ScalingMethod::Robust:
      out.centre = quantile_of(values, 0.5);
      out.scale = quantile_of(values, 0.75) - quantile_of(values, 0.25);
      if (out.scale <= 0) {
        out.scale = deviation_of(values, mean_of(values));
        out.fallback = ScaleFallback::StandardDeviation;
      }
      break;
    case ScalingMethod::MinMax:
      out.centre = low;
      out.scale = high - low;
      break;
  }
  // Spread too small for a double to hold its square.
  if (out.scale <= 0) return {rule, out.centre, 1, ScaleFallback::Constant};
  return out;
}

/// Fits columns [begin, end), copied out so that each lies in one piece.
void fit_columns(RowView<const double> rows, std::span<const ColumnScaling> rules, std::size_t begin, std::size_t end,
                 std::span<FittedColumn> out) {
  std::array<std::vector<double>, kColumnsPerPass> copies;
  for (std::size_t c = begin; c < end; ++c) copies[c - begin].resize(rows.rows());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = begin; c < end; ++c) copies[c - begin][r] = before(rows(r, c), rules[c].pre);
  }
  for (std::size_t c = begin; c < end; ++c) out[c] = fit_column(copies[c - begin], rules[c]);
}

}  // namespace

Result<FittedScaling> fit_scaling(RowView<const double> rows, std::span<const ColumnScaling> rules, WorkerPool& pool) {
  FENQUN_CHECK(check_rules(rows, rules));
  FENQUN_CHECK(check_finite(rows, pool));
  FittedScaling out{std::vector<FittedColumn>(rows.cols())};
  pool.for_blocks(rows.cols(), kColumnsPerPass, [&](std::size_t, std::size_t begin, std::size_t end) {
    fit_columns(rows, rules, begin, end, out.columns);
  });
  for (std::size_t c = 0; c < out.columns.size(); ++c) {
    if (std::isfinite(out.columns[c].centre) && std::isfinite(out.columns[c].scale)) continue;
    return fail(ErrorCode::BadData, "cluster.spread_overflow", {{"column", std::to_string(c)}});
  }
  return out;
}

Result<Matrix<float>> apply_scaling(const FittedScaling& scaling, RowView<const double> rows, WorkerPool& pool) {
  FENQUN_CHECK(check_columns(rows.cols(), scaling.columns.size()));
  Matrix<float> out(rows.rows(), rows.cols());
  const auto bad = first_cell(rows.rows(), pool, [&](std::size_t r) {
    std::optional<std::size_t> column;
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      const FittedColumn& fitted = scaling.columns[c];
      const double value = rows(r, c);
      double scaled = 0;
      if (fitted.fallback != ScaleFallback::Constant) {
        scaled = fitted.rule.weight * ((before(value, fitted.rule.pre) - fitted.centre) / fitted.scale);
      }
      out(r, c) = static_cast<float>(scaled);
      if ((!std::isfinite(value) || !std::isfinite(out(r, c))) && !column) column = c;
    }
    return column;
  });
  if (!bad) return out;
  const double value = rows(bad->row, bad->column);
  if (!std::isfinite(value)) return fail(not_finite(*bad, value));
  return fail(ErrorCode::BadData, "cluster.scaled_too_large",
              {{"row", std::to_string(bad->row)},
               {"column", std::to_string(bad->column)},
               {"value", fmt::format("{}", value)}});
}

Result<Matrix<double>> invert_scaling(const FittedScaling& scaling, RowView<const float> scaled) {
  FENQUN_CHECK(check_columns(scaled.cols(), scaling.columns.size()));
  Matrix<double> out(scaled.rows(), scaled.cols());
  for (std::size_t r = 0; r < scaled.rows(); ++r) {
    for (std::size_t c = 0; c < scaled.cols(); ++c) {
      const FittedColumn& fitted = scaling.columns[c];
      const auto value = static_cast<double>(scaled(r, c));
      if (!std::isfinite(value)) return fail(not_finite({r, c}, value));
      const bool is_lost = fitted.fallback == ScaleFallback::Constant || fitted.rule.weight <= 0;
      const double centred = is_lost ? fitted.centre : fitted.centre + value / fitted.rule.weight * fitted.scale;
      out(r, c) = undo_before(centred, fitted.rule.pre);
    }
  }
  return out;
}

}  // namespace fenqun::cluster
