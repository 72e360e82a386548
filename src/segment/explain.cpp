// segment/explain.cpp - one customer's values and the way from them to a group.
#include "segment/explain.hpp"

#include "base/short_text.hpp"
#include "segment/explain_state.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

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
    case Method::Personas:
      return make_tiers_explainer(context);
    case Method::Bands:
      return make_bands_explainer(context);
    case Method::Score:
      return make_score_explainer(context);
    case Method::LoadShape:
      return make_load_shape_explainer(context);
  }
  return fail(ErrorCode::Internal, "segment.no_method");
}

Placement Explainer::State::refused(const CustomerValues& values) const {
  const auto get = value_of(values);
  if (scheme.population && !holds(scheme.population->evaluate(get, population_aggregates)))
    return {"", kNotInPopulation};
  if (scheme.within_condition && !holds(scheme.within_condition->evaluate(get, {}))) return {"", kNotInPopulation};
  for (std::size_t i = 0; i < scheme.exclusions.size(); ++i) {
    if (holds(scheme.exclusions[i].when.evaluate(get, exclusion_aggregates[i]))) return {"", scheme.exclusions[i].code};
  }
  for (const auto& name : scheme.required) {
    if (std::holds_alternative<std::monostate>(get(name))) return {"", "missing:" + name};
  }
  return {};
}

const Parameter* Explainer::State::override_of(const std::string& name, const ValueOf& get) const {
  for (std::size_t i = 0; i < scheme.overrides.size(); ++i) {
    const auto& set = scheme.overrides[i].set;
    const auto at = std::ranges::find(set, name, &Parameter::name);
    if (at != set.end() && holds(scheme.overrides[i].where.evaluate(get, override_aggregates[i]))) return &*at;
  }
  return nullptr;
}

void Explainer::State::set_parameters(CustomerValues& values) const {
  for (const auto& parameter : scheme.parameters) values[parameter.name] = parameter.value;
  const auto get = value_of(values);
  for (const auto& parameter : scheme.parameters) {
    if (const auto* set = override_of(parameter.name, get)) values[parameter.name] = set->value;
  }
}

Result<Placement> Explainer::State::place(const CustomerValues& values) const {
  const auto by_method = [this](const CustomerValues& all) -> Result<Placement> {
    auto out = refused(all);
    if (!out.reason.empty() || !method) return out;
    return method->place(all);
  };
  if (scheme.parameters.empty()) return by_method(values);
  auto all = values;
  set_parameters(all);
  return by_method(all);
}

Result<std::vector<std::pair<std::string, CustomerValues>>> Explainer::State::read(const std::string& customers) {
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
  if (method) FENQUN_CHECK(method->read_own(out));
  return out;
}

Result<BilingualText> Explainer::State::reason_title(const std::string& code) {
  const auto known = reasons.find(code);
  if (known != reasons.end()) return known->second;
  FENQUN_TRY(auto text, reason_text(workspace.assets(), scheme, catalogue, code));
  reasons.emplace(code, text);
  return text;
}

BilingualText Explainer::State::title_of(const std::string& group) const {
  for (const auto& one : run.groups) {
    if (one.code == group) return one.title;
  }
  return {group, group};
}

Result<Placement> Explainer::State::stored(const std::string& customer) const {
  FENQUN_TRY(const auto found,
             workspace.connection().query("SELECT group_code, reason FROM assignment WHERE run_id = " +
                                          sql_text(run.run_id) + " AND customer_id = " + sql_text(customer)));
  if (found.rows.empty()) return Placement{"", kNotInPopulation};
  return Placement{found.text(0, 0), found.is_null(0, 0) ? found.text(0, 1) : ""};
}

Result<Explanation> Explainer::State::explain(const std::string& customer, const CustomerValues& values) {
  Explanation out;
  out.customer_id = customer;
  out.scheme = run.scheme;
  out.run_id = run.run_id;
  out.method = run.method;
  out.as_of = run.as_of;
  FENQUN_TRY(out.own, method ? place(values) : stored(customer));
  if (out.own.group.empty()) {
    FENQUN_TRY(out.own_title, reason_title(out.own.reason));
  } else {
    out.own_title = title_of(out.own.group);
  }
  if (!refused(values).reason.empty() || !method) return out;
  FENQUN_CHECK(method->explain(
      values, [this](const CustomerValues& v) { return place(v); }, out));
  out.has_no_move = !out.move && !out.own.group.empty();
  return out;
}

Explainer::Explainer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Explainer::Explainer(Explainer&&) noexcept = default;
Explainer::~Explainer() = default;

Result<Explainer> Explainer::create(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                    const Scheme& scheme, const RunResult& run, WorkerPool& pool) {
  if (!run.definition.empty() && run.definition != scheme.fingerprint) {
    return fail(ErrorCode::Conflict, "segment.explain_scheme_changed",
                {{"scheme", run.scheme}, {"run", run.run_id}, {"month", run.as_of.text()}});
  }
  FENQUN_TRY(auto scratch, workspace.scratch("explain", warehouse::Workspace::ScratchPlace::InMemory));
  FENQUN_TRY(auto population, take_population(workspace, scratch.catalogue(), scheme, run.as_of, run.uses));
  auto state = std::make_unique<State>(State{workspace,
                                             catalogue,
                                             scheme,
                                             run,
                                             pool,
                                             std::move(scratch),
                                             std::move(population),
                                             columns_of(scheme),
                                             {},
                                             {},
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
  for (const auto& override : scheme.overrides) {
    FENQUN_TRY(auto aggregates, aggregates_of(workspace, override.where, everybody));
    state->override_aggregates.push_back(std::move(aggregates));
  }
  const std::string classified =
      "(SELECT w.* FROM " + everybody +
      " w JOIN assignment a ON a.customer_id = w.customer_id WHERE a.run_id = " + sql_text(run.run_id) +
      " AND a.group_code IS NOT NULL)";
  FENQUN_TRY(state->grids, find_grids(workspace, catalogue, classified, state->names));
  if (run.classified > 0) {
    const ExplainContext context{workspace,         catalogue,    scheme, run, state->scratch.catalogue(),
                                 state->population, state->grids, pool};
    FENQUN_TRY(state->method, scheme.strata ? make_strata_explainer(context) : make_method_explainer(context));
  }
  return Explainer(std::move(state));
}

Result<Explanation> Explainer::explain(const std::string& customer_id) {
  FENQUN_TRY(const auto found, state_->read(sql_text(customer_id)));
  if (found.empty()) {
    return fail(ErrorCode::NotFound, "segment.explain_no_customer",
                {{"customer", short_text(customer_id)}, {"month", state_->run.as_of.text()}});
  }
  FENQUN_TRY(auto out, state_->explain(customer_id, found.front().second));
  FENQUN_TRY(const auto stored, state_->stored(customer_id));
  out.is_as_stored = stored == out.own;
  return out;
}

}  // namespace fenqun::segment
