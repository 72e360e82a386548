// base/near_names.cpp
#include "base/near_names.hpp"

#include <algorithm>
#include <numeric>

namespace fenqun {
namespace {

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80U) ++length;
    out.push_back(text.substr(at, length));
    at += length;
  }
  return out;
}

// Levenshtein 1966, one row of the table at a time.
std::size_t edit_distance(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string near_names(std::string_view name, const std::vector<std::string>& known) {
  constexpr std::size_t kMost = 3;
  const auto wanted = characters(name);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const auto& candidate : known) {
    const auto letters = characters(candidate);
    const auto distance = edit_distance(wanted, letters);
    const bool contained =
        name.size() >= 3 && (candidate.find(name) != std::string::npos ||
                             (candidate.size() >= 3 && name.find(candidate) != std::string_view::npos));
    if (contained || distance <= std::max<std::size_t>(1, std::max(wanted.size(), letters.size()) / 3)) {
      near.emplace_back(distance, candidate);
    }
  }
  if (near.empty()) return name_list(known);
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(kMost, near.size()); ++i) out.push_back(near[i].second);
  return name_list(out);
}

std::string name_list(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 40;
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, names.size()); ++i) out += (i > 0 ? ", " : "") + names[i];
  if (names.size() > kMost) out += " ... (+" + std::to_string(names.size() - kMost) + ")";
  return out;
}

}  // namespace fenqun
