// load/adaptive_shapes.cpp
#include "load/adaptive_shapes.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

namespace fenqun::load {
namespace {

constexpr double kMostRows = std::numeric_limits<std::uint32_t>::max();

/// Profiles [begin, end) of the order.
struct Group {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint64_t id = 1;  // 1 for the whole; names its stream of random numbers
  std::vector<float> centre;
  std::uint64_t violations = 0;
  [[nodiscard]] std::size_t size() const { return end - begin; }
};

class Splitting {
 public:
  Splitting(RowView<const float> profiles, const AdaptiveShapeOptions& options, WorkerPool& pool, std::stop_token stop)
      : profiles_(profiles), options_(options), pool_(pool), stop_(std::move(stop)), order_(profiles.rows()) {
    std::iota(order_.begin(), order_.end(), 0U);
  }

  Result<AdaptiveShapes> run() {
    Group whole{0, order_.size(), 1, {}, 0};
    FENQUN_TRY(auto first, split(whole, options_.kmeans.cluster_count));
    if (first.empty()) {
      measure(whole);
      first.push_back(std::move(whole));
    }
    open_ = std::move(first);
    for (;;) {
      out_.groups_by_level.push_back(static_cast<std::uint32_t>(open_.size() + closed_.size()));
      close_kept();
      if (open_.empty()) break;
      FENQUN_CHECK(split_level());
    }
    return finish();
  }

 private:
  [[nodiscard]] bool is_kept(const Group& group) const {
    return group.violations == 0 || group.size() < options_.least_members;
  }

  void close_kept() {
    std::vector<Group> open;
    for (auto& group : open_) (is_kept(group) ? closed_ : open).push_back(std::move(group));
    open_ = std::move(open);
  }

  /// Every open group becomes two, as long as most_shapes allows.
  Result<void> split_level() {
    const std::size_t all = open_.size() + closed_.size();
    const std::size_t room = options_.most_shapes > all ? options_.most_shapes - all : 0;
    if (room < open_.size()) {
      out_.is_limited = true;
      std::ranges::stable_sort(open_, std::greater<>(), &Group::violations);
      std::move(open_.begin() + static_cast<std::ptrdiff_t>(room), open_.end(), std::back_inserter(closed_));
      open_.resize(room);
    }
    std::vector<std::vector<Group>> parts(open_.size());
    std::vector<std::optional<Error>> errors(open_.size());
    FENQUN_CHECK(for_ranges(open_.size(), 1, pool_, stop_, [&](std::size_t g, std::size_t) {
      auto made = split(open_[g], 2);
      if (made) {
        parts[g] = std::move(*made);
      } else {
        errors[g] = std::move(made).error();
      }
    }));
    std::vector<Group> next;
    for (std::size_t g = 0; g < open_.size(); ++g) {
      if (errors[g]) return fail(std::move(*errors[g]));
      if (parts[g].empty()) {
        closed_.push_back(std::move(open_[g]));
        continue;
      }
      ++out_.splits;
      std::ranges::move(parts[g], std::back_inserter(next));
    }
    open_ = std::move(next);
    return {};
  }

  /// Into k groups by k-means, or as many as there are distinct profiles; none if that is one.
  Result<std::vector<Group>> split(const Group& group, std::uint32_t k) {
    const std::size_t d = profiles_.cols();
    Matrix<float> rows(group.size(), d);
    for (std::size_t i = 0; i < group.size(); ++i) {
      std::ranges::copy(profiles_.row(order_[group.begin + i]), rows.row(i).begin());
    }
    auto options = options_.kmeans;
    options.seed = mix64(options_.kmeans.seed ^ mix64(group.id));
    options.cluster_count = static_cast<std::uint32_t>(std::min<std::uint64_t>(k, group.size()));
    if (options.cluster_count < 2) return std::vector<Group>();
    auto fit = cluster::fit_kmeans(rows.view(), options, pool_, stop_);
    if (!fit && fit.error().line.key == "cluster.too_few_distinct_rows") {
      const auto distinct = static_cast<std::uint32_t>(std::stoul(std::string(fit.error().arg("distinct"))));
      if (distinct < 2) return std::vector<Group>();
      options.cluster_count = distinct;
      fit = cluster::fit_kmeans(rows.view(), options, pool_, stop_);
    }
    if (!fit) return fail(std::move(fit).error());
    return divide(group, *fit);
  }

  std::vector<Group> divide(const Group& group, const cluster::KMeansFit& fit) {
    std::vector<Group> out(fit.sizes.size());
    std::vector<std::size_t> at(fit.sizes.size());
    std::size_t begin = group.begin;
    for (std::size_t g = 0; g < out.size(); ++g) {
      at[g] = begin;
      out[g].begin = begin;
      out[g].end = begin += fit.sizes[g];
      out[g].id = mix64(group.id + g);
    }
    const std::vector<std::uint32_t> before(order_.begin() + static_cast<std::ptrdiff_t>(group.begin),
                                            order_.begin() + static_cast<std::ptrdiff_t>(group.end));
    for (std::size_t i = 0; i < before.size(); ++i) order_[at[fit.labels[i]]++] = before[i];
    for (auto& part : out) measure(part);
    return out;
  }

  /// The mean of the group, and how many break theta.
  void measure(Group& group) const {
    const std::size_t d = profiles_.cols();
    std::vector<double> sums(d);
    for (std::size_t i = group.begin; i < group.end; ++i) {
      const auto row = profiles_.row(order_[i]);
      for (std::size_t c = 0; c < d; ++c) sums[c] += static_cast<double>(row[c]);
    }
    group.centre.resize(d);
    double length = 0;
    for (std::size_t c = 0; c < d; ++c) {
      group.centre[c] = static_cast<float>(sums[c] / static_cast<double>(group.size()));
      length += static_cast<double>(group.centre[c]) * static_cast<double>(group.centre[c]);
    }
    const double limit = options_.theta * length;
    group.violations = 0;
    for (std::size_t i = group.begin; i < group.end; ++i) {
      const auto row = profiles_.row(order_[i]);
      double squared = 0;
      for (std::size_t c = 0; c < d; ++c) {
        const double difference = static_cast<double>(row[c]) - static_cast<double>(group.centre[c]);
        squared += difference * difference;
      }
      group.violations += squared > limit ? 1U : 0U;
    }
  }

  AdaptiveShapes finish() {
    std::ranges::stable_sort(closed_, std::greater<>(), &Group::size);
    out_.dictionary.shapes = Matrix<float>(closed_.size(), profiles_.cols());
    out_.codes.resize(order_.size());
    for (std::size_t g = 0; g < closed_.size(); ++g) {
      const Group& group = closed_[g];
      std::ranges::copy(group.centre, out_.dictionary.shapes.row(g).begin());
      out_.dictionary.members.push_back(group.size());
      out_.violations += group.violations;
      for (std::size_t i = group.begin; i < group.end; ++i) out_.codes[order_[i]] = static_cast<std::uint32_t>(g);
    }
    return std::move(out_);
  }

  RowView<const float> profiles_;
  const AdaptiveShapeOptions& options_;
  WorkerPool& pool_;
  std::stop_token stop_;
  std::vector<std::uint32_t> order_;
  std::vector<Group> open_;
  std::vector<Group> closed_;
  AdaptiveShapes out_;
};

Result<void> check(RowView<const float> profiles, const AdaptiveShapeOptions& options, WorkerPool& pool) {
  FENQUN_CHECK(check_option("theta", options.theta, 1e-9, 1e9));
  FENQUN_CHECK(check_option("least_members", static_cast<double>(options.least_members), 2, kMostRows));
  FENQUN_CHECK(check_option("cluster_count", options.kmeans.cluster_count, 1, 4096));
  FENQUN_CHECK(check_option("most_shapes", options.most_shapes, options.kmeans.cluster_count, kMaxShapes));
  FENQUN_CHECK(check_option("initial_centroids", static_cast<double>(options.kmeans.initial_centroids.rows()), 0, 0));
  FENQUN_CHECK(check_option("columns", static_cast<double>(profiles.cols()), 1, 1440));
  if (profiles.rows() == 0) return fail(ErrorCode::BadData, "load.no_profiles");
  FENQUN_CHECK(check_option("profiles", static_cast<double>(profiles.rows()), 1, kMostRows));
  FENQUN_CHECK(check_profiles(profiles, pool));
  for (std::size_t r = 0; r < profiles.rows(); ++r) {
    const auto row = profiles.row(r);
    if (std::ranges::any_of(row, [](float value) { return value != 0; })) continue;
    return fail(ErrorCode::BadData, "load.zero_profile", {{"row", std::to_string(r)}});
  }
  return {};
}

}  // namespace

Result<AdaptiveShapes> find_shapes(RowView<const float> profiles, const AdaptiveShapeOptions& options, WorkerPool& pool,
                                   const std::stop_token& stop) {
  FENQUN_CHECK(check(profiles, options, pool));
  return Splitting(profiles, options, pool, stop).run();
}

std::vector<std::uint32_t> sample_rows(std::uint64_t n, std::uint64_t count, std::uint64_t seed) {
  std::vector<std::uint32_t> out;
  std::uint64_t wanted = std::min(n, count);
  out.reserve(wanted);
  Random random(seed, n);
  for (std::uint64_t r = 0; r < n && wanted > 0; ++r) {
    if (random.below(n - r) >= wanted) continue;
    out.push_back(static_cast<std::uint32_t>(r));
    --wanted;
  }
  return out;
}

Result<ShapeStudy> study_shapes(RowView<const float> profiles, const ShapeStudyOptions& options, WorkerPool& pool,
                                const std::stop_token& stop) {
  FENQUN_CHECK(check_option("sample", static_cast<double>(options.sample), 1, kMostRows));
  FENQUN_CHECK(check_option("cap", options.cap, 1, kMaxShapes));
  FENQUN_CHECK(check_option("profiles", static_cast<double>(profiles.rows()), 0, kMostRows));
  const auto rows = sample_rows(profiles.rows(), options.sample, options.search.kmeans.seed);
  Matrix<float> sample(rows.size(), profiles.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(profiles.row(rows[i]), sample.row(i).begin());

  const double theta = options.search.theta;
  ShapeStudy out;
  FENQUN_TRY(const auto found, find_shapes(std::as_const(sample).view(), options.search, pool, stop));
  out.found_shapes = static_cast<std::uint32_t>(found.dictionary.shapes.rows());
  out.is_limited = found.is_limited;
  FENQUN_TRY(const auto before,
             encode_profiles(std::as_const(sample).view(), found.dictionary.shapes.view(), theta, pool, stop));
  FENQUN_TRY(out.merged, merge_shapes(found.dictionary, options.cap, options.merge_cost, pool, stop));
  const auto kept = std::as_const(out.merged.dictionary.shapes).view();
  FENQUN_TRY(const auto after, encode_profiles(std::as_const(sample).view(), kept, theta, pool, stop));
  FENQUN_TRY(out.encoding, encode_profiles(profiles, kept, theta, pool, stop));
  out.sample_before = before.coverage;
  out.sample_after = after.coverage;
  return out;
}

}  // namespace fenqun::load
