// cluster/scaling.cpp
#include "cluster/scaling.hpp"

#include "cluster/row_blocks.hpp"
#include "cluster/row_checks.hpp"

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

bool is_winsorised(const ColumnScaling& rule) noexcept { return rule.winsor_low > 0 || rule.winsor_high < 1; }

Result<void> check_rule(const ColumnScaling& rule, std::size_t column) {
  if (!(std::isfinite(rule.weight) && rule.weight >= 0)) {
    return fail(ErrorCode::InvalidArgument, "cluster.bad_weight",
                {{"column", std::to_string(column)}, {"weight", fmt::format("{}", rule.weight)}});
  }
  if (!(rule.winsor_low >= 0 && rule.winsor_low < rule.winsor_high && rule.winsor_high <= 1)) {
    return fail(ErrorCode::InvalidArgument, "cluster.bad_winsor",
                {{"column", std::to_string(column)},
                 {"low", fmt::format("{}", rule.winsor_low)},
                 {"high", fmt::format("{}", rule.winsor_high)}});
  }
  return check_option("knots", rule.knots, 2, 10'000);
}

Result<void> check_rules(RowView<const double> rows, std::span<const ColumnScaling> rules) {
  if (rows.cols() == 0) return fail(ErrorCode::InvalidArgument, "cluster.no_columns");
  if (rules.size() != rows.cols()) {
    return fail(ErrorCode::InvalidArgument, "cluster.rules_differ",
                {{"rules", std::to_string(rules.size())}, {"columns", std::to_string(rows.cols())}});
  }
  for (std::size_t c = 0; c < rules.size(); ++c) FENQUN_CHECK(check_rule(rules[c], c));
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

/// Finite, or missing where that is allowed.
bool is_usable(double value, MissingValues missing) noexcept {
  return std::isfinite(value) || (missing != MissingValues::Refused && std::isnan(value));
}

Result<void> check_finite(RowView<const double> rows, MissingValues missing, WorkerPool& pool) {
  const auto bad = first_cell(rows.rows(), pool, [&](std::size_t r) -> std::optional<std::size_t> {
    const auto row = rows.row(r);
    const auto at = std::ranges::find_if(row, [&](double value) { return !is_usable(value, missing); });
    return at == row.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - row.begin()));
  });
  if (bad) return fail(not_finite(*bad, rows(bad->row, bad->column)));
  return {};
}

Result<void> check_columns_filled(RowView<const double> rows, MissingValues missing) {
  if (missing == MissingValues::Refused) return {};
  for (std::size_t c = 0; c < rows.cols(); ++c) {
    std::size_t r = 0;
    while (r < rows.rows() && std::isnan(rows(r, c))) ++r;
    if (r < rows.rows()) continue;
    return fail(ErrorCode::BadData, "cluster.column_without_values",
                {{"column", std::to_string(c)}, {"rows", std::to_string(rows.rows())}});
  }
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

/// Quantiles at even shares from 0 to 1 of sorted `values`.
std::vector<double> knots_of(std::span<const double> values, std::uint32_t wanted) {
  std::vector<double> out(std::min<std::size_t>(wanted, values.size()));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double place =
        static_cast<double>(values.size() - 1) * static_cast<double>(i) / static_cast<double>(out.size() - 1);
    const auto at = std::min(static_cast<std::size_t>(place), values.size() - 1);
    const double next = values[std::min(at + 1, values.size() - 1)];
    out[i] = values[at] + (place - static_cast<double>(at)) * (next - values[at]);
    if (i > 0) out[i] = std::max(out[i], out[i - 1]);  // against rounding
  }
  return out;
}

double place_among(const std::vector<double>& knots, double value) {
  if (value <= knots.front()) return 0;
  if (value >= knots.back()) return 1;
  const auto not_below = std::lower_bound(knots.begin(), knots.end(), value);
  const auto above = std::upper_bound(not_below, knots.end(), value);
  const auto place = [&](auto knot) { return static_cast<double>(knot - knots.begin()); };
  const auto last = static_cast<double>(knots.size() - 1);
  if (above != not_below) return (place(not_below) + place(above - 1)) / 2 / last;
  const double before = *(not_below - 1);
  return (place(not_below - 1) + (value - before) / (*not_below - before)) / last;
}

double value_at(const std::vector<double>& knots, double share) {
  const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(knots.size() - 1);
  const auto at = std::min(static_cast<std::size_t>(place), knots.size() - 2);
  return knots[at] + (place - static_cast<double>(at)) * (knots[at + 1] - knots[at]);
}

FittedColumn constant_column(FittedColumn out, double value) {
  out.centre = value;
  out.scale = 1;
  out.fallback = ScaleFallback::Constant;
  out.knots.clear();
  return out;
}

/// Centre, scale and knots of `values`, transformed and winsorised already.
FittedColumn fit_method(std::span<double> values, FittedColumn out) {
  const auto [low, high] = std::ranges::minmax(values);
  if (low == high) return constant_column(std::move(out), low);
  switch (out.rule.method) {
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
    case ScalingMethod::Quantile:
      if (!std::isfinite(high - low)) out.scale = high - low;  // told as too large a spread
      std::ranges::sort(values);
      out.knots = knots_of(values, out.rule.knots);
      break;
  }
  // Spread too small for a double to hold its square.
  const double centre = out.centre;
  if (out.scale <= 0) return constant_column(std::move(out), centre);
  return out;
}

FittedColumn fit_column(std::span<double> values, const ColumnScaling& rule) {
  FittedColumn out;
  out.rule = rule;
  if (is_winsorised(rule)) {
    out.low = quantile_of(values, rule.winsor_low);
    out.high = std::max(out.low, quantile_of(values, rule.winsor_high));
  }
  for (auto& value : values) value = before(std::clamp(value, out.low, out.high), rule.pre);
  return rule.method == ScalingMethod::None ? out : fit_method(values, std::move(out));
}

/// Fits columns [begin, end), copied out so that each lies in one piece.
void fit_columns(RowView<const double> rows, std::span<const ColumnScaling> rules, std::size_t begin, std::size_t end,
                 std::span<FittedColumn> out) {
  std::array<std::vector<double>, kColumnsPerPass> copies;
  for (std::size_t c = begin; c < end; ++c) copies[c - begin].reserve(rows.rows());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = begin; c < end; ++c) {
      if (!std::isnan(rows(r, c))) copies[c - begin].push_back(rows(r, c));
    }
  }
  for (std::size_t c = begin; c < end; ++c) {
    if (!copies[c - begin].empty()) out[c] = fit_column(copies[c - begin], rules[c]);
  }
}

double scaled_value(const FittedColumn& fitted, double value) {
  if (std::isnan(value)) return value;
  if (fitted.fallback == ScaleFallback::Constant || !std::isfinite(value)) return 0;  // what is no number is told apart
  const double seen = before(std::clamp(value, fitted.low, fitted.high), fitted.rule.pre);
  if (fitted.rule.method == ScalingMethod::Quantile) return fitted.rule.weight * place_among(fitted.knots, seen);
  return fitted.rule.weight * ((seen - fitted.centre) / fitted.scale);
}

double original_value(const FittedColumn& fitted, double scaled) {
  const bool has_weight = fitted.rule.weight > 0;
  double seen = fitted.centre;
  if (fitted.fallback != ScaleFallback::Constant) {
    if (fitted.rule.method == ScalingMethod::Quantile)
      seen = value_at(fitted.knots, has_weight ? scaled / fitted.rule.weight : 0.5);
    else if (has_weight)
      seen += scaled / fitted.rule.weight * fitted.scale;
  }
  return undo_before(seen, fitted.rule.pre);
}

/// False: a row of zeros.
bool bring_to_unit_length(std::span<float> row) {
  double squared = 0;
  for (const float value : row) {
    if (!std::isnan(value)) squared += static_cast<double>(value) * static_cast<double>(value);
  }
  if (squared <= 0) return false;
  const double length = std::sqrt(squared);
  for (float& value : row) value = static_cast<float>(static_cast<double>(value) / length);
  return true;
}

Result<void> apply_row_norm(RowNorm norm, Matrix<float>& rows, WorkerPool& pool) {
  if (norm == RowNorm::None) return {};
  const auto zeros = first_cell(rows.rows(), pool, [&](std::size_t r) {
    return bring_to_unit_length(rows.row(r)) ? std::nullopt : std::optional<std::size_t>(0);
  });
  if (!zeros || norm == RowNorm::UnitOrZero) return {};
  return fail(ErrorCode::BadData, "cluster.zero_length", {{"row", std::to_string(zeros->row)}});
}

}  // namespace

Result<FittedScaling> fit_scaling(RowView<const double> rows, std::span<const ColumnScaling> rules, WorkerPool& pool,
                                  RowNorm row_norm, MissingValues missing) {
  FENQUN_CHECK(check_rules(rows, rules));
  FENQUN_CHECK(check_finite(rows, missing, pool));
  FENQUN_CHECK(check_columns_filled(rows, missing));
  FittedScaling out{std::vector<FittedColumn>(rows.cols()), row_norm, missing};
  pool.for_blocks(rows.cols(), kColumnsPerPass, [&](std::size_t, std::size_t begin, std::size_t end) {
    fit_columns(rows, rules, begin, end, out.columns);
  });
  for (std::size_t c = 0; c < out.columns.size(); ++c) {
    const auto& column = out.columns[c];
    const auto numbers = {column.centre, column.scale, column.low, column.high};
    if (std::ranges::all_of(numbers, [](double number) { return std::isfinite(number); })) continue;
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
      const double value = rows(r, c);
      out(r, c) = static_cast<float>(scaled_value(scaling.columns[c], value));
      const bool is_scaled = is_usable(value, scaling.missing) && (std::isnan(value) || std::isfinite(out(r, c)));
      if (!is_scaled && !column) column = c;
    }
    return column;
  });
  if (!bad) {
    FENQUN_CHECK(apply_row_norm(scaling.row_norm, out, pool));
    return out;
  }
  const double value = rows(bad->row, bad->column);
  if (!std::isfinite(value)) return fail(not_finite(*bad, value));
  return fail(ErrorCode::BadData, "cluster.scaled_too_large",
              {{"row", std::to_string(bad->row)},
               {"column", std::to_string(bad->column)},
               {"value", fmt::format("{}", value)}});
}

Result<Matrix<double>> invert_scaling(const FittedScaling& scaling, RowView<const float> scaled) {
  FENQUN_CHECK(check_columns(scaled.cols(), scaling.columns.size()));
  if (scaling.row_norm != RowNorm::None) return fail(ErrorCode::InvalidArgument, "cluster.no_inverse");
  Matrix<double> out(scaled.rows(), scaled.cols());
  for (std::size_t r = 0; r < scaled.rows(); ++r) {
    for (std::size_t c = 0; c < scaled.cols(); ++c) {
      const auto value = static_cast<double>(scaled(r, c));
      if (!is_usable(value, scaling.missing)) return fail(not_finite({r, c}, value));
      out(r, c) = std::isnan(value) ? value : original_value(scaling.columns[c], value);
    }
  }
  return out;
}

}  // namespace fenqun::cluster
