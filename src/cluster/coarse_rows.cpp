// cluster/coarse_rows.cpp
#include "cluster/coarse_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace fenqun::cluster {
namespace {

constexpr std::size_t kSampleRows = 2048;
constexpr std::size_t kSampleTail = 1;        // of the sample, on either side, are left out of the range
constexpr float kRangeRoom = 0.1F;            // that the range is widened by, on either side
constexpr std::int32_t kMostScore = 1 << 29;  // differences of two stay whole numbers of 32 bits
constexpr std::size_t kTilesLookedAt = 32;
constexpr std::size_t kTileJump = 7919;  // a prime
constexpr std::size_t kTilesAhead = 4;   // of the one searched are fetched
constexpr std::size_t kCacheLine = 64;
constexpr std::int32_t kHalfOfScores = kMostScore / 2;
constexpr double kMostOff = 0.5001;  // of a value within the range from what its code says, in steps
constexpr double kMostUnits = 250;   // off, of a row whose values are all within; a few more can be told
constexpr double kMostWeight = 32'000;

std::int32_t pack(std::int32_t low, std::int32_t high) {
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(high) << 16U) |
                                   (static_cast<std::uint32_t>(low) & 0xFFFFU));
}

}  // namespace

CoarseRows::CoarseRows(const GroupedRows& rows, std::size_t block_rows, WorkerPool& pool)
    : rows_(rows),
      cols_(rows.cols()),
      block_rows_(block_rows),
      tiles_per_block_(WorkerPool::block_count(block_rows, kTileRows)),
      scale_(scale_of(rows)),
      memory_(pool.lend(tiles() * tile_bytes(cols_))),
      codes_(reinterpret_cast<std::int8_t*>(memory_.bytes().data()), memory_.bytes().size()),  // NOLINT: plain bytes
      off_(tiles() * kTileRows),
      outside_(tiles()) {}

std::size_t CoarseRows::tiles() const { return WorkerPool::block_count(rows_.size(), block_rows_) * tiles_per_block_; }

void CoarseRows::encode(std::size_t begin, std::size_t end) {
  const CodeScale scale{scale_.middle, scale_.step, scale_.per_step, static_cast<float>(1 / scale_.off_unit)};
  for (std::size_t at = begin; at < end; at += kTileRows) {
    const std::size_t tile = at / block_rows_ * tiles_per_block_ + at % block_rows_ / kTileRows;
    coarse_kernels().encode(rows_.part(at, std::min(end, at + kTileRows)), scale,
                            {&codes_[tile * tile_bytes(cols_)], &off_[tile * kTileRows], &outside_[tile]});
  }
}

CoarseRows::Scale CoarseRows::scale_of(const GroupedRows& rows) {
  const std::size_t cols = rows.cols();
  const std::size_t count = std::min(rows.size(), kSampleRows);
  std::vector<float> sample(cols * count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = rows.rows.row(i * rows.size() / count);
    for (std::size_t c = 0; c < cols; ++c) sample[c * count + i] = row[c];
  }
  Scale out{std::vector<float>(cols), std::vector<float>(cols), std::vector<float>(cols)};
  const auto tail = static_cast<std::ptrdiff_t>(std::min(kSampleTail, (count - 1) / 2));
  for (std::size_t c = 0; c < cols; ++c) {
    const auto values = std::span(sample).subspan(c * count, count);
    std::ranges::nth_element(values, values.begin() + tail);
    const float low = values[static_cast<std::size_t>(tail)];
    std::ranges::nth_element(values, values.end() - 1 - tail);
    const float high = *(values.end() - 1 - tail);
    out.middle[c] = low / 2 + high / 2;
    const float step = (high / 2 - low / 2) * (1 + 2 * kRangeRoom) / kMostCode;
    const float per_step = 1 / step;
    if (!(step > 0) || !std::isfinite(per_step)) continue;
    out.step[c] = step;
    out.per_step[c] = per_step;
  }
  double squared = 0;
  for (const float step : out.step) squared += static_cast<double>(step) * static_cast<double>(step);
  out.off_unit = std::max(std::sqrt(squared) * kMostOff / kMostUnits, 1e-30);
  // A value less its middle and less what its code says: two roundings, each of less than the range.
  out.rounding = std::sqrt(squared) * static_cast<double>(2 * kMostCode) * 0x1.0p-22;
  return out;
}

std::size_t CoarseRows::tiles_in_block(std::size_t block) const {
  return WorkerPool::block_count(std::min(block_rows_, rows_.size() - block * block_rows_), kTileRows);
}

std::size_t CoarseRows::rows_in_tile(std::size_t block, std::size_t tile) const {
  const std::size_t in_block = std::min(block_rows_, rows_.size() - block * block_rows_);
  return std::min(kTileRows, in_block - tile * kTileRows);
}

/// From the middle to the farthest row that the codes describe, at most: what the codes say is up to kMostCode steps
/// from the middle, and the row up to 255 units from that, which is less than a step.
double CoarseRows::reach() const {
  double squared = 0;
  for (const float step : scale_.step) squared += std::pow((kMostCode + 1) * static_cast<double>(step), 2);
  return std::sqrt(squared);
}

void CoarseRows::aim(RowView<const float> centroids, float rounding) {
  weigh(centroids);
  find_slack(centroids, static_cast<double>(rounding));
}

void CoarseRows::weigh(RowView<const float> centroids) {
  const std::size_t k = centroids.rows();
  const std::size_t padded = (k + kCoarseWidth - 1) / kCoarseWidth * kCoarseWidth;
  const std::size_t pairs = (cols_ + 1) / 2;
  from_middle_.resize(k * cols_);
  unrounded_.resize(k * cols_);
  double most_weight = 0, most_square = 0;
  std::vector<double> square(k);
  for (std::size_t g = 0; g < k; ++g) {
    for (std::size_t c = 0; c < cols_; ++c) {
      const double away = static_cast<double>(centroids(g, c)) - static_cast<double>(scale_.middle[c]);
      from_middle_[g * cols_ + c] = away;
      square[g] += away * away;
      most_weight = std::max(most_weight, std::abs(2 * away * static_cast<double>(scale_.step[c])));
    }
    most_square = std::max(most_square, square[g]);
  }
  const auto most_products = static_cast<double>(kMostCode) * static_cast<double>(cols_);
  per_unit_ = std::min(
      {std::min(kMostWeight, (kHalfOfScores) / most_products) / most_weight, (kHalfOfScores - 2) / most_square, 1e30});
  base_.assign(padded, kMostScore);
  weights_.assign(padded * pairs, 0);
  for (std::size_t g = 0; g < k; ++g) {
    base_[g] = static_cast<std::int32_t>(std::lround(square[g] * per_unit_));
    std::int32_t* const to = weights_.data() + g / kCoarseWidth * pairs * kCoarseWidth + g % kCoarseWidth;
    std::int32_t low = 0;
    for (std::size_t c = 0; c < cols_; ++c) {
      const double exact = -2 * per_unit_ * from_middle_[g * cols_ + c] * static_cast<double>(scale_.step[c]);
      const auto weight = static_cast<std::int32_t>(std::lround(exact));
      unrounded_[g * cols_ + c] = static_cast<double>(weight) - exact;
      if (c % 2 == 0) low = weight;
      to[c / 2 * kCoarseWidth] = pack(low, c % 2 == 0 ? 0 : weight);
    }
  }
}

/// By how much a score has to be the least for its centroid to be the nearest: the difference of two scores says what
/// that of the squared distances is, less what the codes left out of the row, what rounding left out of the weights,
/// and what single precision adds to the distances that decide.
void CoarseRows::find_slack(RowView<const float> centroids, double rounding) {
  const std::size_t k = centroids.rows();
  slack_per_off_.assign(std::max(base_.size(), kMostLanes), 0);
  const double longest_code = static_cast<double>(kMostCode) * std::sqrt(static_cast<double>(cols_));
  const double reach = this->reach();
  double most = 0, most_per_off = 0;
  for (std::size_t g = 0; g < k; ++g) {
    double away = 0, farthest = 0, unrounded = 0;
    for (std::size_t c = 0; c < cols_; ++c) away += std::pow(from_middle_[g * cols_ + c], 2);
    for (std::size_t h = 0; h < k; ++h) {
      double apart = 0, rounded_off = 0;
      for (std::size_t c = 0; c < cols_; ++c) {
        apart += std::pow(from_middle_[g * cols_ + c] - from_middle_[h * cols_ + c], 2);
        rounded_off += std::pow(unrounded_[g * cols_ + c] - unrounded_[h * cols_ + c], 2);
      }
      farthest = std::max(farthest, std::sqrt(apart));
      unrounded = std::max(unrounded, std::sqrt(rounded_off));
    }
    const double computed = 2.1 * rounding * std::pow(reach + std::sqrt(away), 2);
    most = std::max(most, longest_code * unrounded + per_unit_ * (2 * farthest * scale_.rounding + computed));
    const double per_off = std::ceil(per_unit_ * 2 * farthest * scale_.off_unit);
    most_per_off = std::max(most_per_off, per_off);
    slack_per_off_[g] = static_cast<std::int32_t>(std::min(per_off, static_cast<double>(kMostScore)));
  }
  slack_ = static_cast<std::int32_t>(std::min(std::ceil(most) + 2, static_cast<double>(kMostScore)));
  if (most < kHalfOfScores && most_per_off * 255 < kMostScore) return;
  // More than scores differ by: all rows are open.
  slack_ = 2 * (kMostScore - 1) + 3;
  std::ranges::fill(slack_per_off_, 0);
}

double CoarseRows::open_share() const {
  std::array<std::uint32_t, kTileRows> before = {};
  CoarseFound found;
  std::size_t open = 0, looked = 0;
  const std::size_t blocks = WorkerPool::block_count(rows_.size(), block_rows_);
  for (std::size_t n = 0; n < kTilesLookedAt; ++n) {
    const std::size_t block = n * blocks / kTilesLookedAt;
    // Tiles of one block are taken here and there, those of several blocks at different places.
    const std::size_t tile = (n * kTileJump) % tiles_in_block(block);
    const std::size_t count = rows_in_tile(block, tile);
    search(block, tile, {before.data(), count}, found);
    open += static_cast<std::size_t>(std::popcount(found.open));
    looked += count;
  }
  return static_cast<double>(open) / static_cast<double>(looked);
}

void CoarseRows::search(std::size_t block, std::size_t tile, std::span<const std::uint32_t> before,
                        CoarseFound& out) const {
  const std::size_t at = block * tiles_per_block_ + tile;
  const CoarseCentroids centroids{cols_, base_.size(), base_, slack_, slack_per_off_, weights_};
  const std::int8_t* const codes = &codes_[at * tile_bytes(cols_)];
  const std::uint8_t* const off = &off_[at * kTileRows];
  const std::int8_t* const ahead = codes + kTilesAhead * tile_bytes(cols_);
  for (std::size_t i = 0; i < tile_bytes(cols_); i += kCacheLine) __builtin_prefetch(ahead + i);
  if (before.size() == kTileRows) {
    coarse_kernels().search(codes, off, centroids, before.data(), out);
    out.open |= outside_[at];
  } else {
    std::array<std::uint32_t, kTileRows> whole = {};
    std::ranges::copy(before, whole.begin());
    coarse_kernels().search(codes, off, centroids, whole.data(), out);
    const std::uint64_t rows = (std::uint64_t{1} << before.size()) - 1;
    out.open = (out.open | outside_[at]) & rows;
    out.changed &= rows;
  }
}

}  // namespace fenqun::cluster
