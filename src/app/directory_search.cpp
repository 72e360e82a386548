// app/directory_search.cpp - columns of texts, and what is found in them.
#include "app/directory.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

namespace fenqun::app {

void TextColumn::add(std::string_view text) {
  all_.append(text);
  all_ += '\n';
  ends_.push_back(static_cast<std::uint32_t>(all_.size()));
}

std::string_view TextColumn::at(std::uint32_t row) const {
  const std::uint32_t begin = row == 0 ? 0 : ends_[row - 1];
  return std::string_view(all_).substr(begin, ends_[row] - begin - 1);
}

std::optional<std::uint32_t> TextColumn::next(std::string_view part, std::uint32_t from) const {
  if (part.empty() || from >= ends_.size()) return std::nullopt;
  const std::size_t begin = from == 0 ? 0 : ends_[from - 1];
  const void* const found = memmem(all_.data() + begin, all_.size() - begin, part.data(), part.size());
  if (found == nullptr) return std::nullopt;
  const auto place = static_cast<std::uint32_t>(static_cast<const char*>(found) - all_.data());
  return static_cast<std::uint32_t>(std::upper_bound(ends_.begin(), ends_.end(), place) - ends_.begin());
}

template <typename Take>
void TextColumn::search(std::string_view part, const Take& take) const {
  for (auto row = next(part, 0); row; row = next(part, *row + 1)) {
    if (!take(*row)) return;
  }
}

std::string_view name_of(FoundIn found) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"customer_id", "name", "phone", "address"};
  return kNames[static_cast<std::size_t>(found)];
}

std::optional<std::uint32_t> Directory::find(std::string_view customer_id) const {
  std::uint32_t low = 0;
  auto high = static_cast<std::uint32_t>(ids_.size());
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (ids_.at(middle) < customer_id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == ids_.size() || ids_.at(low) != customer_id) return std::nullopt;
  return low;
}

std::vector<Hit> Directory::search(std::string_view words, const SearchScope& fields, const Scope& scope,
                                   std::size_t limit) const {
  std::vector<Hit> out;
  std::set<std::uint32_t> seen;
  const auto take = [&](FoundIn where) {
    return [&, where](std::uint32_t row) {
      if (scope.covers(row) && seen.insert(row).second) out.push_back({row, where});
      return out.size() < limit;
    };
  };
  if (words.find('\n') != std::string_view::npos || limit == 0) return out;
  if (const auto exact = find(words)) take(FoundIn::Id)(*exact);
  if (fields.phones) {
    for (const auto row : by_phone(words)) {
      if (out.size() < limit) take(FoundIn::Phone)(row);
    }
  }
  if (out.size() < limit) ids_.search(words, take(FoundIn::Id));
  if (fields.names && out.size() < limit) names_.search(words, take(FoundIn::Name));
  if (fields.phones && out.size() < limit) phones_.search(words, take(FoundIn::Phone));
  if (fields.addresses && out.size() < limit) addresses_.search(words, take(FoundIn::Address));
  return out;
}

std::map<std::string, Directory::Count> Directory::count_below(const std::vector<std::string>& units,
                                                               const std::string& scheme, const Scope& scope) const {
  constexpr auto kNone = static_cast<std::size_t>(-1);
  constexpr int kMostLevels = 64;  // a circle of units ends here
  std::vector<std::size_t> place(words_.size(), kNone);
  for (std::size_t n = 0; n < units.size(); ++n) {
    if (const auto at = word_of_.find(units[n]); at != word_of_.end()) place[at->second] = n;
  }
  auto below = place;
  for (const auto& [unit, parent] : parents_) {
    auto at = unit;
    for (int level = 0; level < kMostLevels && at != 0 && place[at] == kNone; ++level) {
      const auto up = parents_.find(at);
      at = up == parents_.end() ? 0 : up->second;
    }
    below[unit] = at == 0 ? kNone : place[at];
  }
  const auto of_scheme = std::find_if(group_of_.begin(), group_of_.end(), [&](const auto& column) {
    return std::any_of(column.begin(), column.end(),
                       [&](std::uint16_t group) { return group != 0 && published_[group - 1U].scheme == scheme; });
  });
  std::vector<Count> counts(units.size());
  for (std::uint32_t row = 0; row < size(); ++row) {
    std::size_t unit = kNone;
    for (const auto* column : {&areas_, &communities_, &stations_}) {
      if (unit == kNone) unit = below[(*column)[row]];
    }
    if (unit == kNone || !scope.covers(row)) continue;
    counts[unit].customers += 1;
    if (of_scheme == group_of_.end() || (*of_scheme)[row] == 0) continue;
    counts[unit].groups[published_[(*of_scheme)[row] - 1U].group] += 1;
  }
  std::map<std::string, Count> out;
  for (std::size_t n = 0; n < units.size(); ++n) out.emplace(units[n], std::move(counts[n]));
  return out;
}

std::map<std::string, Directory::Count> Directory::count_all(const Scope& scope) const {
  std::map<std::string, Count> out;
  for (const auto& column : group_of_) {
    std::vector<std::int64_t> counts(published_.size() + 1, 0);
    for (std::uint32_t row = 0; row < size(); ++row) {
      if (scope.covers(row)) counts[column[row]] += 1;
    }
    for (std::size_t n = 0; n < published_.size(); ++n) {
      if (counts[n + 1] == 0) continue;
      auto& scheme = out[published_[n].scheme];
      scheme.customers += counts[n + 1];
      scheme.groups[published_[n].group] += counts[n + 1];
    }
  }
  return out;
}

}  // namespace fenqun::app
