// report/explanation_shapes.cpp - sentences on shapes of days: hours in a row are told together.
#include "report/explanation_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fenqun::report {
namespace {

using segment::Explanation;
using segment::hour_share_of;

constexpr std::size_t kHours = 24;
constexpr std::size_t kBlock = 4;  // hours that reasons are told by

// Both kinds of days, one hour after the other.
std::size_t place_of(const std::string& feature) {
  const auto share = hour_share_of(feature);
  return share ? (share->is_rest_day ? kHours : 0) + static_cast<std::size_t>(share->hour) : 0;
}

std::string hours_text(std::size_t begin, std::size_t end, const Wording& words) {
  const bool is_rest_day = begin >= kHours;
  const std::size_t first = is_rest_day ? kHours : 0;
  return words(is_rest_day ? "explain.hours_rest" : "explain.hours_work",
               {{"from", std::to_string(begin - first)}, {"to", std::to_string(end - first)}});
}

std::string share_text(double share, const Wording& words) { return words.fixed(100 * share, 2) + "%"; }

struct Block {
  std::size_t begin = 0;
  double value = 0;
  double own = 0;
  double next = 0;
  double contribution = 0;
};

// Four hours at a time, what says most first.
std::vector<Block> blocks_of(const Explanation& told) {
  std::vector<Block> out(2 * kHours / kBlock);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].begin = i * kBlock;
  for (const auto& one : told.contributions) {
    auto& block = out[place_of(one.feature) / kBlock];
    block.value += one.value;
    block.own += one.own_centre;
    block.next += one.next_centre;
    block.contribution += one.contribution;
  }
  std::ranges::stable_sort(out, std::greater<>(), [](const Block& b) { return std::abs(b.contribution); });
  return out;
}

// A move as runs of hours that all gain or all lose.
std::string runs_text(const segment::Move& move, const Wording& words) {
  std::array<double, 2 * kHours> from{}, to{};
  std::array<int, 2 * kHours> sign{};
  for (const auto& change : move.changes) {
    const auto i = place_of(change.feature);
    from.at(i) = std::get<double>(change.from);
    to.at(i) = std::get<double>(change.to);
    sign.at(i) = change.scaled > 0 ? 1 : -1;
  }
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < sign.size();) {
    auto end = begin + 1;
    while (end < sign.size() && end % kHours != 0 && sign.at(end) == sign.at(begin)) ++end;
    if (sign.at(begin) != 0) {
      double before = 0, after = 0;
      for (auto i = begin; i < end; ++i) {
        before += from.at(i);
        after += to.at(i);
      }
      parts.push_back(words("explain.hours_change", {{"hours", hours_text(begin, end, words)},
                                                     {"from", share_text(before, words)},
                                                     {"to", share_text(after, words)}}));
    }
    begin = end;
  }
  return joined(parts, words("explain.semicolon"));
}

// Energy of one hour used in another.
std::string shift_text(const segment::Move& move, const Wording& words) {
  const auto& first = move.changes.front();
  const auto& second = move.changes.back();
  const auto& less = first.scaled < 0 ? first : second;
  const auto& more = first.scaled < 0 ? second : first;
  const auto from = hour_share_of(less.feature);
  const auto to = hour_share_of(more.feature);
  if (!from || !to) return {};
  return words(from->is_rest_day ? "explain.shift_rest" : "explain.shift_work",
               {{"share", share_text(more.scaled, words)},
                {"from", std::to_string(from->hour)},
                {"to", std::to_string(to->hour)}});
}

}  // namespace

void say_shapes(const Explanation& told, const segment::RunResult& run, const Wording& words,
                std::vector<std::string>& out) {
  out.push_back(words("explain.shape_days", {{"work", std::to_string(told.days->work)},
                                             {"rest", std::to_string(told.days->rest)},
                                             {"least", std::to_string(told.days->least)}}));
  if (!told.own_distance) return;
  const auto next = group_title(run, told.next_group, words);
  out.push_back(words(
      "explain.shape_distances",
      {{"own", words.fixed(told.own_distance, 4)}, {"group", next}, {"next", words.fixed(told.next_distance, 4)}}));
  constexpr std::size_t kTold = 4;
  const auto blocks = blocks_of(told);
  for (std::size_t i = 0; i < std::min(kTold, blocks.size()); ++i) {
    const auto& block = blocks[i];
    out.push_back(words(block.contribution >= 0 ? "explain.shape_for" : "explain.shape_for_next",
                        {{"hours", hours_text(block.begin, block.begin + kBlock, words)},
                         {"value", share_text(block.value, words)},
                         {"own", share_text(block.own, words)},
                         {"group", next},
                         {"next", share_text(block.next, words)}}));
  }
  if (told.has_no_move) out.push_back(words("explain.no_move"));
  if (told.move) {
    out.push_back(words("explain.shape_move", {{"changes", runs_text(*told.move, words)},
                                               {"group", group_title(run, told.move->into, words)}}));
  }
  for (const auto& move : told.single_moves) {
    out.push_back(words("explain.shape_shift",
                        {{"shift", shift_text(move, words)}, {"group", group_title(run, move.into, words)}}));
  }
}

}  // namespace fenqun::report
