// segment/tiers.cpp - k-means on the scheme's features; clusters ordered by an oriented score and named.
#include "cluster/assign.hpp"
#include "cluster/balanced_kmeans.hpp"
#include "cluster/choose_k.hpp"
#include "cluster/scaling.hpp"
#include "segment/k_trials.hpp"
#include "segment/methods.hpp"
#include "segment/persona_names.hpp"
#include "segment/scaling_rule.hpp"
#include "segment/wording.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;

struct Rows {
  std::vector<std::string> customers;  // in the order of the matrix
  Matrix<double> values;               // customers x features, own units
};

Result<Rows> read_rows(const MethodInput& input) {
  Rows out;
  const auto& features = input.scheme.features;
  out.values = Matrix<double>(static_cast<std::size_t>(input.population.ready), features.size());
  out.customers.reserve(out.values.rows());
  std::string sql = "SELECT customer_id";
  for (const auto& feature : features) sql += ", " + sql_name(feature.name) + "::DOUBLE";
  sql += " FROM " + input.population.classifiable + " ORDER BY customer_id";
  FENQUN_CHECK(input.workspace.connection().stream(sql, [&](const warehouse::Chunk& chunk) -> Result<void> {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      const auto row = out.customers.size();
      out.customers.emplace_back(chunk.text(0, r));
      for (std::size_t c = 0; c < features.size(); ++c) out.values(row, c) = chunk.number(c + 1, r);
    }
    return {};
  }));
  return out;
}

}  // namespace

cluster::ColumnScaling scaling_rule(const SchemeFeature& feature) {
  cluster::ColumnScaling rule;
  rule.pre = feature.transform == Transform::Log ? cluster::PreTransform::Log1p : cluster::PreTransform::None;
  switch (feature.scale) {
    case Scale::None:
      rule.method = cluster::ScalingMethod::None;
      break;
    case Scale::ZScore:
      rule.method = cluster::ScalingMethod::ZScore;
      break;
    case Scale::Robust:
      rule.method = cluster::ScalingMethod::Robust;
      break;
    case Scale::MinMax:
      rule.method = cluster::ScalingMethod::MinMax;
      break;
    case Scale::Quantile:
      rule.method = cluster::ScalingMethod::Quantile;
      break;
  }
  rule.winsor_low = feature.winsor_low;
  rule.winsor_high = feature.winsor_high;
  rule.weight = feature.weight;
  return rule;
}

namespace {

std::string transform_text(const SchemeFeature& feature, RowNorm row_norm) {
  std::string out;
  const auto add = [&](const char* word) { out += (out.empty() ? "" : " + ") + std::string(word); };
  if (feature.winsor_low > 0 || feature.winsor_high < 1) add("winsor");
  if (feature.transform == Transform::Log) add("log1p");
  switch (feature.scale) {
    case Scale::None:
      break;
    case Scale::ZScore:
      add("z-score");
      break;
    case Scale::Robust:
      add("robust");
      break;
    case Scale::MinMax:
      add("min-max");
      break;
    case Scale::Quantile:
      add("quantile");
      break;
  }
  if (row_norm != RowNorm::None) add("unit-norm");
  return out.empty() ? "none" : out;
}

}  // namespace

cluster::RowNorm scaling_norm(RowNorm norm) {
  switch (norm) {
    case RowNorm::None:
      return cluster::RowNorm::None;
    case RowNorm::Unit:
      return cluster::RowNorm::Unit;
    case RowNorm::UnitOrZero:
      return cluster::RowNorm::UnitOrZero;
  }
  return cluster::RowNorm::None;
}

cluster::FittedScaling fitted_scaling(const Scheme& scheme, const RunResult& run) {
  cluster::FittedScaling out;
  out.row_norm = scaling_norm(scheme.row_norm);
  for (std::size_t c = 0; c < run.scaling.size() && c < scheme.features.size(); ++c) {
    const auto& kept = run.scaling[c];
    cluster::FittedColumn column;
    column.rule = scaling_rule(scheme.features[c]);
    column.centre = kept.centre;
    column.scale = kept.scale;
    if (kept.low) column.low = *kept.low;
    if (kept.high) column.high = *kept.high;
    column.knots = kept.knots;
    // A column without spread has no quantiles; in any other the scale says it all.
    if (kept.fell_back && column.rule.method == cluster::ScalingMethod::Quantile)
      column.fallback = cluster::ScaleFallback::Constant;
    out.columns.push_back(std::move(column));
  }
  return out;
}

namespace {

void keep_scaling(const Scheme& scheme, const cluster::FittedScaling& scaling, RunResult& result) {
  result.row_norm = name_of(scheme.row_norm);
  for (std::size_t c = 0; c < scheme.features.size(); ++c) {
    const auto& feature = scheme.features[c];
    const auto& fitted = scaling.columns[c];
    ScalingResult kept{feature.name, transform_text(feature, scheme.row_norm), feature.weight,
                       fitted.fallback != cluster::ScaleFallback::None};
    kept.centre = fitted.centre;
    kept.scale = fitted.scale;
    if (feature.winsor_low > 0 || feature.winsor_high < 1) {
      kept.low = fitted.low;
      kept.high = fitted.high;
    }
    kept.knots = fitted.knots;
    result.scaling.push_back(std::move(kept));
  }
}

std::string reason_key(cluster::KReason reason) {
  switch (reason) {
    case cluster::KReason::OnlyCandidate:
      return "segment.k_only";
    case cluster::KReason::Unanimous:
      return "segment.k_unanimous";
    case cluster::KReason::Majority:
      return "segment.k_majority";
    case cluster::KReason::Plurality:
      return "segment.k_plurality";
    case cluster::KReason::Silhouette:
      return "segment.k_silhouette";
  }
  return "segment.k_only";
}

}  // namespace

cluster::ChooseKOptions choice_options(const MethodInput& input, std::uint64_t seed) {
  cluster::ChooseKOptions options;
  options.k_min = input.scheme.k.min;
  options.k_max = input.scheme.k.max;
  options.fixed_k = input.options.k ? input.options.k : input.scheme.k.publish;
  options.kmeans.seed = seed;
  options.kmeans.restarts = input.scheme.k.restarts;
  options.evidence.silhouette_rows = input.scheme.k.silhouette_rows;
  options.evidence.gap_references = input.scheme.k.gap_references;
  options.evidence.resamples = input.scheme.k.resamples;
  return options;
}

void keep_trials(const cluster::KChoice& choice, RunResult& result) {
  for (const auto& trial : choice.trials) {
    TrialResult kept{trial.k,
                     trial.inertia,
                     trial.quality.centroid_silhouette,
                     trial.quality.calinski_harabasz,
                     trial.quality.davies_bouldin,
                     trial.quality.smallest_share,
                     trial.rounds,
                     trial.converged};
    if (trial.silhouette) {
      kept.silhouette = trial.silhouette->mean;
      kept.silhouette_low = trial.silhouette->low;
      kept.silhouette_high = trial.silhouette->high;
    }
    if (trial.gap) {
      kept.gap = trial.gap->gap;
      kept.gap_error = trial.gap->standard_error;
    }
    if (trial.stability) {
      kept.stability = trial.stability->mean;
      kept.stability_least = trial.stability->least;
    }
    result.trials.push_back(kept);
  }
  result.recommended_k = choice.recommended_k;
  result.recommended_reason = reason_key(choice.reason);
  result.published_k = choice.chosen_k;
  if (choice.chosen_k != choice.recommended_k) result.warnings.emplace_back("segment.warn_k_differs");
  if (!choice.fit.converged) result.warnings.emplace_back("segment.warn_not_converged");
}

namespace {

// Cluster numbers from the highest score to the lowest.
std::vector<std::size_t> order_of(const Scheme& scheme, const Matrix<float>& centroids, std::vector<double>& scores) {
  scores.assign(centroids.rows(), 0);
  for (std::size_t g = 0; g < centroids.rows(); ++g) {
    for (std::size_t c = 0; c < centroids.cols(); ++c) {
      scores[g] += scheme.features[c].order * static_cast<double>(centroids(g, c));
    }
  }
  std::vector<std::size_t> order(centroids.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  return order;
}

/// The typical member in the features' own units: the centre scaled back, or, where rows were brought to unit length
/// and there is no way back, the mean of the members.
Result<Matrix<double>> own_units(const cluster::FittedScaling& scaling, const cluster::KMeansFit& fit,
                                 const Matrix<double>& values) {
  if (scaling.row_norm == cluster::RowNorm::None) return cluster::invert_scaling(scaling, fit.centroids.view());
  Matrix<double> out(fit.centroids.rows(), values.cols());
  for (std::size_t r = 0; r < values.rows(); ++r) {
    const auto group = fit.labels[r];
    for (std::size_t c = 0; c < values.cols(); ++c)
      out(group, c) += values(r, c) / static_cast<double>(fit.sizes[group]);
  }
  return out;
}

// Groups in order, named by the scheme; without names (k left to the indices) by their place.
Result<void> name_groups(const MethodInput& input, const Matrix<double>& centres, const cluster::KMeansFit& fit,
                         std::vector<std::string>& code_of_cluster, RunResult& result) {
  std::vector<double> scores;
  const auto order = order_of(input.scheme, fit.centroids, scores);
  const bool named = input.scheme.groups.size() == order.size();
  result.groups_named = named;
  code_of_cluster.resize(order.size());
  for (std::size_t place = 0; place < order.size(); ++place) {
    const auto cluster = order[place];
    GroupResult group;
    if (named) {
      const auto& source = input.scheme.groups[place];
      group.code = source.code;
      group.title = source.title;
      group.description = source.description;
    } else {
      group.code = "g" + std::to_string(place + 1);
      FENQUN_TRY(group.title, in_both_languages(input.workspace.assets(), "segment.unnamed_group",
                                                {{"place", std::to_string(place + 1)}}));
    }
    group.order_score = scores[cluster];
    for (std::size_t c = 0; c < input.scheme.features.size(); ++c) {
      group.centre.push_back({input.scheme.features[c].name, centres(cluster, c)});
    }
    const auto kept = [cluster](const Matrix<float>& from) {
      return cluster < from.rows() ? std::vector<double>(from.row(cluster).begin(), from.row(cluster).end())
                                   : std::vector<double>();
    };
    group.scaled_centre = kept(fit.centroids);
    group.scaled_start = kept(fit.start);
    code_of_cluster[cluster] = group.code;
    result.groups.push_back(std::move(group));
  }
  return {};
}

Result<void> write_assigned(const MethodInput& input, const std::vector<std::string>& customers,
                            const cluster::Assignment& assignment, const std::vector<std::string>& codes) {
  using warehouse::ColumnType;
  FENQUN_TRY(auto appender, input.workspace.connection().appender(input.scratch_catalogue, "assigned",
                                                                  {{"customer_id", ColumnType::Text},
                                                                   {"group_code", ColumnType::Text},
                                                                   {"reason", ColumnType::Text},
                                                                   {"distance_own", ColumnType::Number},
                                                                   {"distance_next", ColumnType::Number},
                                                                   {"next_group", ColumnType::Text}},
                                                                  warehouse::Connection::Table::Create));
  for (std::size_t row = 0; row < customers.size(); ++row) {
    appender.set_text(0, customers[row]);
    appender.set_text(1, codes[assignment.labels[row]]);
    appender.set_null(2);
    appender.set_number(3, static_cast<double>(assignment.distances[row]));
    if (assignment.next_labels[row] == cluster::kNoLabel) {
      appender.set_null(4);
      appender.set_null(5);
    } else {
      appender.set_number(4, static_cast<double>(assignment.next_distances[row]));
      appender.set_text(5, codes[assignment.next_labels[row]]);
    }
    FENQUN_CHECK(appender.end_row());
  }
  return appender.close();
}

// The fit that is published: that of the chosen k, or with bounds on the sizes of its groups.
Result<cluster::KMeansFit> published_fit(const MethodInput& input, RowView<const float> scaled,
                                         const cluster::ChooseKOptions& options, cluster::KChoice& choice,
                                         RunResult& result) {
  if (!input.scheme.balance) return std::move(choice.fit);
  const auto& balance = *input.scheme.balance;
  FENQUN_TRY(const auto bounds, cluster::bounds_of_shares(scaled.rows(), balance.least_share, balance.most_share));
  auto kmeans = options.kmeans;
  kmeans.cluster_count = choice.chosen_k;
  FENQUN_TRY(auto fit,
             cluster::fit_balanced_kmeans(scaled, kmeans, bounds, input.pool, input.workspace.options().stop));
  result.balance =
      BalanceResult{balance.least_share, balance.most_share, fit.price, static_cast<std::int64_t>(fit.moved),
                    fit.fit.inertia,     fit.free_inertia};
  return std::move(fit.fit);
}

// Where the bounds put customers, by the centres as they are stored. One whom they moved has the nearest group as the
// next.
Result<void> keep_bounds(const MethodInput& input, const cluster::KMeansFit& fit, RowView<const float> scaled,
                         cluster::Assignment& assignment, RunResult& result) {
  auto& balance = *result.balance;
  FENQUN_TRY(const auto bounds, cluster::bounds_of_shares(scaled.rows(), balance.least_share, balance.most_share));
  FENQUN_TRY(const auto found, cluster::assign_balanced(scaled, fit.centroids.view(), bounds, input.pool,
                                                        input.workspace.options().stop));
  balance.moved = static_cast<std::int64_t>(found.moved);
  for (std::size_t r = 0; r < scaled.rows(); ++r) {
    const auto own = found.labels[r];
    if (assignment.labels[r] == own) continue;
    double sum = 0;
    for (std::size_t c = 0; c < scaled.cols(); ++c) {
      const double gap = static_cast<double>(scaled(r, c)) - static_cast<double>(fit.centroids(own, c));
      sum += gap * gap;
    }
    assignment.next_labels[r] = assignment.labels[r];
    assignment.next_distances[r] = assignment.distances[r];
    assignment.labels[r] = own;
    assignment.distances[r] = static_cast<float>(std::sqrt(sum));
  }
  return {};
}

}  // namespace

Result<void> assign_by_tiers(const MethodInput& input, RunResult& result) {
  FENQUN_TRY(const auto rows, read_rows(input));
  std::vector<cluster::ColumnScaling> rules;
  for (const auto& feature : input.scheme.features) rules.push_back(scaling_rule(feature));
  FENQUN_TRY(const auto scaling,
             cluster::fit_scaling(rows.values.view(), rules, input.pool, scaling_norm(input.scheme.row_norm)));
  FENQUN_TRY(const auto scaled, cluster::apply_scaling(scaling, rows.values.view(), input.pool));
  keep_scaling(input.scheme, scaling, result);
  const auto options = choice_options(input, result.seed);
  auto& progress = input.workspace.progress();
  FENQUN_TRY(auto choice, cluster::choose_k(
                              scaled.view(), options, input.pool,
                              [&](std::uint32_t done, std::uint32_t total) {
                                progress.update(static_cast<double>(done) / total, "k");
                              },
                              input.workspace.options().stop));
  keep_trials(choice, result);
  FENQUN_TRY(const auto fit, published_fit(input, scaled.view(), options, choice, result));
  std::vector<std::string> codes;
  FENQUN_TRY(const auto centres, own_units(scaling, fit, rows.values));
  FENQUN_CHECK(name_groups(input, centres, fit, codes, result));
  if (input.scheme.method == Method::Personas && !result.groups_named) {
    FENQUN_CHECK(propose_names(input, rows.values.view(), scaled.view(), fit, codes, result));
  }
  FENQUN_TRY(auto assignment,
             cluster::assign_rows(scaled.view(), fit.centroids.view(), input.pool, input.workspace.options().stop));
  if (result.balance) FENQUN_CHECK(keep_bounds(input, fit, scaled.view(), assignment, result));
  return write_assigned(input, rows.customers, assignment, codes);
}

}  // namespace fenqun::segment
