// load/shape_merging.cpp - merge_shapes of load/shape_dictionary.hpp.
#include "load/shape_dictionary.hpp"
#include "load/shape_kernels.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace fenqun::load {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

struct Neighbour {
  double cost = std::numeric_limits<double>::infinity();
  std::uint32_t code = kNone;
};

/// Keeps of every shape the cheapest one to merge it with.
class Merging {
 public:
  Merging(const ShapeDictionary& dictionary, MergeCost cost, WorkerPool& pool)
      : cost_(cost),
        pool_(pool),
        means_(dictionary.shapes.rows(), dictionary.shapes.cols()),
        members_(dictionary.members),
        packed_(dictionary.shapes.view()),
        rounded_(dictionary.shapes),
        neighbours_(members_.size()),
        merged_into_(members_.size(), kNone),
        left_(members_.size()) {
    for (std::size_t i = 0; i < means_.rows(); ++i) {
      for (std::size_t c = 0; c < means_.cols(); ++c) means_(i, c) = static_cast<double>(dictionary.shapes(i, c));
    }
  }

  Result<MergedDictionary> run(std::uint32_t cap, const std::stop_token& stop) {
    if (left_ > cap) {
      FENQUN_CHECK(for_ranges(members_.size(), 16, pool_, stop, [&](std::size_t begin, std::size_t end) {
        std::vector<float> squared(packed_.blocks() * kShapeBlock);
        for (std::size_t i = begin; i < end; ++i) search(static_cast<std::uint32_t>(i), squared);
      }));
    }
    while (left_ > cap) {
      if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
      merge();
    }
    return finish();
  }

 private:
  [[nodiscard]] bool is_left(std::size_t code) const { return merged_into_[code] == kNone; }
  [[nodiscard]] double growth(std::size_t a, std::size_t b, double squared) const {
    const auto x = static_cast<double>(members_[a]);
    const auto y = static_cast<double>(members_[b]);
    return squared * (x * y / (x + y));
  }
  [[nodiscard]] double cost(std::size_t a, std::size_t b, double squared) const {
    return cost_ == MergeCost::Variance ? growth(a, b, squared) : squared;
  }

  void measure(std::uint32_t code, std::vector<float>& squared) const {
    shape_kernels().distances(rounded_.row(code).data(), packed_, squared.data());
  }

  void choose(std::uint32_t code, const std::vector<float>& squared) {
    Neighbour best;
    for (std::uint32_t other = 0; other < members_.size(); ++other) {
      if (other == code || !is_left(other)) continue;
      const double value = cost(code, other, static_cast<double>(squared[other]));
      if (value < best.cost) best = {value, other};
    }
    neighbours_[code] = best;
  }

  void search(std::uint32_t code, std::vector<float>& squared) {
    measure(code, squared);
    choose(code, squared);
  }

  void merge() {
    std::uint32_t first = kNone;
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      if (is_left(i) && (first == kNone || neighbours_[i].cost < neighbours_[first].cost)) first = i;
    }
    const std::uint32_t keep = std::min(first, neighbours_[first].code);
    const std::uint32_t gone = std::max(first, neighbours_[first].code);
    join(keep, gone);

    squared_.resize(packed_.blocks() * kShapeBlock);
    measure(keep, squared_);
    choose(keep, squared_);
    again_.clear();
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      if (!is_left(i) || i == keep) continue;
      Neighbour& known = neighbours_[i];
      if (known.code == keep || known.code == gone) {
        again_.push_back(i);
        continue;
      }
      const double value = cost(i, keep, static_cast<double>(squared_[i]));
      if (value < known.cost || (value == known.cost && keep < known.code)) known = {value, keep};
    }
    for (const std::uint32_t i : again_) search(i, squared_);
  }

  void join(std::uint32_t keep, std::uint32_t gone) {
    const auto x = static_cast<double>(members_[keep]);
    const auto y = static_cast<double>(members_[gone]);
    double squared = 0;
    for (std::size_t c = 0; c < means_.cols(); ++c) {
      const double difference = means_(gone, c) - means_(keep, c);
      squared += difference * difference;
      means_(keep, c) += difference * (y / (x + y));
      rounded_(keep, c) = static_cast<float>(means_(keep, c));
    }
    added_error_ += growth(keep, gone, squared);
    members_[keep] += members_[gone];
    merged_into_[gone] = keep;
    packed_.set(keep, rounded_.row(keep));
    packed_.remove(gone);
    --left_;
  }

  MergedDictionary finish() {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      if (is_left(i)) order.push_back(i);
    }
    std::ranges::stable_sort(order, std::greater<>(), [&](std::uint32_t i) { return members_[i]; });
    MergedDictionary out{{Matrix<float>(order.size(), rounded_.cols()), {}},
                         std::vector<std::uint32_t>(members_.size(), kNone),
                         added_error_};
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      std::ranges::copy(rounded_.row(order[i]), out.dictionary.shapes.row(i).begin());
      out.dictionary.members.push_back(members_[order[i]]);
      out.new_code_of[order[i]] = i;
    }
    // A shape goes into one with a lower code, so the lower ones are settled already.
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (!is_left(i)) out.new_code_of[i] = out.new_code_of[merged_into_[i]];
    }
    return out;
  }

  MergeCost cost_;
  WorkerPool& pool_;
  Matrix<double> means_;
  std::vector<std::uint64_t> members_;
  PackedShapes packed_;
  Matrix<float> rounded_;
  std::vector<Neighbour> neighbours_;
  std::vector<std::uint32_t> merged_into_;
  std::size_t left_;
  double added_error_ = 0;
  std::vector<float> squared_;
  std::vector<std::uint32_t> again_;
};

}  // namespace

Result<MergedDictionary> merge_shapes(const ShapeDictionary& dictionary, std::uint32_t cap, MergeCost cost,
                                      WorkerPool& pool, const std::stop_token& stop) {
  const auto& shapes = dictionary.shapes;
  FENQUN_CHECK(check_option("cap", cap, 1, kMaxShapes));
  FENQUN_CHECK(check_option("shapes", static_cast<double>(shapes.rows()), 1, kMaxShapes));
  FENQUN_CHECK(check_option("columns", static_cast<double>(shapes.cols()), 1, 1440));
  if (dictionary.members.size() != shapes.rows()) {
    return fail(ErrorCode::InvalidArgument, "load.lengths_differ",
                {{"what", "members"},
                 {"value", std::to_string(dictionary.members.size())},
                 {"expected", std::to_string(shapes.rows())}});
  }
  for (const auto count : dictionary.members)
    FENQUN_CHECK(check_option("members", static_cast<double>(count), 1, 1e15));
  FENQUN_CHECK(check_profiles(shapes.view(), pool));
  if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  return Merging(dictionary, cost, pool).run(cap, stop);
}

}  // namespace fenqun::load
