// access/mask.cpp - each mask twice, in SQL and here; a test compares them.
#include "access/mask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace fenqun::access {
namespace {

constexpr std::size_t kLongestPersonName = 4;
constexpr std::size_t kShortestPhone = 8;
constexpr std::size_t kMostOfAddress = 6;
constexpr const char* kStars = "****";

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

std::string joined(const std::vector<std::string_view>& all, std::size_t from, std::size_t count) {
  std::string out;
  for (std::size_t n = from; n < std::min(from + count, all.size()); ++n) out += all[n];
  return out;
}

std::string masked_name(const std::vector<std::string_view>& all) {
  if (all.size() > kLongestPersonName) return joined(all, 0, 2) + kStars;
  return joined(all, 0, 1) + std::string(std::max<std::size_t>(all.size(), 2) - 1, '*');
}

}  // namespace

std::string masked(std::string_view text, Mask mask) {
  const auto all = characters(text);
  if (all.empty()) return "";
  switch (mask) {
    case Mask::Name:
      return masked_name(all);
    case Mask::Phone:
      return all.size() < kShortestPhone ? kStars : joined(all, 0, 3) + kStars + joined(all, all.size() - 4, 4);
    case Mask::Number:
      return all.size() < kShortestPhone ? kStars : joined(all, 0, 1) + kStars + joined(all, all.size() - 1, 1);
    case Mask::Address:
      return joined(all, 0, std::min(kMostOfAddress, all.size() / 2)) + kStars;
  }
  return "";
}

std::string masked_sql(const std::string& column, Mask mask) {
  const auto length = "length(" + column + ")";
  std::string sql;
  switch (mask) {
    case Mask::Name:
      sql = fmt::format(
          "CASE WHEN {1} > {2} THEN left({0}, 2) || '{3}' ELSE left({0}, 1) || repeat('*', greatest({1}, 2) - 1) END",
          column, length, kLongestPersonName, kStars);
      break;
    case Mask::Phone:
      sql = fmt::format("CASE WHEN {1} < {2} THEN '{3}' ELSE left({0}, 3) || '{3}' || right({0}, 4) END", column,
                        length, kShortestPhone, kStars);
      break;
    case Mask::Number:
      sql = fmt::format("CASE WHEN {1} < {2} THEN '{3}' ELSE left({0}, 1) || '{3}' || right({0}, 1) END", column,
                        length, kShortestPhone, kStars);
      break;
    case Mask::Address:
      sql = fmt::format("left({0}, least({2}, {1} // 2)) || '{3}'", column, length, kMostOfAddress, kStars);
      break;
  }
  return fmt::format("CASE WHEN {0} IS NULL OR {0} = '' THEN {0} ELSE {1} END", column, sql);
}

}  // namespace fenqun::access
