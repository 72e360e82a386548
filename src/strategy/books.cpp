// strategy/books.cpp - the part of file_reader.hpp that reads books.
#include "base/bilingual.hpp"
#include "base/near_names.hpp"
#include "strategy/file_reader.hpp"
#include "strategy/words.hpp"

#include <algorithm>

namespace fenqun::strategy {
namespace {

constexpr std::string_view kNotice = "notice";
constexpr int kMostDays = 60;
constexpr int kLastDay = 28;  // every month has it

// Variables that only some occasions can fill in.
const std::map<std::string, Occasion, std::less<>>& variables_of_occasions() {
  static const std::map<std::string, Occasion, std::less<>> kVariables = {{"outage_from", Occasion::PlannedOutage},
                                                                          {"outage_to", Occasion::PlannedOutage}};
  return kVariables;
}

// What stands between { and } in a text, each once.
std::set<std::string> placeholders_in(const std::string& text) {
  std::set<std::string> out;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string::npos) {
      out.insert(text.substr(open + 1));
      break;
    }
    out.insert(text.substr(open + 1, close - open - 1));
  }
  return out;
}

tl::unexpected<Error> refuse_cell(const Book& book, const Cell& cell, std::string key, TextArgs args) {
  args.insert(args.begin(), {{"file", book.origin}, {"line", std::to_string(cell.line)}, {"cell", cell.name}});
  return fail(ErrorCode::BadData, std::move(key), std::move(args));
}

bool leads_back(const std::map<std::string, const Cell*>& cells, const std::string& from, const std::string& target,
                std::vector<std::string>& path) {
  const auto found = cells.find(from);
  if (found == cells.end()) return false;
  for (const auto& next : found->second->yields_to) {
    if (std::find(path.begin(), path.end(), next) != path.end()) continue;
    path.push_back(next);
    if (next == target || leads_back(cells, next, target, path)) return true;
    path.pop_back();
  }
  return false;
}

}  // namespace

void BooksReader::check_message(const Settings& node, const Action& action) {
  for (const auto* const text : {&action.message.zh, &action.message.en}) {
    for (const auto& variable : placeholders_in(*text)) {
      const auto& known = message_variables();
      if (std::find(known.begin(), known.end(), variable) == known.end()) {
        in_.problems.note(
            node.refuse("strategy.no_variable", {{"variable", variable}, {"near", near_names(variable, known)}}));
        continue;
      }
      const auto bound = variables_of_occasions().find(variable);
      if (bound == variables_of_occasions().end() || bound->second == action.on) continue;
      in_.problems.note(node.refuse("strategy.variable_elsewhere",
                                    {{"variable", variable}, {"occasion", std::string(name_of(bound->second))}}));
    }
  }
}

void BooksReader::read_days(const Settings& node, Action& out) {
  if (!node.has("days")) return;
  const auto days = in_.problems.take(node.texts("days"));
  if (!days) return;
  const auto number = [](const std::string& text) { return text.size() <= 2 ? std::atoi(text.c_str()) : 0; };
  const int first = days->size() == 2 ? number((*days)[0]) : 0;
  const int last = days->size() == 2 ? number((*days)[1]) : 0;
  if (first >= 1 && first <= last && last <= kLastDay) {
    out.days.emplace(first, last);
    return;
  }
  std::string given;
  for (const auto& day : *days) given += (given.empty() ? "" : ", ") + day;
  in_.problems.note(
      node.refuse("base.setting_wrong",
                  {{"key", "days"}, {"value", given}, {"expected", "[FIRST, LAST], 1 <= FIRST <= LAST <= 28"}}));
}

void BooksReader::read_months(const Settings& node, Action& out) {
  out.every_months = in_.whole(node, "every_months", 1, 12, 1);
  if (out.on != Occasion::Month && node.has("every_months")) {
    in_.problems.note(node.refuse("strategy.months_of_event", {{"occasion", std::string(name_of(out.on))}}));
  }
  if (12 % out.every_months != 0) {
    in_.problems.note(node.refuse(
        "base.setting_wrong",
        {{"key", "every_months"}, {"value", std::to_string(out.every_months)}, {"expected", "1, 2, 3, 4, 6, 12"}}));
  }
}

void BooksReader::check_service(const Settings& node, const std::string& service) {
  std::vector<std::string> known;
  for (const auto& one : in_.library.services) known.push_back(one.code);
  if (std::find(known.begin(), known.end(), service) == known.end()) {
    in_.problems.note(node.refuse("strategy.no_service", {{"name", service}, {"near", near_names(service, known)}}));
  }
}

std::optional<Action> BooksReader::read_action(const Settings& node, std::map<std::string, int>& taken) {
  in_.problems.only(node, {"action", "order", "on", "every_months", "days", "channel", "owner", "by_days", "urgent",
                           "marketing", "text", "message", "service", "checklist"});
  Action out;
  out.line = node.line();
  out.name = in_.code(node, "action", taken);
  const auto order = in_.problems.take(node.text("order"));
  const auto at = order ? in_.type_named(node, *order) : std::nullopt;
  if (!at) return std::nullopt;
  out.order = *at;
  const auto& type = in_.library.types[*at];
  in_.problems.into(out.on, read_word(node, "on", occasion_words()));
  read_months(node, out);
  read_days(node, out);
  in_.problems.into(out.channel, read_word(node, "channel", channel_words(), std::optional(type.channel)));
  in_.problems.into(out.owner, read_word(node, "owner", role_words(), std::optional(type.owner)));
  out.by_days = in_.whole(node, "by_days", 1, kMostDays, type.by_days);
  in_.problems.into(out.is_urgent, node.boolean("urgent", false));
  in_.problems.into(out.is_marketing, node.boolean("marketing", false));
  in_.problems.into(out.text, read_bilingual(node, "text", true));
  in_.problems.into(out.message, read_bilingual(node, "message", type.code == kNotice));
  check_message(node, out);
  in_.problems.into(out.service, node.text("service", ""));
  if (!out.service.empty()) check_service(node, out.service);
  out.checklist = in_.bilingual_list(node, "checklist");
  in_.used_types.insert(out.order);
  return out;
}

Cell BooksReader::read_cell(const Settings& node, const Book& book) {
  in_.problems.only(node,
                    {"cell", "requirements", "class", "attribute", "authored", "when", "yields_to", "text", "actions"});
  Cell out;
  out.line = node.line();
  out.name = in_.code(node, "cell", cells_);
  out.requirements = in_.requirements(node);
  in_.problems.into(out.class_code, node.text("class", ""));
  if (!out.class_code.empty() && !book.scheme.empty()) in_.check_group(node, book.scheme, out.class_code);
  in_.problems.into(out.attribute, node.text("attribute", ""));
  in_.problems.into(out.is_authored, node.boolean("authored", false));
  out.when = in_.condition(node, "when");
  in_.problems.into(out.yields_to, node.texts("yields_to"));
  in_.problems.into(out.text, read_bilingual(node, "text", true));
  std::map<std::string, int> taken;
  for (const auto& action : in_.list(node, "actions", true)) {
    auto read = read_action(action, taken);
    if (!read) continue;
    if (read->on == Occasion::Campaign) in_.problems.note(action.refuse("strategy.campaign_in_book", {}));
    out.actions.push_back(*std::move(read));
  }
  return out;
}

std::size_t BooksReader::department(const Settings& root) {
  const auto code = in_.problems.take(root.text("department"));
  if (!code) return 0;
  const auto& all = in_.library.rules.departments;
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.code == *code; });
  if (at != all.end()) return static_cast<std::size_t>(at - all.begin());
  std::vector<std::string> known;
  known.reserve(all.size());
  for (const auto& one : all) known.push_back(one.code);
  in_.problems.note(root.refuse("strategy.no_department", {{"name", *code}, {"near", near_names(*code, known)}}));
  return 0;
}

void BooksReader::read_book(const Settings& root) {
  in_.problems.only(root, {"book", "version", "title", "source", "department", "scheme", "cells"});
  Book out;
  out.origin = root.origin();
  out.name = in_.code(root, "book", books_);
  out.version = in_.whole(root, "version", 1, 1'000'000, 1);
  in_.problems.into(out.title, read_bilingual(root, "title", true));
  in_.problems.into(out.source, read_bilingual(root, "source", true));
  out.department = department(root);
  in_.problems.into(out.scheme, root.text("scheme", ""));
  if (!out.scheme.empty()) in_.check_scheme(root, out.scheme);
  for (const auto& cell : in_.list(root, "cells", true)) out.cells.push_back(read_cell(cell, out));
  in_.library.books.push_back(std::move(out));
}

void BooksReader::check_yields() {
  std::map<std::string, const Cell*> by_name;
  for (const auto& book : in_.library.books) {
    for (const auto& cell : book.cells) by_name[cell.name] = &cell;
  }
  std::vector<std::string> known;
  known.reserve(by_name.size());
  for (const auto& [name, cell] : by_name) known.push_back(name);
  std::set<std::string> told;
  for (const auto& book : in_.library.books) {
    for (const auto& cell : book.cells) {
      for (const auto& other : cell.yields_to) {
        if (by_name.contains(other)) continue;
        in_.problems.note(Result<void>(
            refuse_cell(book, cell, "strategy.no_cell", {{"name", other}, {"near", near_names(other, known)}})));
      }
      std::vector<std::string> path;
      if (told.contains(cell.name) || !leads_back(by_name, cell.name, cell.name, path)) continue;
      told.insert(path.begin(), path.end());
      std::string circle = cell.name;
      for (const auto& step : path) circle += " → " + step;
      in_.problems.note(Result<void>(refuse_cell(book, cell, "strategy.circle", {{"circle", circle}})));
    }
  }
}

std::vector<Error> BooksReader::find_doubts() const {
  std::vector<Error> out;
  for (const auto& book : in_.library.books) {
    for (const auto& cell : book.cells) {
      const auto reach = reach_of(cell.when, in_.names);
      if (reach == Reach::Sometimes) continue;
      const auto* const key = reach == Reach::Never ? "strategy.never_holds" : "strategy.always_holds";
      out.push_back(refuse_cell(book, cell, key, {{"expression", cell.when.text()}}).value());
    }
  }
  for (const auto& campaign : in_.library.campaigns) {
    if (reach_of(campaign.target, in_.names) != Reach::Never) continue;
    out.push_back(Error{ErrorCode::BadData,
                        {"strategy.never_holds",
                         {{"file", campaign.origin},
                          {"line", std::to_string(campaign.line)},
                          {"cell", campaign.name},
                          {"expression", campaign.target.text()}}},
                        {}});
  }
  for (std::size_t t = 0; t < in_.library.types.size(); ++t) {
    if (in_.used_types.contains(t) || in_.library.types[t].by_program) continue;
    out.push_back(in_.types_at[t].refuse("strategy.unused_type", {{"order", in_.library.types[t].code}}).value());
  }
  return out;
}

}  // namespace fenqun::strategy
