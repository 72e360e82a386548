// segment/explain_load_shape.cpp - shapes of days: which hours speak for the own centre, and how little energy would
// have to be used at other hours.
#include "cluster/explain.hpp"

#include "cluster/assign.hpp"
#include "segment/method_explainer.hpp"
#include "segment/methods.hpp"
#include "segment/shape_curves.hpp"
#include "segment/shape_move.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace fenqun::segment {
namespace {

using load::kHoursPerDay;
using warehouse::sql_name;
using warehouse::sql_text;

constexpr std::string_view kPrefix = "hour_share_";
constexpr const char* kNoCurve = "no_curve";  // among the values: why there is none
constexpr const char* kWorkDays = "days_work";
constexpr const char* kRestDays = "days_rest";

std::string column_of(std::size_t i) {
  return name_of(HourShare{i >= kHoursPerDay, static_cast<int>(i % kHoursPerDay)});
}

class LoadShapeExplainer final : public MethodExplainer {
 public:
  LoadShapeExplainer(const ExplainContext& context, Matrix<float> centres)
      : context_(context), centres_(std::move(centres)) {}

  [[nodiscard]] std::vector<std::string> own_columns() const override {
    std::vector<std::string> out(kCurveWidth);
    for (std::size_t i = 0; i < kCurveWidth; ++i) out[i] = column_of(i);
    return out;
  }

  Result<void> read_own(std::vector<std::pair<std::string, CustomerValues>>& customers) override {
    const auto asked = sql_name(context_.scratch_catalogue) + ".asked";
    std::string rows;
    for (const auto& [customer, values] : customers) rows += (rows.empty() ? "(" : ", (") + sql_text(customer) + ")";
    if (rows.empty()) return {};
    FENQUN_CHECK(context_.workspace.connection().execute("CREATE OR REPLACE TABLE " + asked +
                                                         " AS SELECT * FROM (VALUES " + rows + ") v(customer_id)"));
    FENQUN_TRY(const auto days, read_of(asked));
    FENQUN_TRY(const auto shaped, shape_days(days, context_.pool));
    const auto curves = mean_curves(shaped, days.customers.size(), rule().least_days);
    for (auto& [customer, values] : customers) keep_curve(customer, days, curves, values);
    return {};
  }

  Result<Placement> place(const CustomerValues& values) override {
    if (const auto none = values.find(kNoCurve); none != values.end())
      return Placement{"", std::get<std::string>(none->second)};
    Matrix<float> row(1, kCurveWidth);
    const auto curve = curve_of(values);
    for (std::size_t i = 0; i < kCurveWidth; ++i) row(0, i) = static_cast<float>(curve[i]);
    FENQUN_TRY(const auto found, cluster::assign_rows(row.view(), centres_.view(), context_.pool));
    return Placement{code(found.labels[0]), ""};
  }

  Result<void> explain(const CustomerValues& values, const Place& everything, Explanation& out) override {
    const auto count = [&](const char* name) {
      return static_cast<std::uint32_t>(number_in(values, name).value_or(0));
    };
    out.days = ShapeDays{count(kWorkDays), count(kRestDays), rule().least_days};
    if (out.own.group.empty()) return {};
    const auto curve = curve_of(values);
    const std::vector<float> row(curve.begin(), curve.end());
    FENQUN_TRY(const auto told, cluster::explain_row(row, centres_.view()));
    out.own_distance = told.own_distance;
    out.next_distance = told.next_distance;
    out.next_group = code(told.next);
    for (const auto& reason : told.reasons) {
      const auto c = reason.column;
      out.contributions.push_back({column_of(c), curve[c], static_cast<double>(centres_(told.own, c)),
                                   static_cast<double>(centres_(told.next, c)), reason.contribution});
    }
    const auto own = centre(told.own);
    for (std::uint32_t group = 0; group < centres_.rows(); ++group) {
      if (group == told.own) continue;
      FENQUN_TRY(auto move, try_move(values, curve, least_move(curve, own, centre(group)), everything));
      if (move && (!out.move || move->distance < out.move->distance)) out.move = std::move(move);
      FENQUN_TRY(auto shift, try_move(values, curve, least_shift(curve, own, centre(group)), everything));
      if (shift) out.single_moves.push_back(std::move(*shift));
    }
    std::ranges::stable_sort(out.single_moves, {}, &Move::distance);
    return {};
  }

  /// The days of the customers' readings are given the curves of `table`, and everything is worked out from them again.
  Result<std::vector<std::string>> assign_all(const std::string& table) override {
    FENQUN_TRY(auto days, read_of(table));
    FENQUN_TRY(const auto before, shape_days(days, context_.pool));
    Matrix<double> curves(days.customers.size(), kCurveWidth);
    std::string columns;
    for (const auto& name : own_columns()) columns += ", " + sql_name(name);
    std::size_t row = 0;
    std::vector<std::string> customers;
    FENQUN_CHECK(context_.workspace.connection().stream(
        "SELECT customer_id" + columns + " FROM " + table + " ORDER BY customer_id",
        [&](const warehouse::Chunk& chunk) -> Result<void> {
          for (std::size_t r = 0; r < chunk.rows(); ++r) {
            customers.emplace_back(chunk.text(0, r));
            if (row >= days.customers.size() || days.customers[row] != customers.back()) continue;
            for (std::size_t i = 0; i < kCurveWidth; ++i) curves(row, i) = chunk.number(i + 1, r);
            ++row;
          }
          return {};
        }));
    for (std::size_t p = 0; p < before.profiles.day_of.size(); ++p) {
      const auto day = before.profiles.day_of[p];
      const auto type = before.day_type_of[p];
      for (std::size_t h = 0; h < kHoursPerDay; ++h) {
        const double share = curves(before.owner_of[p], type * kHoursPerDay + h);
        days.hours(day, h) = static_cast<float>(share * static_cast<double>(before.profiles.energy_kwh[p]));
      }
    }
    return assign_days(customers, days);
  }

 private:
  [[nodiscard]] const ShapeRule& rule() const { return *context_.scheme.shapes; }
  [[nodiscard]] const std::string& code(std::uint32_t group) const { return context_.run.groups[group].code; }
  [[nodiscard]] std::vector<double> centre(std::uint32_t group) const {
    return {centres_.row(group).begin(), centres_.row(group).end()};
  }

  Result<DayCurves> read_of(const std::string& customers) {
    return read_days(context_.workspace, customers, context_.run.as_of, rule().months);
  }

  static void keep_curve(const std::string& customer, const DayCurves& days, const Curves& curves,
                         CustomerValues& values) {
    const auto at = std::ranges::lower_bound(days.customers, customer);
    if (at == days.customers.end() || *at != customer) {
      values[kNoCurve] = std::string(kNoHours);
      return;
    }
    const auto owner = static_cast<std::uint32_t>(at - days.customers.begin());
    values[kWorkDays] = static_cast<double>(curves.days(owner, 0));
    values[kRestDays] = static_cast<double>(curves.days(owner, 1));
    const auto row = std::ranges::lower_bound(curves.owners, owner);
    if (row == curves.owners.end() || *row != owner) {
      values[kNoCurve] = std::string(kFewDays);
      return;
    }
    const auto curve = curves.rows.row(static_cast<std::size_t>(row - curves.owners.begin()));
    for (std::size_t i = 0; i < kCurveWidth; ++i) values[column_of(i)] = static_cast<double>(curve[i]);
  }

  static std::vector<double> curve_of(const CustomerValues& values) {
    std::vector<double> out(kCurveWidth);
    for (std::size_t i = 0; i < kCurveWidth; ++i) out[i] = number_in(values, column_of(i)).value_or(0);
    return out;
  }

  /// The change as it is told, if it leads anywhere. Another group may be nearer on the way: then it leads there.
  Result<std::optional<Move>> try_move(const CustomerValues& values, const std::vector<double>& curve,
                                       const std::optional<std::vector<double>>& to, const Place& everything) {
    if (!to) return std::optional<Move>();
    auto changed = values;
    Move out;
    for (std::size_t i = 0; i < kCurveWidth; ++i) {
      const double difference = (*to)[i] - curve[i];
      if (difference == 0) continue;
      changed[column_of(i)] = (*to)[i];
      ValueChange change;
      change.feature = column_of(i);
      change.from = curve[i];
      change.to = (*to)[i];
      change.step = kShareStep;
      change.scaled = difference;
      out.changes.push_back(std::move(change));
      out.distance += difference * difference;
    }
    out.distance = std::sqrt(out.distance);
    FENQUN_TRY(const auto placed, everything(changed));
    if (placed.group.empty() || !leads_clearly(*to, placed.group)) return std::optional<Move>();
    FENQUN_TRY(const auto own, everything(values));
    if (placed.group == own.group) return std::optional<Move>();
    out.into = placed.group;
    std::ranges::stable_sort(out.changes, std::greater<>(), [](const ValueChange& c) { return std::abs(c.scaled); });
    return std::optional<Move>(std::move(out));
  }

  [[nodiscard]] bool leads_clearly(const std::vector<double>& curve, const std::string& into) const {
    std::uint32_t group = 0;
    while (code(group) != into) ++group;
    for (std::uint32_t other = 0; other < centres_.rows(); ++other) {
      if (other != group && !is_nearer(curve, centre(group), centre(other))) return false;
    }
    return true;
  }

  Result<std::vector<std::string>> assign_days(const std::vector<std::string>& customers, const DayCurves& days) {
    FENQUN_TRY(const auto shaped, shape_days(days, context_.pool));
    const auto curves = mean_curves(shaped, days.customers.size(), rule().least_days);
    FENQUN_TRY(const auto found, cluster::assign_rows(curves.rows.view(), centres_.view(), context_.pool));
    std::map<std::string, std::string> groups;
    for (std::size_t r = 0; r < curves.owners.size(); ++r)
      groups.emplace(days.customers[curves.owners[r]], code(found.labels[r]));
    std::vector<std::string> out;
    out.reserve(customers.size());
    for (const auto& customer : customers) out.push_back(groups[customer]);
    return out;
  }

  ExplainContext context_;
  Matrix<float> centres_;
};

}  // namespace

std::string name_of(const HourShare& share) {
  return fmt::format("{}{}_{:02}", kPrefix, share.is_rest_day ? "rest" : "work", share.hour);
}

std::optional<HourShare> hour_share_of(std::string_view feature) {
  if (!feature.starts_with(kPrefix) || feature.size() != kPrefix.size() + 7) return std::nullopt;
  HourShare out;
  out.is_rest_day = feature.substr(kPrefix.size(), 4) == "rest";
  const auto* const end = feature.data() + feature.size();
  std::from_chars(end - 2, end, out.hour);
  return out.hour >= 0 && out.hour < static_cast<int>(kHoursPerDay) && name_of(out) == feature ? std::optional(out)
                                                                                               : std::nullopt;
}

Result<std::unique_ptr<MethodExplainer>> make_load_shape_explainer(const ExplainContext& context) {
  const auto& curves =
      context.run.shapes ? context.run.shapes->group_curves : std::vector<LoadShapeResult::GroupCurve>();
  Matrix<float> centres(context.run.groups.size(), kCurveWidth);
  for (std::size_t g = 0; g < centres.rows(); ++g) {
    if (curves.size() != centres.rows() || curves[g].hours.size() != kCurveWidth) {
      return fail(ErrorCode::BadData, "segment.explain_old_run",
                  {{"run", context.run.run_id}, {"scheme", context.run.scheme}, {"month", context.run.as_of.text()}});
    }
    for (std::size_t i = 0; i < kCurveWidth; ++i) centres(g, i) = static_cast<float>(curves[g].hours[i]);
  }
  return std::make_unique<LoadShapeExplainer>(context, std::move(centres));
}

}  // namespace fenqun::segment
