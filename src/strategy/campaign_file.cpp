// strategy/campaign_file.cpp - the part of file_reader.hpp that reads campaigns.
#include "base/bilingual.hpp"
#include "strategy/file_reader.hpp"
#include "strategy/words.hpp"

#include <algorithm>
#include <filesystem>

namespace fenqun::strategy {
namespace {

constexpr double kMostHeldOut = 0.5;
constexpr int kMostCustomers = 100'000'000;
constexpr int kLeastDays = 7;
constexpr int kMostDays = 366;

}  // namespace

// Exactly one goal; within_days beside it.
void BooksReader::read_conversion(const Settings& root, Campaign& out) {
  const auto node = in_.problems.take(root.child("converts"));
  if (!node) return;
  in_.problems.only(*node, {"paid_by", "contacted_by", "applied_for", "holds", "within_days"});
  out.conversion.within_days = in_.whole(*node, "within_days", kLeastDays, kMostDays, out.conversion.within_days);
  std::string known;
  int found = 0;
  for (const auto& [word, goal] : goal_words()) {
    known += (known.empty() ? "" : ", ") + std::string(word);
    if (!node->has(word)) continue;
    ++found;
    out.conversion.goal = goal;
  }
  if (found != 1) {
    in_.problems.note(
        node->refuse("strategy.one_goal", {{"found", std::to_string(found)}, {"known", std::move(known)}}));
    return;
  }
  const auto word = name_of(out.conversion.goal);
  switch (out.conversion.goal) {
    case Goal::PaidBy:
      out.conversion.codes = in_.codes(*node, word, "payment", "channel");
      break;
    case Goal::ContactedBy:
      out.conversion.codes = in_.codes(*node, word, "interaction", "channel");
      break;
    case Goal::AppliedFor:
      out.conversion.codes = in_.codes(*node, word, "application", "kind");
      break;
    case Goal::Holds:
      out.conversion.condition = in_.condition(*node, word);
      break;
  }
}

void BooksReader::read_campaign(const Settings& root) {
  in_.problems.only(root, {"campaign", "version", "requirements", "title", "source", "department", "target", "hold_out",
                           "most_customers", "actions", "converts"});
  Campaign out;
  out.origin = root.origin();
  out.line = root.line();
  out.name = in_.code(root, "campaign", cells_);
  if (const auto stem = std::filesystem::path(out.origin).stem().string(); !out.name.empty() && stem != out.name) {
    in_.problems.note(root.refuse("strategy.campaign_file", {{"name", out.name}}));
  }
  out.version = in_.whole(root, "version", 1, 1'000'000, 1);
  out.requirements = in_.requirements(root);
  in_.problems.into(out.title, read_bilingual(root, "title", true));
  in_.problems.into(out.source, read_bilingual(root, "source", true));
  out.department = department(root);
  const auto problems_before = in_.problems.count();
  out.target = in_.condition(root, "target");
  const auto& columns = out.target.features();
  const bool names_group = std::any_of(columns.begin(), columns.end(), [](const std::string& column) {
    return segment::scheme_of_column(column).has_value();
  });
  if (!names_group && in_.problems.count() == problems_before) {
    in_.problems.note(root.refuse("strategy.campaign_without_group", {{"target", out.target.text()}}));
  }
  out.hold_out_share = in_.share(root, "hold_out", 0, kMostHeldOut, out.hold_out_share);
  out.most_customers = in_.whole(root, "most_customers", 0, kMostCustomers, 0);
  const auto actions = in_.list(root, "actions", true);
  if (actions.size() != 1) {
    in_.problems.note(root.refuse("strategy.one_action", {{"found", std::to_string(actions.size())}}));
  }
  std::map<std::string, int> taken;
  for (const auto& node : actions) {
    auto action = read_action(node, taken);
    if (!action) continue;
    if (action->on != Occasion::Campaign) in_.problems.note(node.refuse("strategy.not_of_campaign", {}));
    out.action = *std::move(action);
  }
  read_conversion(root, out);
  in_.library.campaigns.push_back(std::move(out));
}

}  // namespace fenqun::strategy
