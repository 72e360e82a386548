// segment/load_shape.cpp - customers grouped by the shape of their days; the dictionary of daily shapes beside it.
#include "cluster/assign.hpp"
#include "cluster/choose_k.hpp"
#include "load/adaptive_shapes.hpp"
#include "load/shape_use.hpp"
#include "segment/k_trials.hpp"
#include "segment/shape_curves.hpp"
#include "segment/shape_names.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace fenqun::segment {
namespace {

using warehouse::ColumnType;
using warehouse::sql_name;

/// What the dictionary says of all days and of each customer.
struct Study {
  load::ShapeStudy shapes;
  std::vector<load::ShapeVariety> variety;  // per customer with readings
};

Result<Study> study(const MethodInput& input, const Shaped& shaped, std::size_t customers, RunResult& result) {
  const auto& rule = *input.scheme.shapes;
  const auto& stop = input.workspace.options().stop;
  load::ShapeStudyOptions options;
  options.search.theta = rule.theta;
  options.search.kmeans.seed = result.seed;
  options.sample = rule.sample;
  options.cap = rule.dictionary;
  Study out;
  FENQUN_TRY(out.shapes, load::study_shapes(shaped.profiles.rows.view(), options, input.pool, stop));
  const auto& dictionary = out.shapes.merged.dictionary;
  const load::CodedDays coded{out.shapes.encoding.codes, shaped.owner_of,
                              static_cast<std::uint32_t>(dictionary.members.size()),
                              static_cast<std::uint32_t>(customers)};
  FENQUN_TRY(out.variety, load::measure_variety(coded, input.pool, stop));
  FENQUN_TRY(const auto cells,
             load::count_cells(coded, {shaped.season_of, shaped.day_type_of, kSeasons, kDayTypes}, input.pool, stop));
  auto& kept = *result.shapes;
  kept.found_shapes = out.shapes.found_shapes;
  kept.violation_share = out.shapes.encoding.coverage.violation_share;
  kept.mean_error = out.shapes.encoding.coverage.mean_error;
  for (std::size_t s = 0; s < dictionary.members.size(); ++s) {
    ShapeResult shape;
    shape.days = static_cast<std::int64_t>(out.shapes.encoding.counts[s]);
    shape.hours.assign(dictionary.shapes.row(s).begin(), dictionary.shapes.row(s).end());
    shape.share = static_cast<double>(shape.days) / static_cast<double>(kept.shaped_days);
    for (std::size_t cell = 0; cell < cells.counts.cols(); ++cell) {
      shape.days_by_cell.push_back(static_cast<std::int64_t>(cells.counts(s, cell)));
    }
    kept.dictionary.push_back(std::move(shape));
  }
  FENQUN_CHECK(name_days(input.workspace.assets(), kept.dictionary));
  return out;
}

// Largest group first, of equals the one with the earlier peak.
Result<std::vector<std::string>> name_groups(const MethodInput& input, const cluster::KMeansFit& fit,
                                             RunResult& result) {
  std::vector<std::size_t> order(fit.centroids.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return fit.sizes[a] > fit.sizes[b]; });
  const bool named = input.scheme.groups.size() == order.size();
  result.groups_named = named;
  std::vector<std::string> codes(order.size());
  for (std::size_t place = 0; place < order.size(); ++place) {
    const auto centre = fit.centroids.row(order[place]);
    GroupResult group;
    group.code = named ? input.scheme.groups[place].code : "g" + std::to_string(place + 1);
    if (named) {
      group.title = input.scheme.groups[place].title;
      group.description = input.scheme.groups[place].description;
    } else {
      FENQUN_CHECK(name_shape(input.workspace.assets(), centre, place + 1, group));
    }
    result.shapes->group_curves.push_back({group.code, std::vector<double>(centre.begin(), centre.end())});
    codes[order[place]] = group.code;
    result.groups.push_back(std::move(group));
  }
  return codes;
}

/// Row of a customer among those that are grouped, or nothing.
constexpr std::size_t kNoRow = std::numeric_limits<std::size_t>::max();

Result<void> write_assigned(const MethodInput& input, const DayCurves& days, const Curves& curves,
                            const cluster::Assignment& assignment, const std::vector<std::string>& codes) {
  std::vector<std::size_t> row_of(days.customers.size(), kNoRow);
  for (std::size_t r = 0; r < curves.owners.size(); ++r) row_of[curves.owners[r]] = r;
  auto& connection = input.workspace.connection();
  FENQUN_TRY(auto appender, connection.appender(input.scratch_catalogue, "shaped",
                                                {{"customer_id", ColumnType::Text},
                                                 {"group_code", ColumnType::Text},
                                                 {"distance_own", ColumnType::Number},
                                                 {"distance_next", ColumnType::Number},
                                                 {"next_group", ColumnType::Text}},
                                                warehouse::Connection::Table::Create));
  for (std::size_t c = 0; c < days.customers.size(); ++c) {
    appender.set_text(0, days.customers[c]);
    const auto r = row_of[c];
    const bool has_next = r != kNoRow && assignment.next_labels[r] != cluster::kNoLabel;
    if (r == kNoRow) {
      appender.set_null(1);
      appender.set_null(2);
    } else {
      appender.set_text(1, codes[assignment.labels[r]]);
      appender.set_number(2, static_cast<double>(assignment.distances[r]));
    }
    if (has_next) {
      appender.set_number(3, static_cast<double>(assignment.next_distances[r]));
      appender.set_text(4, codes[assignment.next_labels[r]]);
    } else {
      appender.set_null(3);
      appender.set_null(4);
    }
    FENQUN_CHECK(appender.end_row());
  }
  FENQUN_CHECK(appender.close());
  const std::string catalogue = sql_name(input.scratch_catalogue);
  return connection.execute(
      "CREATE TABLE " + catalogue +
      ".assigned AS SELECT p.customer_id, s.group_code, CASE WHEN s.customer_id IS NULL THEN " +
      warehouse::sql_text(kNoHours) + " WHEN s.group_code IS NULL THEN " + warehouse::sql_text(kFewDays) +
      " END AS reason, s.distance_own, s.distance_next, s.next_group FROM " + input.population.classifiable +
      " p LEFT JOIN " + catalogue + ".shaped s ON s.customer_id = p.customer_id");
}

Result<void> write_variety(const MethodInput& input, const DayCurves& days, const Study& study) {
  FENQUN_TRY(auto appender, input.workspace.connection().appender(input.scratch_catalogue, "shapes",
                                                                  {{"customer_id", ColumnType::Text},
                                                                   {"days", ColumnType::Integer},
                                                                   {"distinct_shapes", ColumnType::Integer},
                                                                   {"dominant_shape", ColumnType::Integer},
                                                                   {"dominant_share", ColumnType::Number},
                                                                   {"entropy_bits", ColumnType::Number},
                                                                   {"entropy_share", ColumnType::Number}},
                                                                  warehouse::Connection::Table::Create));
  for (std::size_t c = 0; c < study.variety.size(); ++c) {
    const auto& one = study.variety[c];
    appender.set_text(0, days.customers[c]);
    appender.set_integer(1, one.days);
    appender.set_integer(2, one.distinct);
    if (one.dominant == load::kNoShape)
      appender.set_null(3);
    else
      appender.set_integer(3, one.dominant + 1);
    appender.set_number(4, one.dominant_share);
    appender.set_number(5, one.entropy_bits);
    appender.set_number(6, one.entropy_share);
    FENQUN_CHECK(appender.end_row());
  }
  return appender.close();
}

}  // namespace

Result<void> assign_by_load_shape(const MethodInput& input, RunResult& result) {
  const auto& rule = *input.scheme.shapes;
  FENQUN_TRY(const auto days,
             read_days(input.workspace, input.population.classifiable, input.options.as_of, rule.months));
  result.shapes = LoadShapeResult();
  result.shapes->months = rule.months;
  result.shapes->customers = static_cast<std::int64_t>(days.customers.size());
  if (days.customers.empty()) return assign_nobody(input, kNoHours, result);
  FENQUN_TRY(const auto shaped, shape_days(days, input.pool, input.workspace.options().stop));
  result.shapes->days = static_cast<std::int64_t>(days.owner_of.size());
  result.shapes->shaped_days = static_cast<std::int64_t>(shaped.owner_of.size());
  const auto curves = mean_curves(shaped, days.customers.size(), rule.least_days);
  if (curves.owners.empty()) return assign_nobody(input, kFewDays, result);
  FENQUN_TRY(const auto found, study(input, shaped, days.customers.size(), result));
  FENQUN_CHECK(write_variety(input, days, found));
  FENQUN_TRY(const auto choice, cluster::choose_k(curves.rows.view(), choice_options(input, result.seed), input.pool,
                                                  {}, input.workspace.options().stop));
  keep_trials(choice, result);
  FENQUN_TRY(const auto codes, name_groups(input, choice.fit, result));
  FENQUN_TRY(const auto assignment, cluster::assign_rows(curves.rows.view(), choice.fit.centroids.view(), input.pool,
                                                         input.workspace.options().stop));
  return write_assigned(input, days, curves, assignment, codes);
}

}  // namespace fenqun::segment
