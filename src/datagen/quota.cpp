// datagen/quota.cpp
#include "datagen/quota.hpp"

#include "datagen/streams.hpp"

#include <algorithm>
#include <numeric>

namespace fenqun::datagen {

std::vector<std::int64_t> split_exactly(std::int64_t total, std::span<const double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::int64_t> counts(weights.size());
  std::vector<double> remainders(weights.size());
  std::int64_t given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    // A share that is whole but for rounding must not lose its last one.
    const double exact = static_cast<double>(total) * weights[i] / sum + 1e-9;
    counts[i] = static_cast<std::int64_t>(exact);
    remainders[i] = exact - static_cast<double>(counts[i]);
    given += counts[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; given < total; i = (i + 1) % order.size()) {
    ++counts[order[i]];
    ++given;
  }
  return counts;
}

std::vector<std::uint8_t> deal(std::span<const std::int64_t> counts, Random random) {
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    out.insert(out.end(), static_cast<std::size_t>(counts[i]), static_cast<std::uint8_t>(i));
  }
  shuffle(out, random);
  return out;
}

}  // namespace fenqun::datagen
