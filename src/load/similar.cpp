// load/similar.cpp
#include "load/similar.hpp"

#include "load/similar_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>
#include <utility>

namespace fenqun::load {
namespace {

constexpr std::size_t kGroup = 4 * kPanel;  // customers whose pairs make one task
constexpr std::size_t kSpare = 8;           // candidates beyond k
constexpr double kDoubleBound = 1e-11;      // more than cosines in double round

struct Candidate {
  double cosine = 0;
  std::uint32_t customer = kNoCustomer;
};

// A total order: whichever way candidates arrive, the same are kept.
bool is_nearer(const Candidate& a, const Candidate& b) {
  return a.cosine != b.cosine ? a.cosine > b.cosine : a.customer < b.customer;
}

/// The best `limit` seen so far.
class Candidates {
 public:
  void see(const Candidate& one, std::size_t limit) {
    if (kept_.size() == limit && !is_nearer(one, kept_.front())) return;
    if (kept_.size() == limit) {
      std::ranges::pop_heap(kept_, is_nearer);
      kept_.pop_back();
    }
    kept_.push_back(one);
    std::ranges::push_heap(kept_, is_nearer);
  }
  [[nodiscard]] bool is_open(double cosine, std::size_t limit) const {
    return kept_.size() < limit || cosine >= kept_.front().cosine;
  }
  std::vector<Candidate>& kept() { return kept_; }

 private:
  std::vector<Candidate> kept_;  // a heap, the farthest in front
};

class Search {
 public:
  Search(RowView<const float> readings, const SimilarOptions& options, WorkerPool& pool, std::stop_token stop)
      : readings_(readings), options_(options), pool_(pool), stop_(std::move(stop)), norms_(readings.rows()) {}

  Result<SimilarCustomers> run() {
    const std::size_t n = readings_.rows();
    out_ = {Matrix<std::uint32_t>(n, options_.count),
            Matrix<double>(n, options_.count),
            std::vector<SimilarState>(n),
            std::vector<std::uint32_t>(n),
            0,
            0};
    FENQUN_CHECK(measure());
    for (std::uint32_t r = 0; r < n; ++r) {
      if (out_.states[r] == SimilarState::Compared) compared_.push_back(r);
    }
    out_.compared = compared_.size();
    limit_ = std::min<std::size_t>(options_.count + kSpare, compared_.empty() ? 0 : compared_.size() - 1);
    FENQUN_CHECK(pack());
    FENQUN_CHECK(multiply());
    FENQUN_CHECK(settle());
    return std::move(out_);
  }

 private:
  Result<void> measure() {
    const auto hours = static_cast<double>(readings_.cols());
    return for_ranges(readings_.rows(), kPanel, pool_, stop_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end; ++r) {
        const auto row = readings_.row(r);
        for (const float value : row) out_.missing[r] += std::isnan(value) ? 1U : 0U;
        norms_[r] = std::sqrt(similar_kernels().dot(row.data(), row.data(), row.size()));
        const double share = 1 - static_cast<double>(out_.missing[r]) / hours;
        if (out_.missing[r] == row.size() || share < options_.least_share) {
          out_.states[r] = SimilarState::TooFewReadings;
        } else if (!(norms_[r] > 0)) {
          out_.states[r] = SimilarState::NoUse;
        }
      }
    });
  }

  /// Rows of length 1, kPanel customers side by side; places without a customer stay 0.
  Result<void> pack() {
    const std::size_t hours = readings_.cols();
    const std::size_t groups = (compared_.size() + kGroup - 1) / kGroup;
    packed_.assign(groups * kGroup * hours, 0);
    candidates_.resize(compared_.size());
    return for_ranges(compared_.size(), kPanel, pool_, stop_, [&](std::size_t begin, std::size_t end) {
      float* const panel = packed_.data() + begin * hours;
      for (std::size_t h = 0; h < hours; ++h) {
        for (std::size_t i = begin; i < end; ++i) {
          const auto value = static_cast<double>(readings_.data()[compared_[i] * readings_.stride() + h]);
          panel[h * kPanel + i - begin] = std::isnan(value) ? 0 : static_cast<float>(value / norms_[compared_[i]]);
        }
      }
    });
  }

  Result<void> multiply() {
    const std::size_t groups = (compared_.size() + kGroup - 1) / kGroup;
    std::vector<std::pair<std::size_t, std::size_t>> tasks;
    for (std::size_t i = 0; i < groups; ++i) {
      for (std::size_t j = i; j < groups; ++j) tasks.emplace_back(i, j);
    }
    std::vector<std::mutex> locks(groups);
    return for_ranges(tasks.size(), 1, pool_, stop_, [&](std::size_t task, std::size_t) {
      const auto [i, j] = tasks[task];
      const auto sums = multiply_groups(i, j);
      {
        const std::scoped_lock lock(locks[i]);
        see(i, j, sums, kGroup, 1);
      }
      if (i == j) return;
      const std::scoped_lock lock(locks[j]);
      see(j, i, sums, 1, kGroup);
    });
  }

  [[nodiscard]] std::vector<double> multiply_groups(std::size_t i, std::size_t j) const {
    const std::size_t hours = readings_.cols();
    std::vector<double> sums(kGroup * kGroup);
    for (std::size_t begin = 0; begin < hours; begin += kHoursPerStep) {
      const std::size_t count = std::min(kHoursPerStep, hours - begin);
      for (std::size_t p = 0; p < kGroup; p += kPanel) {
        const float* const a = packed_.data() + (i * kGroup + p) * hours + begin * kPanel;
        for (std::size_t q = 0; q < kGroup; q += kPanel) {
          const float* const b = packed_.data() + (j * kGroup + q) * hours + begin * kPanel;
          similar_kernels().add_products(a, b, count, sums.data() + p * kGroup + q, kGroup);
        }
      }
    }
    return sums;
  }

  /// Shows the customers of group i those of group j; the pair (a, b) stands at a * own_step + b * other_step.
  void see(std::size_t i, std::size_t j, const std::vector<double>& sums, std::size_t own_step,
           std::size_t other_step) {
    const std::size_t own = std::min(kGroup, compared_.size() - i * kGroup);
    const std::size_t others = std::min(kGroup, compared_.size() - j * kGroup);
    for (std::size_t a = 0; a < own; ++a) {
      auto& candidates = candidates_[i * kGroup + a];
      for (std::size_t b = 0; b < others; ++b) {
        const double cosine = sums[a * own_step + b * other_step];
        if (i * kGroup + a == j * kGroup + b || !candidates.is_open(cosine, limit_)) continue;
        candidates.see({cosine, static_cast<std::uint32_t>(j * kGroup + b)}, limit_);
      }
    }
  }

  [[nodiscard]] double cosine(std::uint32_t a, std::uint32_t b) const {
    const double product = similar_kernels().dot(readings_.row(a).data(), readings_.row(b).data(), readings_.cols());
    return std::clamp(product / (norms_[a] * norms_[b]), -1.0, 1.0);
  }

  Result<void> settle() {
    for (std::size_t r = 0; r < readings_.rows(); ++r) {
      std::ranges::fill(out_.neighbours.row(r), kNoCustomer);
      std::ranges::fill(out_.cosines.row(r), std::numeric_limits<double>::quiet_NaN());
    }
    std::vector<std::uint8_t> again(compared_.size());
    FENQUN_CHECK(for_ranges(compared_.size(), 8, pool_, stop_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end && !stop_.stop_requested(); ++i) again[i] = settle_customer(i) ? 1 : 0;
    }));
    out_.searched_again = std::accumulate(again.begin(), again.end(), std::uint64_t{0});
    return {};
  }

  /// True when the candidates did not suffice.
  bool settle_customer(std::size_t i) {
    const std::uint32_t customer = compared_[i];
    auto& found = candidates_[i].kept();
    if (found.empty()) return false;
    const double least = found.front().cosine;  // what was left out is no nearer, in single precision
    for (auto& one : found) one = {cosine(customer, compared_[one.customer]), compared_[one.customer]};
    std::ranges::sort(found, is_nearer);
    const std::size_t count = std::min<std::size_t>(options_.count, found.size());
    const bool is_all = found.size() + 1 == compared_.size();
    const bool is_open = !is_all && least + kCosineBound + kDoubleBound >= found[count - 1].cosine;
    if (is_open) {
      found.clear();
      for (const std::uint32_t other : compared_) {
        if (other != customer) found.push_back({cosine(customer, other), other});
      }
      std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(count), is_nearer);
    }
    for (std::size_t k = 0; k < count; ++k) {
      out_.neighbours(customer, k) = found[k].customer;
      out_.cosines(customer, k) = found[k].cosine;
    }
    found = {};
    return is_open;
  }

  RowView<const float> readings_;
  SimilarOptions options_;
  WorkerPool& pool_;
  std::stop_token stop_;
  SimilarCustomers out_;
  std::vector<double> norms_;
  std::vector<std::uint32_t> compared_;  // customers, ascending
  std::size_t limit_ = 0;
  std::vector<float> packed_;
  std::vector<Candidates> candidates_;  // one for each of compared_
};

}  // namespace

Result<SimilarCustomers> find_similar(RowView<const float> readings, const SimilarOptions& options, WorkerPool& pool,
                                      const std::stop_token& stop) {
  FENQUN_CHECK(check_option("count", options.count, 1, 1000));
  FENQUN_CHECK(check_option("least_share", options.least_share, 0, 1));
  FENQUN_CHECK(check_readings(readings, pool));
  return Search(readings, options, pool, stop).run();
}

}  // namespace fenqun::load
