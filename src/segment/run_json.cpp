// segment/run_json.cpp
#include "segment/run_json.hpp"

#include <limits>

namespace fenqun::segment {
namespace {

using Json = nlohmann::ordered_json;

Json optional(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }
std::optional<double> number_or_none(const Json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<double>();
}
/// Of a field that runs stored by an earlier version do not have.
std::optional<double> number_if_there(const Json& json, const char* key) {
  return json.contains(key) ? number_or_none(json.at(key)) : std::nullopt;
}

template <class Items, class Convert>
Json list(const Items& items, Convert convert) {
  Json out = Json::array();
  for (const auto& item : items) out.push_back(convert(item));
  return out;
}

Json both(const BilingualText& text) { return {{"zh", text.zh}, {"en", text.en}}; }
BilingualText both_from(const Json& json) {
  return {json.at("zh").get<std::string>(), json.at("en").get<std::string>()};
}

Json group_json(const GroupResult& group) {
  Json centre = Json::object();
  for (const auto& value : group.centre) centre[value.feature] = value.value;
  return {{"code", group.code},
          {"title", both(group.title)},
          {"description", both(group.description)},
          {"customers", group.customers},
          {"share", group.share},
          {"order_score", group.order_score},
          {"centre", centre},
          {"scaled_centre", group.scaled_centre},
          {"scaled_start", group.scaled_start}};
}

GroupResult group_from(const Json& json) {
  GroupResult group;
  group.code = json.at("code").get<std::string>();
  group.title = both_from(json.at("title"));
  group.description = both_from(json.at("description"));
  group.customers = json.at("customers").get<std::int64_t>();
  group.share = json.at("share").get<double>();
  group.order_score = json.at("order_score").get<double>();
  for (const auto& [feature, value] : json.at("centre").items()) group.centre.push_back({feature, value.get<double>()});
  group.scaled_centre = json.value("scaled_centre", std::vector<double>());
  group.scaled_start = json.value("scaled_start", std::vector<double>());
  return group;
}

Json trial_json(const TrialResult& trial) {
  return {{"k", trial.k},
          {"inertia", trial.inertia},
          {"centroid_silhouette", trial.centroid_silhouette},
          {"calinski_harabasz", optional(trial.calinski_harabasz)},
          {"davies_bouldin", optional(trial.davies_bouldin)},
          {"smallest_share", trial.smallest_share},
          {"rounds", trial.rounds},
          {"converged", trial.converged},
          {"silhouette", optional(trial.silhouette)},
          {"silhouette_low", optional(trial.silhouette_low)},
          {"silhouette_high", optional(trial.silhouette_high)},
          {"gap", optional(trial.gap)},
          {"gap_error", optional(trial.gap_error)},
          {"stability", optional(trial.stability)},
          {"stability_least", optional(trial.stability_least)}};
}

TrialResult trial_from(const Json& json) {
  TrialResult trial;
  trial.k = json.at("k").get<std::uint32_t>();
  trial.inertia = json.at("inertia").get<double>();
  trial.centroid_silhouette = json.at("centroid_silhouette").get<double>();
  trial.calinski_harabasz = number_or_none(json.at("calinski_harabasz"));
  trial.davies_bouldin = number_or_none(json.at("davies_bouldin"));
  trial.smallest_share = json.at("smallest_share").get<double>();
  trial.rounds = json.at("rounds").get<std::uint32_t>();
  trial.converged = json.at("converged").get<bool>();
  trial.silhouette = number_if_there(json, "silhouette");
  trial.silhouette_low = number_if_there(json, "silhouette_low");
  trial.silhouette_high = number_if_there(json, "silhouette_high");
  trial.gap = number_if_there(json, "gap");
  trial.gap_error = number_if_there(json, "gap_error");
  trial.stability = number_if_there(json, "stability");
  trial.stability_least = number_if_there(json, "stability_least");
  return trial;
}

Json scaling_json(const ScalingResult& scaling) {
  return {{"feature", scaling.feature},     {"transform", scaling.transform}, {"weight", scaling.weight},
          {"fell_back", scaling.fell_back}, {"centre", scaling.centre},       {"scale", scaling.scale},
          {"low", optional(scaling.low)},   {"high", optional(scaling.high)}, {"knots", scaling.knots}};
}

ScalingResult scaling_from(const Json& json) {
  ScalingResult scaling;
  scaling.feature = json.at("feature").get<std::string>();
  scaling.transform = json.at("transform").get<std::string>();
  scaling.weight = json.at("weight").get<double>();
  scaling.fell_back = json.at("fell_back").get<bool>();
  scaling.centre = json.value("centre", 0.0);
  scaling.scale = json.value("scale", 1.0);
  scaling.low = number_if_there(json, "low");
  scaling.high = number_if_there(json, "high");
  scaling.knots = json.value("knots", std::vector<double>());
  return scaling;
}

Json score_json(const ScoreResult& score) {
  Json out = {{"least_known", score.least_known}, {"top_reasons", score.top_reasons}, {"mean", optional(score.mean)}};
  out["parts"] = Json::array();
  for (const auto& part : score.parts) {
    out["parts"].push_back({{"feature", part.feature},
                            {"condition", part.condition},
                            {"map", part.map},
                            {"weight", part.weight},
                            {"sentence", both(part.sentence)},
                            {"known", part.known},
                            {"mean_contribution", optional(part.mean_contribution)}});
  }
  out["bands"] = list(score.bands, [](const ScoreBandResult& band) {
    return Json{{"code", band.code},
                {"from", optional(band.from)},
                {"mean_points", list(band.mean_points, optional)},
                {"counts", band.counts}};
  });
  return out;
}

ScoreResult score_from(const Json& json, const std::string& source) {
  ScoreResult score;
  score.source = source;
  score.least_known = json.at("least_known").get<double>();
  score.top_reasons = json.at("top_reasons").get<std::uint32_t>();
  score.mean = number_or_none(json.at("mean"));
  for (const auto& item : json.at("parts")) {
    score.parts.push_back({item.at("feature").get<std::string>(), item.at("condition").get<std::string>(),
                           item.at("map").get<std::string>(), item.at("weight").get<double>(),
                           both_from(item.at("sentence")), item.at("known").get<std::int64_t>(),
                           number_or_none(item.at("mean_contribution"))});
  }
  for (const auto& item : json.value("bands", Json::array())) {
    ScoreBandResult band{item.at("code").get<std::string>(), number_or_none(item.at("from")), {}, {}};
    for (const auto& points : item.at("mean_points")) band.mean_points.push_back(number_or_none(points));
    band.counts = item.at("counts").get<std::vector<std::int64_t>>();
    score.bands.push_back(std::move(band));
  }
  return score;
}

Json shapes_json(const LoadShapeResult& shapes) {
  Json out = {{"months", shapes.months},
              {"customers", shapes.customers},
              {"days", shapes.days},
              {"shaped_days", shapes.shaped_days},
              {"found_shapes", shapes.found_shapes},
              {"violation_share", shapes.violation_share},
              {"mean_error", shapes.mean_error},
              {"dictionary", Json::array()},
              {"group_curves", Json::array()}};
  for (const auto& shape : shapes.dictionary) {
    out["dictionary"].push_back({{"days", shape.days},
                                 {"hours", shape.hours},
                                 {"days_by_cell", shape.days_by_cell},
                                 {"title", both(shape.title)},
                                 {"share", optional(shape.share)}});
  }
  for (const auto& curve : shapes.group_curves) {
    out["group_curves"].push_back({{"code", curve.code}, {"hours", curve.hours}});
  }
  return out;
}

LoadShapeResult shapes_from(const Json& json) {
  LoadShapeResult shapes;
  shapes.months = json.at("months").get<int>();
  shapes.customers = json.at("customers").get<std::int64_t>();
  shapes.days = json.at("days").get<std::int64_t>();
  shapes.shaped_days = json.at("shaped_days").get<std::int64_t>();
  shapes.found_shapes = json.at("found_shapes").get<std::int64_t>();
  shapes.violation_share = json.at("violation_share").get<double>();
  shapes.mean_error = json.at("mean_error").get<double>();
  for (const auto& item : json.at("dictionary")) {
    shapes.dictionary.push_back({item.at("days").get<std::int64_t>(), item.at("hours").get<std::vector<double>>(),
                                 item.at("days_by_cell").get<std::vector<std::int64_t>>()});
    if (item.contains("title")) shapes.dictionary.back().title = both_from(item.at("title"));
    shapes.dictionary.back().share = number_if_there(item, "share");
  }
  for (const auto& item : json.at("group_curves")) {
    shapes.group_curves.push_back({item.at("code").get<std::string>(), item.at("hours").get<std::vector<double>>()});
  }
  return shapes;
}

Json stratum_json(const StratumResult& stratum) {
  return {{"code", stratum.code},
          {"title", both(stratum.title)},
          {"customers", stratum.customers},
          {"groups", list(stratum.groups, group_json)},
          {"trials", list(stratum.trials, trial_json)},
          {"recommended_k", stratum.recommended_k},
          {"recommended_reason", stratum.recommended_reason},
          {"published_k", stratum.published_k},
          {"scaling", list(stratum.scaling, scaling_json)}};
}

StratumResult stratum_from(const Json& json) {
  StratumResult stratum;
  stratum.code = json.at("code").get<std::string>();
  stratum.title = both_from(json.at("title"));
  stratum.customers = json.at("customers").get<std::int64_t>();
  for (const auto& item : json.at("groups")) stratum.groups.push_back(group_from(item));
  for (const auto& item : json.at("trials")) stratum.trials.push_back(trial_from(item));
  stratum.recommended_k = json.at("recommended_k").get<std::uint32_t>();
  stratum.recommended_reason = json.at("recommended_reason").get<std::string>();
  stratum.published_k = json.at("published_k").get<std::uint32_t>();
  for (const auto& item : json.at("scaling")) stratum.scaling.push_back(scaling_from(item));
  return stratum;
}

// What only some schemes have stands there only for them.
void read_scope(const Json& json, RunResult& run) {
  if (json.contains("strata")) {
    for (const auto& item : json.at("strata")) run.strata.push_back(stratum_from(item));
  }
  if (json.contains("drift_bins")) {
    for (const auto& item : json.at("drift_bins")) {
      run.drift_bins.push_back({item.at("feature").get<std::string>(), item.at("edges").get<std::vector<double>>(),
                                item.at("counts").get<std::vector<std::uint64_t>>(),
                                item.at("missing").get<std::uint64_t>()});
    }
  }
  if (json.contains("uses")) {
    for (const auto& item : json.at("uses")) {
      run.uses.push_back({item.at("scheme").get<std::string>(), item.at("run_id").get<std::string>()});
    }
  }
  if (json.contains("parent")) {
    const auto& parent = json.at("parent");
    run.parent = ParentGroup{parent.at("scheme").get<std::string>(), parent.at("group").get<std::string>(),
                             parent.at("run_id").get<std::string>()};
  }
  run.group_limit_override = json.value("group_limit_override", "");
}

RunResult read_run(const Json& json) {
  RunResult run;
  run.run_id = json.at("run_id").get<std::string>();
  run.scheme = json.at("scheme").get<std::string>();
  run.scheme_version = json.at("scheme_version").get<int>();
  run.definition = json.value("definition", run.definition);
  run.scheme_title = both_from(json.at("scheme_title"));
  run.scheme_source = both_from(json.at("scheme_source"));
  run.method = json.at("method").get<std::string>();
  if (auto month = Month::parse(json.at("as_of").get<std::string>())) run.as_of = *month;
  run.data_fingerprint = json.at("data_fingerprint").get<std::string>();
  run.build = json.at("build").get<std::string>();
  run.seed = json.at("seed").get<std::uint64_t>();
  run.population = json.at("population").get<std::int64_t>();
  run.classified = json.at("classified").get<std::int64_t>();
  for (const auto& item : json.at("groups")) run.groups.push_back(group_from(item));
  // Earlier versions did not write it.
  run.groups_named = json.value("groups_named", run.groups.empty() || run.groups.front().code != "g1");
  for (const auto& item : json.at("not_classifiable")) {
    run.unclassified.push_back({item.at("code").get<std::string>(), both_from(item.at("reason")),
                                item.at("customers").get<std::int64_t>(),
                                item.at("examples").get<std::vector<std::string>>()});
  }
  for (const auto& item : json.at("trials")) run.trials.push_back(trial_from(item));
  run.recommended_k = json.at("recommended_k").get<std::uint32_t>();
  run.recommended_reason = json.at("recommended_reason").get<std::string>();
  run.published_k = json.at("published_k").get<std::uint32_t>();
  for (const auto& item : json.at("scaling")) run.scaling.push_back(scaling_from(item));
  run.row_norm = json.value("row_norm", run.row_norm);
  run.assignment_hash = json.at("assignment_hash").get<std::string>();
  if (json.contains("score_source")) {
    run.score = score_from(json.at("score"), json.at("score_source").get<std::string>());
  }
  if (json.contains("shapes")) run.shapes = shapes_from(json.at("shapes"));
  if (json.contains("balance")) {
    const auto& balance = json.at("balance");
    run.balance = BalanceResult{balance.at("least_share").get<double>(),
                                balance.at("most_share").get<double>(),
                                number_or_none(balance.at("price")).value_or(std::numeric_limits<double>::infinity()),
                                balance.at("moved").get<std::int64_t>(),
                                number_if_there(balance, "inertia"),
                                number_if_there(balance, "free_inertia")};
  }
  if (const auto& truth = json.at("truth"); !truth.is_null()) {
    run.truth = TruthResult{truth.at("column").get<std::string>(), truth.at("adjusted_rand_index").get<double>(),
                            truth.at("compared").get<std::int64_t>()};
  }
  read_scope(json, run);
  run.warnings = json.at("warnings").get<std::vector<std::string>>();
  return run;
}

}  // namespace

Json to_json(const RunResult& run) {
  Json out = {{"run_id", run.run_id},
              {"scheme", run.scheme},
              {"scheme_version", run.scheme_version},
              {"definition", run.definition},
              {"scheme_title", both(run.scheme_title)},
              {"scheme_source", both(run.scheme_source)},
              {"method", run.method},
              {"as_of", run.as_of.text()},
              {"data_fingerprint", run.data_fingerprint},
              {"build", run.build},
              {"seed", run.seed},
              {"population", run.population},
              {"classified", run.classified}};
  out["groups"] = list(run.groups, group_json);
  out["groups_named"] = run.groups_named;
  out["not_classifiable"] = list(run.unclassified, [](const UnclassifiedResult& line) {
    return Json{
        {"code", line.code}, {"reason", both(line.reason)}, {"customers", line.customers}, {"examples", line.examples}};
  });
  out["trials"] = list(run.trials, trial_json);
  out["recommended_k"] = run.recommended_k;
  out["recommended_reason"] = run.recommended_reason;
  out["published_k"] = run.published_k;
  out["scaling"] = list(run.scaling, scaling_json);
  out["row_norm"] = run.row_norm;
  out["assignment_hash"] = run.assignment_hash;
  if (run.score) {
    out["score_source"] = run.score->source;
    out["score"] = score_json(*run.score);
  }
  if (run.shapes) out["shapes"] = shapes_json(*run.shapes);
  if (run.balance) {
    out["balance"] = {{"least_share", run.balance->least_share},
                      {"most_share", run.balance->most_share},
                      {"price", run.balance->price},
                      {"moved", run.balance->moved},
                      {"inertia", optional(run.balance->inertia)},
                      {"free_inertia", optional(run.balance->free_inertia)}};
  }
  out["truth"] = run.truth ? Json{{"column", run.truth->column},
                                  {"adjusted_rand_index", run.truth->adjusted_rand_index},
                                  {"compared", run.truth->compared}}
                           : Json(nullptr);
  if (!run.strata.empty()) out["strata"] = list(run.strata, stratum_json);
  if (!run.drift_bins.empty()) {
    out["drift_bins"] = list(run.drift_bins, [](const DriftBins& bins) {
      return Json{{"feature", bins.feature}, {"edges", bins.edges}, {"counts", bins.counts}, {"missing", bins.missing}};
    });
  }
  if (!run.uses.empty()) {
    out["uses"] = list(run.uses, [](const UsedRun& use) {
      return Json{{"scheme", use.scheme}, {"run_id", use.run_id}};
    });
  }
  if (run.parent) {
    out["parent"] = {{"scheme", run.parent->scheme}, {"group", run.parent->group}, {"run_id", run.parent->run_id}};
  }
  if (!run.group_limit_override.empty()) out["group_limit_override"] = run.group_limit_override;
  out["warnings"] = run.warnings;
  return out;
}

Json to_json(const Portrait& portrait) {
  Json out = {{"run_id", portrait.run_id}, {"scheme", portrait.scheme}};
  out["groups"] = list(portrait.groups, [](const GroupPortrait& group) {
    Json json = {{"code", group.code},
                 {"customers", group.customers},
                 {"customer_share", group.customer_share},
                 {"revenue_12m_cny", group.revenue_12m_cny},
                 {"revenue_share", group.revenue_share},
                 {"average_bill_cny", optional(group.average_bill_cny)},
                 {"energy_12m_kwh", group.energy_12m_kwh},
                 {"energy_share", group.energy_share}};
    json["numbers"] = list(group.numbers, [](const NumberIndex& n) {
      return Json{{"feature", n.feature},           {"present", n.present},
                  {"mean", optional(n.mean)},       {"population_mean", optional(n.population_mean)},
                  {"index", optional(n.index)},     {"p", optional(n.p)},
                  {"significant", n.is_significant}};
    });
    json["categories"] = list(group.categories, [](const CategoryIndex& c) {
      return Json{{"feature", c.feature},
                  {"value", c.value},
                  {"customers", c.customers},
                  {"share", c.share},
                  {"population_share", c.population_share},
                  {"index", optional(c.index)},
                  {"p", optional(c.p)},
                  {"significant", c.is_significant}};
    });
    return json;
  });
  return out;
}

Result<RunResult> run_from_json(const std::string& text) {
  try {
    return read_run(Json::parse(text));
  } catch (const nlohmann::json::exception& e) {
    return fail(ErrorCode::Internal, "segment.bad_run_document", {{"reason", e.what()}});
  }
}

}  // namespace fenqun::segment
