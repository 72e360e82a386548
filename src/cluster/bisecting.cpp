// cluster/bisecting.cpp
#include "cluster/bisecting.hpp"

#include "base/random.hpp"
#include "cluster/drawn_rows.hpp"
#include "cluster/row_checks.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

/// k-means on some of the rows, with their weights.
Result<KMeansFit> fit_some(RowView<const float> rows, std::span<const std::size_t> numbers, KMeansOptions options,
                           WorkerPool& pool, const std::stop_token& stop) {
  const auto weights = gather_weights(options.row_weights, numbers);
  options.row_weights = weights;
  return fit_kmeans(gather_rows(rows, numbers).view(), options, pool, stop);
}

class Bisection {
 public:
  Bisection(RowView<const float> rows, KMeansOptions options, SplitRule rule, WorkerPool& pool, std::stop_token stop)
      : rows_(rows), options_(std::move(options)), rule_(rule), pool_(pool), stop_(std::move(stop)) {}

  Result<BisectingFit> run() {
    FENQUN_CHECK(begin());
    const std::uint32_t k = options_.cluster_count;
    while (groups_.size() < k) {
      const auto group = next_group();
      if (!group) {
        return fail(ErrorCode::BadData, "cluster.too_few_distinct_rows",
                    {{"k", std::to_string(k)}, {"distinct", std::to_string(groups_.size())}});
      }
      FENQUN_CHECK(split(*group));
    }
    return finish();
  }

 private:
  struct Group {
    std::vector<std::size_t> rows;
    Matrix<float> centroid;  // 1 x d
    double inertia = 0;
    bool can_split = true;
  };

  Result<void> begin() {
    FENQUN_TRY(auto fit, fit_kmeans(rows_, as_one(), pool_, stop_));
    Group all{std::vector<std::size_t>(rows_.rows()), std::move(fit.centroids), fit.inertia, rows_.rows() > 1};
    for (std::size_t r = 0; r < rows_.rows(); ++r) all.rows[r] = r;
    groups_.push_back(std::move(all));
    out_.fit.labels.assign(rows_.rows(), 0);
    out_.fit.converged = true;
    out_.fit.inertia_by_round.push_back(fit.inertia);
    return {};
  }

  [[nodiscard]] std::optional<std::size_t> next_group() const {
    std::optional<std::size_t> best;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      if (!groups_[g].can_split) continue;
      if (!best || is_before(groups_[g], groups_[*best])) best = g;
    }
    return best;
  }

  [[nodiscard]] bool is_before(const Group& a, const Group& b) const {
    return rule_ == SplitRule::Inertia ? a.inertia > b.inertia : a.rows.size() > b.rows.size();
  }

  Result<void> split(std::size_t g) {
    KMeansOptions two = options_;
    two.cluster_count = 2;
    two.seed = mix64(options_.seed ^ mix64(out_.splits.size()));
    auto fit = fit_some(rows_, groups_[g].rows, two, pool_, stop_);
    if (!fit) {
      if (fit.error().line.key != "cluster.too_few_distinct_rows") return fail(std::move(fit).error());
      groups_[g].can_split = false;
      return {};
    }
    std::array<Group, 2> parts;
    for (std::size_t i = 0; i < fit->labels.size(); ++i) parts[fit->labels[i]].rows.push_back(groups_[g].rows[i]);
    Split split{static_cast<std::uint32_t>(g), groups_[g].rows.size(), parts[1].rows.size(), groups_[g].inertia, 0, 0,
                Matrix<float>(2, rows_.cols())};
    for (std::size_t p = 0; p < 2; ++p) {
      FENQUN_CHECK(measure(parts[p]));
      std::ranges::copy(std::as_const(parts[p].centroid).row(0), split.centroids.row(p).begin());
    }
    split.kept_inertia = parts[0].inertia;
    split.moved_inertia = parts[1].inertia;
    out_.splits.push_back(std::move(split));
    for (const auto row : parts[1].rows) out_.fit.labels[row] = static_cast<std::uint32_t>(groups_.size());
    groups_[g] = std::move(parts[0]);
    groups_.push_back(std::move(parts[1]));
    out_.fit.rounds += fit->rounds;
    out_.fit.repaired += fit->repaired;
    out_.fit.converged = out_.fit.converged && fit->converged;
    double inertia = 0;
    for (const auto& group : groups_) inertia += group.inertia;
    out_.fit.inertia_by_round.push_back(inertia);
    return {};
  }

  /// A fit with one group gives the centre and inertia, whatever the distance and the weights.
  [[nodiscard]] KMeansOptions as_one() const {
    KMeansOptions one = options_;
    one.cluster_count = 1;
    one.restarts = 1;
    one.max_rounds = 100;
    one.on_round = {};
    return one;
  }

  Result<void> measure(Group& part) {
    FENQUN_TRY(auto fit, fit_some(rows_, part.rows, as_one(), pool_, stop_));
    part.can_split = part.rows.size() > 1;
    part.inertia = fit.inertia;
    part.centroid = std::move(fit.centroids);
    return {};
  }

  BisectingFit finish() {
    auto& fit = out_.fit;
    fit.centroids = Matrix<float>(groups_.size(), rows_.cols());
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      std::ranges::copy(std::as_const(groups_[g].centroid).row(0), fit.centroids.row(g).begin());
      fit.sizes.push_back(groups_[g].rows.size());
    }
    fit.inertia = fit.inertia_by_round.back();
    return std::move(out_);
  }

  RowView<const float> rows_;
  KMeansOptions options_;
  SplitRule rule_;
  WorkerPool& pool_;
  std::stop_token stop_;
  std::vector<Group> groups_;
  BisectingFit out_;
};

}  // namespace

Result<BisectingFit> fit_bisecting(RowView<const float> rows, const KMeansOptions& options, SplitRule rule,
                                   WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_CHECK(check_option("cluster_count", options.cluster_count, 1, kMaxClusters));
  FENQUN_CHECK(check_option("initial_centroids", options.initial_centroids.rows(), 0, 0));
  if (options.missing != MissingValues::Refused) {
    return fail(ErrorCode::InvalidArgument, "cluster.option_unsupported", {{"option", "missing"}});
  }
  if (rows.rows() > 0 && options.cluster_count > rows.rows()) {
    return fail(ErrorCode::InvalidArgument, "cluster.more_groups_than_rows",
                {{"k", std::to_string(options.cluster_count)}, {"rows", std::to_string(rows.rows())}});
  }
  return Bisection(rows, options, rule, pool, stop).run();
}

Result<GroupSplit> split_group(RowView<const float> rows, std::span<const std::uint32_t> labels,
                               std::uint32_t cluster_count, std::uint32_t group, const KMeansOptions& options,
                               WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_CHECK(check_labels(labels, rows.rows(), cluster_count));
  FENQUN_CHECK(check_option("group", group, 0, cluster_count - 1));
  GroupSplit out;
  out.rows = rows_of_group(labels, group);
  if (out.rows.empty()) {
    return fail(ErrorCode::InvalidArgument, "cluster.empty_group", {{"group", std::to_string(group)}});
  }
  FENQUN_TRY(out.fit, fit_some(rows, out.rows, options, pool, stop));
  out.labels.assign(labels.begin(), labels.end());
  for (std::size_t i = 0; i < out.rows.size(); ++i) {
    if (out.fit.labels[i] > 0) out.labels[out.rows[i]] = cluster_count + out.fit.labels[i] - 1;
  }
  return out;
}

}  // namespace fenqun::cluster
