// segment/explain.cpp - one customer's values, the way from them to a group, and the check of what was stated.
#include "segment/explain.hpp"

#include "base/random.hpp"
#include "segment/method_explainer.hpp"
#include "segment/wording.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

/// Everything that the scheme may look at of a customer.
std::set<std::string> looked_at(const Scheme& scheme) {
  std::set<std::string> names(scheme.required.begin(), scheme.required.end());
  const auto add = [&](const Expression& expression) {
    names.insert(expression.features().begin(), expression.features().end());
  };
  if (scheme.population) add(*scheme.population);
  if (scheme.within_condition) add(*scheme.within_condition);
  for (const auto& exclusion : scheme.exclusions) add(exclusion.when);
  for (const auto& group : scheme.groups) {
    if (group.when) add(*group.when);
  }
  for (const auto& feature : scheme.features) names.insert(feature.name);
  return names;
}

FeatureValue value_at(const warehouse::RowSet& rows, std::size_t row, std::size_t column) {
  const auto& value = rows.rows[row][column];
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  return {};
}

double step_of(const std::string& unit) {
  if (unit == "CNY") return 0.01;
  return unit == "share" || unit == "ratio" ? 0.0001 : 0.001;
}

Result<std::map<std::string, FeatureGrid, std::less<>>> find_grids(warehouse::Workspace& workspace,
                                                                   const features::FeatureCatalogue& catalogue,
                                                                   const std::string& everybody,
                                                                   const std::set<std::string>& names) {
  std::vector<const features::Feature*> numbers;
  std::string sql = "SELECT 0";
  for (const auto& name : names) {
    const auto* feature = catalogue.find(name);
    if (feature == nullptr || feature->type != features::FeatureType::Number) continue;
    numbers.push_back(feature);
    const auto column = sql_name(name);
    sql += ", min(" + column + "), max(" + column + "), coalesce(bool_and(" + column + " = round(" + column +
           ")), false), quantile_cont(" + column + ", 0.95) - quantile_cont(" + column + ", 0.05)";
  }
  FENQUN_TRY(const auto found, workspace.connection().query(sql + " FROM " + everybody));
  std::map<std::string, FeatureGrid, std::less<>> out;
  for (std::size_t f = 0; f < numbers.size(); ++f) {
    const std::size_t at = 1 + 4 * f;
    FeatureGrid grid;
    grid.least = found.number(0, at);
    grid.greatest = found.number(0, at + 1);
    grid.whole = found.boolean(0, at + 2);
    const double range = grid.greatest - grid.least;
    grid.spread = found.number(0, at + 3) > 0 ? found.number(0, at + 3) : range > 0 ? range : 1;
    grid.step = grid.whole ? 1 : step_of(numbers[f]->unit);
    // What varies by less than ten thousand steps gets finer ones.
    while (!grid.whole && range > 0 && grid.step * 10'000 > range && grid.step > 1e-9) grid.step /= 10;
    out.emplace(numbers[f]->name, grid);
  }
  return out;
}

}  // namespace

double FeatureGrid::beyond(double value, double from) const {
  // Dividing by a step below 1 is inexact; multiplying by its inverse keeps 0.01 x n the nearest double.
  const double inverse = std::round(1 / step);
  const double place = whole ? value : value * inverse;
  const double rounded = value >= from ? std::ceil(place - 1e-9) : std::floor(place + 1e-9);
  const double on_grid = whole ? rounded : rounded / inverse;
  return std::clamp(on_grid, std::min(least, from), std::max(greatest, from));
}

Result<std::vector<FeatureValue>> aggregates_of(warehouse::Workspace& workspace, const Expression& expression,
                                                const std::string& population) {
  std::vector<FeatureValue> out;
  for (const auto& sql : expression.aggregates_sql(population)) {
    FENQUN_TRY(const auto found, workspace.connection().query("SELECT " + sql));
    out.push_back(value_at(found, 0, 0));
  }
  return out;
}

ValueChange change_of(const ExplainContext& context, const std::string& feature, const CustomerValues& values,
                      FeatureValue to) {
  ValueChange out;
  out.feature = feature;
  out.from = value_of(values)(feature);
  out.to = std::move(to);
  const auto grid = context.grids.find(feature);
  if (grid == context.grids.end() || !std::holds_alternative<double>(out.to)) return out;
  out.step = grid->second.step;
  out.whole = grid->second.whole;
  return out;
}

Result<std::unique_ptr<MethodExplainer>> make_method_explainer(const ExplainContext& context) {
  switch (context.scheme.method) {
    case Method::Rules:
      return make_rules_explainer(context);
    case Method::Tiers:
      return make_tiers_explainer(context);
    case Method::Bands:
      return make_bands_explainer(context);
    default:
      return std::unique_ptr<MethodExplainer>();
  }
}

struct Explainer::State {
  warehouse::Workspace& workspace;
  const features::FeatureCatalogue& catalogue;
  const Scheme& scheme;
  const RunResult& run;
  WorkerPool& pool;
  warehouse::Workspace::Scratch scratch;
  Population population;
  std::set<std::string> names;
  std::map<std::string, FeatureGrid, std::less<>> grids;
  std::vector<FeatureValue> population_aggregates;
  std::vector<std::vector<FeatureValue>> exclusion_aggregates;
  std::unique_ptr<MethodExplainer> method;

  /// SQL of the customers of the month with every column that the scheme names.
  [[nodiscard]] std::string source() const { return source_sql(scheme, run.as_of, run.uses); }

  [[nodiscard]] Placement refused(const CustomerValues& values) const {
    const auto get = value_of(values);
    if (scheme.population && !holds(scheme.population->evaluate(get, population_aggregates)))
      return {"", kNotInPopulation};
    if (scheme.within_condition && !holds(scheme.within_condition->evaluate(get, {}))) return {"", kNotInPopulation};
    for (std::size_t i = 0; i < scheme.exclusions.size(); ++i) {
      if (holds(scheme.exclusions[i].when.evaluate(get, exclusion_aggregates[i])))
        return {"", scheme.exclusions[i].code};
    }
    for (const auto& name : scheme.required) {
      if (std::holds_alternative<std::monostate>(get(name))) return {"", "missing:" + name};
    }
    return {};
  }

  Result<Placement> place(const CustomerValues& values) const {
    auto out = refused(values);
    if (!out.reason.empty() || !method) return out;
    return method->place(values);
  }

  /// Values of some customers, in the order of their ids.
  Result<std::vector<std::pair<std::string, CustomerValues>>> read(const std::string& customers) {
    std::string columns = "customer_id";
    for (const auto& name : names) columns += ", " + sql_name(name);
    FENQUN_TRY(const auto rows,
               workspace.connection().query("SELECT " + columns + " FROM " + source() + " WHERE customer_id IN (" +
                                            customers + ") ORDER BY customer_id"));
    std::vector<std::pair<std::string, CustomerValues>> out;
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      CustomerValues values;
      values.emplace(kCustomerId, rows.text(r, 0));
      std::size_t column = 1;
      for (const auto& name : names) values.emplace(name, value_at(rows, r, column++));
      out.emplace_back(rows.text(r, 0), std::move(values));
    }
    return out;
  }

  [[nodiscard]] BilingualText title_of(const std::string& group) const {
    for (const auto& one : run.groups) {
      if (one.code == group) return one.title;
    }
    return {group, group};
  }

  Result<BilingualText> reason_text(const std::string& code) {
    for (const auto& exclusion : scheme.exclusions) {
      if (exclusion.code == code) return exclusion.reason;
    }
    constexpr std::string_view kMissing = "missing:";
    if (code.starts_with(kMissing)) {
      if (const auto* feature = catalogue.find(code.substr(kMissing.size()))) return feature->missing;
    }
    for (const auto& known : run.unclassified) {
      if (known.code == code) return known.reason;
    }
    if (code == kNotInPopulation) return in_both_languages(workspace.assets(), "segment.not_in_population");
    if (code == kNoRule) return in_both_languages(workspace.assets(), "segment.no_rule");
    return BilingualText{code, code};
  }

  Result<Placement> stored(const std::string& customer) {
    FENQUN_TRY(const auto found,
               workspace.connection().query("SELECT group_code, reason FROM assignment WHERE run_id = " +
                                            sql_text(run.run_id) + " AND customer_id = " + sql_text(customer)));
    if (found.rows.empty()) return Placement{"", kNotInPopulation};
    return Placement{found.text(0, 0), found.is_null(0, 0) ? found.text(0, 1) : ""};
  }

  Result<Explanation> explain(const std::string& customer, const CustomerValues& values) {
    Explanation out;
    out.customer_id = customer;
    out.scheme = run.scheme;
    out.run_id = run.run_id;
    out.method = run.method;
    out.as_of = run.as_of;
    FENQUN_TRY(out.own, method ? place(values) : stored(customer));
    if (out.own.group.empty()) {
      FENQUN_TRY(out.own_title, reason_text(out.own.reason));
    } else {
      out.own_title = title_of(out.own.group);
    }
    if (!refused(values).reason.empty() || !method) return out;
    FENQUN_CHECK(method->explain(
        values, [this](const CustomerValues& v) { return place(v); }, out));
    out.has_no_move = !out.move;
    return out;
  }
};

Explainer::Explainer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Explainer::Explainer(Explainer&&) noexcept = default;
Explainer::~Explainer() = default;

Result<Explainer> Explainer::create(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                    const Scheme& scheme, const RunResult& run, WorkerPool& pool) {
  if (!run.definition.empty() && run.definition != scheme.fingerprint) {
    return fail(ErrorCode::Conflict, "segment.explain_scheme_changed",
                {{"scheme", run.scheme}, {"run", run.run_id}, {"month", run.as_of.text()}});
  }
  FENQUN_TRY(auto scratch, workspace.scratch("explain"));
  FENQUN_TRY(auto population, take_population(workspace, scratch.catalogue(), scheme, run.as_of, run.uses));
  auto state = std::make_unique<State>(State{workspace,
                                             catalogue,
                                             scheme,
                                             run,
                                             pool,
                                             std::move(scratch),
                                             std::move(population),
                                             looked_at(scheme),
                                             {},
                                             {},
                                             {},
                                             {}});
  const std::string everybody = state->source();
  if (scheme.population) {
    FENQUN_TRY(state->population_aggregates, aggregates_of(workspace, *scheme.population, everybody));
  }
  for (const auto& exclusion : scheme.exclusions) {
    FENQUN_TRY(auto aggregates,
               aggregates_of(workspace, exclusion.when, sql_name(state->scratch.catalogue()) + ".looked_at"));
    state->exclusion_aggregates.push_back(std::move(aggregates));
  }
  const std::string classified =
      "(SELECT w.* FROM " + everybody +
      " w JOIN assignment a ON a.customer_id = w.customer_id WHERE a.run_id = " + sql_text(run.run_id) +
      " AND a.group_code IS NOT NULL)";
  FENQUN_TRY(state->grids, find_grids(workspace, catalogue, classified, state->names));
  // Strata have a method each, which is not told apart here.
  if (run.classified > 0 && !scheme.strata) {
    FENQUN_TRY(state->method,
               make_method_explainer({workspace, catalogue, scheme, run, state->population, state->grids, pool}));
  }
  return Explainer(std::move(state));
}

Result<Explanation> Explainer::explain(const std::string& customer_id) {
  FENQUN_TRY(const auto found, state_->read(sql_text(customer_id)));
  if (found.empty()) {
    return fail(ErrorCode::NotFound, "segment.explain_no_customer",
                {{"customer", customer_id}, {"month", state_->run.as_of.text()}});
  }
  FENQUN_TRY(auto out, state_->explain(customer_id, found.front().second));
  FENQUN_TRY(const auto stored, state_->stored(customer_id));
  out.is_as_stored = stored == out.own;
  return out;
}

namespace {

struct Claim {
  std::string customer;
  std::string into;
};

void append_value(warehouse::Appender& appender, std::size_t column, const FeatureValue& value) {
  if (const auto* number = std::get_if<double>(&value))
    appender.set_number(column, *number);
  else if (const auto* text = std::get_if<std::string>(&value))
    appender.set_text(column, *text);
  else if (const auto* flag = std::get_if<bool>(&value))
    appender.set_boolean(column, *flag);
  else
    appender.set_null(column);
}

std::vector<warehouse::ColumnSpec> columns_for(const features::FeatureCatalogue& catalogue,
                                               const std::set<std::string>& names) {
  using warehouse::ColumnType;
  std::vector<warehouse::ColumnSpec> out = {{"customer_id", ColumnType::Text}};
  for (const auto& name : names) {
    const auto* feature = catalogue.find(name);
    const auto type = feature == nullptr || feature->type == features::FeatureType::Number ? ColumnType::Number
                      : feature->type == features::FeatureType::Flag                       ? ColumnType::Boolean
                                                                                           : ColumnType::Text;
    out.push_back({name, type});
  }
  return out;
}

}  // namespace

Result<ExplainCheck> Explainer::check(std::int64_t customers, std::uint64_t seed) {
  auto& s = *state_;
  ExplainCheck out;
  out.scheme = s.run.scheme;
  out.run_id = s.run.run_id;
  if (!s.method) return out;
  FENQUN_TRY(const auto drawn,
             s.workspace.connection().query(
                 "SELECT customer_id, group_code FROM (SELECT customer_id, group_code FROM assignment WHERE run_id = " +
                 sql_text(s.run.run_id) + " ORDER BY md5(customer_id || " + sql_text(std::to_string(mix64(seed))) +
                 ") LIMIT " + std::to_string(customers) + ") ORDER BY customer_id"));
  out.customers = static_cast<std::int64_t>(drawn.rows.size());
  std::vector<Claim> claims;
  FENQUN_TRY(auto appender,
             s.workspace.connection().appender(s.scratch.catalogue(), "changed", columns_for(s.catalogue, s.names),
                                               warehouse::Connection::Table::Create));
  constexpr std::size_t kPiece = 2'000;
  for (std::size_t begin = 0; begin < drawn.rows.size(); begin += kPiece) {
    std::string ids;
    const auto end = std::min(begin + kPiece, drawn.rows.size());
    for (std::size_t r = begin; r < end; ++r) ids += (r > begin ? ", " : "") + sql_text(drawn.text(r, 0));
    FENQUN_TRY(auto rows, s.read(ids));
    std::map<std::string, std::string> stored;
    for (std::size_t r = begin; r < end; ++r) stored[drawn.text(r, 0)] = drawn.text(r, 1);
    for (auto& [customer, values] : rows) {
      if (s.workspace.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
      FENQUN_TRY(const auto told, s.explain(customer, values));
      if (told.own.group != stored[customer]) out.failed.push_back(customer);
      if (told.own.group.empty()) {
        ++out.no_group;
        continue;
      }
      if (!told.move) {
        ++out.no_move;
        continue;
      }
      if (told.move->is_of_member) ++out.of_member;
      for (const auto& change : told.move->changes) values[change.feature] = change.to;
      if (!s.refused(values).reason.empty()) out.failed.push_back(customer);
      appender.set_text(0, customer);
      std::size_t column = 1;
      for (const auto& name : s.names) append_value(appender, column++, values[name]);
      FENQUN_CHECK(appender.end_row());
      claims.push_back({customer, told.move->into});
    }
  }
  FENQUN_CHECK(appender.close());
  FENQUN_TRY(const auto groups, s.method->assign_all(sql_name(s.scratch.catalogue()) + ".changed"));
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (i < groups.size() && groups[i] == claims[i].into)
      ++out.moved;
    else
      out.failed.push_back(claims[i].customer);
  }
  FENQUN_CHECK(s.workspace.connection().execute("DROP TABLE " + sql_name(s.scratch.catalogue()) + ".changed"));
  return out;
}

}  // namespace fenqun::segment
