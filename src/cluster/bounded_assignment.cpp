// cluster/bounded_assignment.cpp
#include "cluster/bounded_assignment.hpp"

#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace fenqun::cluster {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();
/// A path saves something only when it saves more than this part of the most that any row costs more than in its
/// cheapest group: less is rounding. What a row costs everywhere is no part of any path.
constexpr double kRounding = 1e-12;

/// A row of one group and what another group would cost it more.
struct Candidate {
  double extra = 0;
  std::uint32_t row = 0;
};
/// Heaps have the least on top; of equals the lower row.
bool is_later(const Candidate& a, const Candidate& b) { return a.extra != b.extra ? a.extra > b.extra : a.row > b.row; }

class Flow {
 public:
  Flow(RowView<const double> costs, const SizeBounds& bounds)
      : costs_(costs),
        k_(costs.cols()),
        bounds_(bounds),
        labels_(costs.rows()),
        sizes_(k_),
        waiting_(k_ * k_),
        best_(k_, k_) {
    place_cheapest();
    fill_queues();
  }

  Result<BoundedAssignment> run(const std::stop_token& stop) {
    std::uint64_t steps = 0;
    while (find_path()) {
      follow_path();
      if (++steps % 1024 == 0 && stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    }
    BoundedAssignment out;
    for (std::size_t r = 0; r < labels_.size(); ++r) {
      out.cost += costs_(r, labels_[r]);
      out.moved += labels_[r] != cheapest(r) ? 1U : 0U;
    }
    out.labels = std::move(labels_);
    out.sizes = std::move(sizes_);
    return out;
  }

 private:
  [[nodiscard]] std::uint32_t cheapest(std::size_t row) const {
    const auto all = costs_.row(row);
    return static_cast<std::uint32_t>(std::min_element(all.begin(), all.end()) - all.begin());
  }

  void place_cheapest() {
    double range = 0;
    for (std::size_t r = 0; r < labels_.size(); ++r) {
      labels_[r] = cheapest(r);
      ++sizes_[labels_[r]];
      for (const double cost : costs_.row(r)) range = std::max(range, cost - costs_(r, labels_[r]));
    }
    rounding_ = kRounding * range;
    // Dearer than any path of moves, so that no saving pays for a row outside the bounds; a penalty above it says no
    // more and would only blur the sums.
    const double prohibitive = 1 + 2 * range * static_cast<double>(k_ + 1);
    penalty_ = std::min(bounds_.penalty.value_or(prohibitive), prohibitive);
  }

  void fill_queues() {
    for (std::size_t r = 0; r < labels_.size(); ++r) {
      const auto own = labels_[r];
      for (std::size_t g = 0; g < k_; ++g) {
        if (g != own) queue(own, g).push_back(candidate(r, g));
      }
    }
    for (std::size_t g = 0; g < k_; ++g) {
      for (std::size_t h = 0; h < k_; ++h) std::make_heap(queue(g, h).begin(), queue(g, h).end(), is_later);
      look_again(g);
    }
  }

  [[nodiscard]] Candidate candidate(std::size_t row, std::size_t to) const {
    return {costs_(row, to) - costs_(row, labels_[row]), static_cast<std::uint32_t>(row)};
  }
  std::vector<Candidate>& queue(std::size_t from, std::size_t to) { return waiting_[from * k_ + to]; }

  /// The least of what group g could give to each other: rows that left it are dropped on the way.
  void look_again(std::size_t g) {
    for (std::size_t h = 0; h < k_; ++h) {
      auto& heap = queue(g, h);
      while (!heap.empty() && labels_[heap.front().row] != g) {
        std::pop_heap(heap.begin(), heap.end(), is_later);
        heap.pop_back();
      }
      best_(g, h) = heap.empty() ? Candidate{kNever, kNobody} : heap.front();
    }
  }

  /// What it costs when a group loses or gains a row, by its size alone.
  [[nodiscard]] double losing(std::uint64_t size) const {
    if (size > bounds_.most) return -penalty_;
    return size <= bounds_.least ? penalty_ : 0;
  }
  [[nodiscard]] double gaining(std::uint64_t size) const {
    if (size < bounds_.least) return -penalty_;
    return size >= bounds_.most ? penalty_ : 0;
  }

  /// The cheapest way from any group that loses a row over others to one that gains it (Bellman and Ford); false when
  /// none saves anything: then the flow is the cheapest.
  bool find_path() {
    cost_.resize(k_);
    before_.assign(k_, kNobody);
    for (std::size_t g = 0; g < k_; ++g) cost_[g] = sizes_[g] > 0 ? losing(sizes_[g]) : kNever;
    bool is_shorter = true;
    for (std::size_t round = 0; is_shorter && round < k_; ++round) {
      is_shorter = false;
      for (std::size_t g = 0; g < k_; ++g) {
        for (std::size_t h = 0; h < k_; ++h) {
          const double through = cost_[g] + best_(g, h).extra;
          if (!(through + rounding_ < cost_[h])) continue;
          cost_[h] = through;
          before_[h] = static_cast<std::uint32_t>(g);
          is_shorter = true;
        }
      }
    }
    double least = -rounding_;
    end_ = kNobody;
    for (std::uint32_t h = 0; h < k_; ++h) {
      const double total = cost_[h] + gaining(sizes_[h]);
      if (before_[h] == kNobody || !(total < least)) continue;
      least = total;
      end_ = h;
    }
    return end_ != kNobody;
  }

  void follow_path() {
    path_.clear();
    auto at = end_;
    for (; before_[at] != kNobody && path_.size() <= k_; at = before_[at])
      path_.push_back({best_(before_[at], at).row, before_[at], at});
    --sizes_[at];
    ++sizes_[end_];
    for (const auto& move : path_) labels_[move.row] = move.to;
    for (const auto& move : path_) {
      for (std::size_t g = 0; g < k_; ++g) {
        if (g == move.to) continue;
        auto& heap = queue(move.to, g);
        heap.push_back(candidate(move.row, g));
        std::push_heap(heap.begin(), heap.end(), is_later);
      }
    }
    for (const auto& move : path_) {
      look_again(move.from);
      look_again(move.to);
    }
  }

  struct Move {
    std::uint32_t row = 0;
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };

  RowView<const double> costs_;
  std::size_t k_;
  SizeBounds bounds_;
  std::vector<std::uint32_t> labels_;
  std::vector<std::uint64_t> sizes_;
  std::vector<std::vector<Candidate>> waiting_;  // by from and to, heaps; may hold rows that left
  Matrix<Candidate> best_;                       // their tops
  double penalty_ = 0;
  double rounding_ = 0;
  std::vector<double> cost_;           // of the cheapest way to each group
  std::vector<std::uint32_t> before_;  // the group before it on that way
  std::uint32_t end_ = kNobody;
  std::vector<Move> path_;
};

Result<void> check_bounds(RowView<const double> costs, const SizeBounds& bounds) {
  if (bounds.penalty && !(*bounds.penalty > 0 && std::isfinite(*bounds.penalty))) {
    return fail(ErrorCode::InvalidArgument, "cluster.option_range",
                {{"option", "penalty"}, {"value", fmt::format("{}", *bounds.penalty)}, {"expected", "> 0"}});
  }
  const std::uint64_t n = costs.rows();
  const std::uint64_t k = costs.cols();
  const bool can_be =
      bounds.least <= bounds.most && bounds.least <= n / k && (bounds.most >= n || bounds.most * k >= n);
  if (can_be || (bounds.penalty && bounds.least <= bounds.most)) return {};
  return fail(ErrorCode::InvalidArgument, "cluster.bounds_cannot_hold",
              {{"rows", std::to_string(n)},
               {"k", std::to_string(k)},
               {"least", std::to_string(bounds.least)},
               {"most", std::to_string(bounds.most)}});
}

}  // namespace

Result<BoundedAssignment> assign_bounded(RowView<const double> costs, const SizeBounds& bounds,
                                         const std::stop_token& stop) {
  if (costs.rows() == 0) return fail(ErrorCode::BadData, "cluster.no_rows");
  FENQUN_CHECK(check_option("groups", costs.cols(), 1, kMaxClusters));
  FENQUN_CHECK(check_option("rows", costs.rows(), 1, kNobody - 1));
  FENQUN_CHECK(check_bounds(costs, bounds));
  for (std::size_t r = 0; r < costs.rows(); ++r) {
    for (std::size_t c = 0; c < costs.cols(); ++c) {
      if (std::isfinite(costs(r, c))) continue;
      return fail(
          ErrorCode::BadData, "cluster.not_finite",
          {{"row", std::to_string(r)}, {"column", std::to_string(c)}, {"value", fmt::format("{}", costs(r, c))}});
    }
  }
  return Flow(costs, bounds).run(stop);
}

Result<Matrix<double>> bounded_prices(RowView<const double> costs, const SizeBounds& bounds,
                                      const std::vector<std::uint32_t>& labels) {
  const std::size_t k = costs.cols();
  const auto wrong = [](const char* option, std::string value, std::string expected) {
    return fail(ErrorCode::InvalidArgument, "cluster.option_range",
                {{"option", option}, {"value", std::move(value)}, {"expected", std::move(expected)}});
  };
  if (bounds.penalty) return wrong("penalty", fmt::format("{}", *bounds.penalty), "-");
  if (labels.size() != costs.rows())
    return wrong("labels", std::to_string(labels.size()), std::to_string(costs.rows()));
  // One more place in the graph stands for what the bounds leave free.
  const std::size_t free = k;
  Matrix<double> ways(k + 1, k + 1);
  for (std::size_t g = 0; g <= k; ++g) std::fill(ways.row(g).begin(), ways.row(g).end(), kNever);
  std::vector<std::uint64_t> sizes(k);
  for (std::size_t r = 0; r < labels.size(); ++r) {
    const auto own = labels[r];
    if (own >= k) return wrong("labels", std::to_string(own), "0.." + std::to_string(k - 1));
    ++sizes[own];
    for (std::size_t g = 0; g < k; ++g) ways(own, g) = std::min(ways(own, g), costs(r, g) - costs(r, own));
  }
  for (std::size_t g = 0; g <= k; ++g) ways(g, g) = 0;
  for (std::size_t g = 0; g < k; ++g) {
    if (sizes[g] < bounds.most) ways(g, free) = 0;
    if (sizes[g] > bounds.least) ways(free, g) = 0;
  }
  for (std::size_t through = 0; through <= k; ++through) {
    for (std::size_t g = 0; g <= k; ++g) {
      for (std::size_t h = 0; h <= k; ++h) ways(g, h) = std::min(ways(g, h), ways(g, through) + ways(through, h));
    }
  }
  // The row that came to g pushes another one on, over any number of groups, until the place that it left is taken.
  Matrix<double> out(k, k);
  for (std::size_t own = 0; own < k; ++own) {
    for (std::size_t g = 0; g < k; ++g) out(own, g) = own == g ? 0 : ways(g, own);
  }
  return out;
}

}  // namespace fenqun::cluster
