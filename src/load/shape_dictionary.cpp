// load/shape_dictionary.cpp - encoding; merging stands in shape_merging.cpp.
#include "load/shape_dictionary.hpp"

#include "load/nearest_shape.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace fenqun::load {
namespace {

constexpr std::size_t kBlock = 4096;
constexpr float kMaxShare = 1e6F;

bool has_bad_value(std::span<const float> values) noexcept {
  int bad = 0;
  for (const float value : values) bad |= std::abs(value) <= kMaxShare ? 0 : 1;
  return bad != 0;
}

Result<std::vector<double>> squared_lengths(RowView<const float> shapes) {
  std::vector<double> out(shapes.rows());
  for (std::size_t k = 0; k < shapes.rows(); ++k) {
    for (const float value : shapes.row(k)) out[k] += static_cast<double>(value) * static_cast<double>(value);
    if (out[k] > 0) continue;
    return fail(ErrorCode::BadData, "load.zero_shape", {{"shape", std::to_string(k)}});
  }
  return out;
}

/// What one block of profiles adds.
struct BlockSums {
  std::vector<std::uint64_t> counts;
  std::uint64_t violations = 0;
  double error = 0;
  double largest = 0;
};

void add_block(const BlockSums& block, ShapeEncoding& out) {
  for (std::size_t k = 0; k < block.counts.size(); ++k) out.counts[k] += block.counts[k];
  out.coverage.violations += block.violations;
  out.coverage.mean_error += block.error;
  out.coverage.largest_error = std::max(out.coverage.largest_error, block.largest);
}

}  // namespace

Result<void> check_profiles(RowView<const float> profiles, WorkerPool& pool) {
  std::vector<std::optional<std::size_t>> bad(WorkerPool::block_count(profiles.rows(), kBlock));
  pool.for_blocks(profiles.rows(), kBlock, [&](std::size_t block, std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end && !bad[block]; ++r) {
      if (has_bad_value(profiles.row(r))) bad[block] = r;
    }
  });
  for (const auto& row : bad) {
    if (!row) continue;
    for (std::size_t c = 0; c < profiles.cols(); ++c) {
      const float value = profiles(*row, c);
      if (std::abs(value) <= kMaxShare) continue;
      return fail(ErrorCode::BadData, "load.bad_share",
                  {{"row", std::to_string(*row)},
                   {"column", std::to_string(c)},
                   {"value", fmt::format("{}", value)},
                   {"limit", fmt::format("{}", kMaxShare)}});
    }
  }
  return {};
}

Result<ShapeEncoding> encode_profiles(RowView<const float> profiles, RowView<const float> shapes, double theta,
                                      WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_CHECK(check_option("shapes", static_cast<double>(shapes.rows()), 1, kMaxShapes));
  FENQUN_CHECK(check_option("columns", static_cast<double>(shapes.cols()), 1, 1440));
  FENQUN_CHECK(check_option("theta", theta, 1e-9, 1e9));
  if (profiles.cols() != shapes.cols()) {
    return fail(ErrorCode::InvalidArgument, "load.lengths_differ",
                {{"what", "profiles"},
                 {"value", std::to_string(profiles.cols())},
                 {"expected", std::to_string(shapes.cols())}});
  }
  FENQUN_CHECK(check_profiles(shapes, pool));
  FENQUN_CHECK(check_profiles(profiles, pool));
  FENQUN_TRY(const auto lengths, squared_lengths(shapes));
  const PackedShapes packed(shapes);
  const std::size_t n = profiles.rows();
  ShapeEncoding out{
      std::vector<std::uint32_t>(n), std::vector<float>(n), std::vector<std::uint64_t>(shapes.rows()), {}};
  // Few blocks with sums of their own: as many as 64, each of whole runs of kBlock rows.
  const std::size_t block_rows = std::max(kBlock, (n / 64 + kBlock) / kBlock * kBlock);
  std::vector<BlockSums> sums(WorkerPool::block_count(n, block_rows));
  FENQUN_CHECK(for_ranges(n, block_rows, pool, stop, [&](std::size_t begin, std::size_t end) {
    BlockSums& block = sums[begin / block_rows];
    block.counts.resize(shapes.rows());
    NearestShape search(shapes, packed);
    for (std::size_t from = begin; from < end && !stop.stop_requested(); from += kBlock) {
      const std::size_t count = std::min(kBlock, end - from);
      search.find({profiles.row(from).data(), count, profiles.cols(), profiles.stride()}, out.codes.data() + from,
                  out.errors.data() + from);
      for (std::size_t r = from; r < from + count; ++r) {
        const double error = static_cast<double>(out.errors[r]) / lengths[out.codes[r]];
        out.errors[r] = static_cast<float>(error);
        ++block.counts[out.codes[r]];
        block.violations += error > theta ? 1U : 0U;
        block.error += error;
        block.largest = std::max(block.largest, error);
      }
    }
  }));
  for (const auto& block : sums) add_block(block, out);
  out.coverage.profiles = n;
  if (n > 0) {
    out.coverage.violation_share = static_cast<double>(out.coverage.violations) / static_cast<double>(n);
    out.coverage.mean_error /= static_cast<double>(n);
  }
  return out;
}

}  // namespace fenqun::load
