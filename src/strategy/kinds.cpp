// strategy/kinds.cpp - the parts of file_reader.hpp that read kinds of orders, rules and services.
#include "base/bilingual.hpp"
#include "base/near_names.hpp"
#include "strategy/file_reader.hpp"
#include "strategy/words.hpp"

#include <algorithm>

namespace fenqun::strategy {
namespace {

constexpr std::string_view kMarketing = "marketing";
constexpr int kMostMinutes = 1440;
constexpr int kMostDays = 60;
constexpr int kMostContacts = 1000;
constexpr int kMostHours = 744;  // of the longest month
constexpr int kMostPoints = 100;
constexpr int kLastDay = 28;  // every month has it

class KindsReader {
 public:
  explicit KindsReader(FileReader& in) : in_(in) {}

  void read_types(const Settings& root) {
    in_.problems.only(root, {"types"});
    std::map<std::string, int> taken;
    for (const auto& node : in_.list(root, "types", true)) {
      in_.types_at.push_back(node);
      in_.library.types.push_back(read_type(node, taken));
    }
  }

  void check_verifiers() {
    for (std::size_t t = 0; t < in_.library.types.size(); ++t) {
      const auto& by = in_.library.types[t].verified_by;
      const auto at = by.empty() ? std::nullopt : in_.type_named(in_.types_at[t], by);
      if (!at) continue;
      const auto& outcomes = in_.library.types[*at].outcomes;
      const auto has = [&](Finding finding) {
        return std::any_of(outcomes.begin(), outcomes.end(), [&](const auto& one) { return one.finds == finding; });
      };
      if (has(Finding::InOrder) && has(Finding::AtFault)) continue;
      in_.problems.note(
          in_.types_at[*at].refuse("strategy.finds_nothing", {{"order", by}, {"checked", in_.library.types[t].code}}));
    }
  }

  void read_rules(const Settings& root) {
    in_.problems.only(root, {"departments", "caps", "quieter", "collisions", "consent", "floor", "month_hours",
                             "quiet_hours", "hotline", "escalation"});
    auto& rules = in_.library.rules;
    std::map<std::string, int> taken;
    for (const auto& node : in_.list(root, "departments", true)) {
      in_.problems.only(node, {"department", "title"});
      Department out;
      out.code = in_.code(node, "department", taken);
      in_.problems.into(out.title, read_bilingual(node, "title", true));
      rules.departments.push_back(std::move(out));
    }
    read_caps(root);
    for (const auto& node : in_.list(root, "quieter", false)) {
      in_.problems.only(node, {"when", "month", "title"});
      Quieter out;
      out.when = in_.condition(node, "when");
      out.month = in_.whole(node, "month", 0, kMostContacts, out.month);
      in_.problems.into(out.title, read_bilingual(node, "title", true));
      rules.quieter.push_back(std::move(out));
    }
    read_collisions(root);
    if (const auto consent = root.find("consent")) {
      in_.problems.only(*consent, {"unknown"});
      constexpr std::array<Word<bool>, 2> kUnknown = {{{"refuse", false}, {"allow", true}}};
      in_.problems.into(rules.unknown_consent_allows,
                        read_word(*consent, "unknown", std::span<const Word<bool>>(kUnknown)));
    }
    const auto floor = in_.problems.take(root.texts("floor"));
    for (const auto& name : floor ? *floor : std::vector<std::string>()) {
      if (const auto at = in_.type_named(root, name)) rules.floor.push_back(*at);
    }
    int days = 0;
    for (const auto& node : in_.list(root, "escalation", false)) {
      in_.problems.only(node, {"days", "to"});
      EscalationStep step;
      step.days = in_.whole(node, "days", days + 1, kMostDays, days + 1);
      days = step.days;
      in_.problems.into(step.to, read_word(node, "to", role_words()));
      rules.escalation.push_back(step);
    }
    rules.month_hours = in_.whole(root, "month_hours", 1, kMostHours, rules.month_hours);
    if (const auto hours = root.find("quiet_hours")) {
      in_.problems.only(*hours, {"from", "to"});
      in_.problems.into(rules.quiet_from, hours->text("from"));
      in_.problems.into(rules.quiet_to, hours->text("to"));
    }
    in_.problems.into(rules.hotline, root.text("hotline", ""));
  }

  void read_services(const Settings& root) {
    in_.problems.only(root, {"services"});
    std::map<std::string, int> taken;
    for (const auto& node : in_.list(root, "services", true)) {
      in_.problems.only(node, {"service", "requirements", "title", "text", "for", "effort_minutes", "marketing"});
      Service out;
      out.code = in_.code(node, "service", taken);
      out.requirements = in_.requirements(node);
      in_.problems.into(out.title, read_bilingual(node, "title", true));
      in_.problems.into(out.text, read_bilingual(node, "text", true));
      out.offered_to = in_.condition(node, "for");
      out.effort_minutes = in_.whole(node, "effort_minutes", 0, kMostMinutes, 0);
      in_.problems.into(out.is_marketing, node.boolean("marketing", false));
      in_.library.services.push_back(std::move(out));
    }
  }

  void read_arrears(const Settings& root) {
    in_.problems.only(root, {"calendar", "cover", "weights", "causes"});
    auto& out = in_.library.arrears;
    if (const auto calendar = in_.problems.take(root.child("calendar"))) {
      in_.problems.only(*calendar, {"reading_from", "reading_to", "bill_day", "dunning_days"});
      out.reading_from = in_.whole(*calendar, "reading_from", 1, kLastDay, out.reading_from);
      out.reading_to = in_.whole(*calendar, "reading_to", out.reading_from, kLastDay, out.reading_to);
      out.bill_day = in_.whole(*calendar, "bill_day", 1, kLastDay, out.bill_day);
      out.dunning_days = in_.whole(*calendar, "dunning_days", 1, kLastDay, out.dunning_days);
    }
    constexpr double kLeastCover = 0.01;
    out.cover_share = in_.share(root, "cover", kLeastCover, 1, out.cover_share);
    for (const auto& node : in_.list(root, "weights", true)) {
      in_.problems.only(node, {"when", "weight", "title"});
      ArrearsWeight weight;
      weight.when = in_.condition(node, "when");
      weight.weight = in_.share(node, "weight", 0, 1, 0);
      in_.problems.into(weight.title, read_bilingual(node, "title", true));
      out.weights.push_back(std::move(weight));
    }
    std::map<std::string, int> taken;
    for (const auto& node : in_.list(root, "causes", true)) {
      in_.problems.only(node, {"cause", "requirements", "title", "when", "treatment", "channel"});
      ArrearsCause cause;
      cause.code = in_.code(node, "cause", taken);
      cause.requirements = in_.requirements(node);
      in_.problems.into(cause.title, read_bilingual(node, "title", true));
      cause.when = in_.condition(node, "when");
      in_.problems.into(cause.treatment, read_bilingual(node, "treatment", true));
      in_.problems.into(cause.channel, read_word(node, "channel", channel_words()));
      out.causes.push_back(std::move(cause));
    }
  }

  void read_points(const Settings& root) {
    in_.problems.only(root, {"rectify_days", "rules"});
    auto& points = in_.library.points;
    points.rectify_days = in_.whole(root, "rectify_days", 1, kMostDays, points.rectify_days);
    std::map<std::string, int> taken;
    for (const auto& node : in_.list(root, "rules", true)) {
      in_.problems.only(node, {"rule", "when", "orders", "points", "requirements", "title"});
      PointRule out;
      out.code = in_.code(node, "rule", taken);
      constexpr std::array<Word<Merit>, 4> kMerits = {{{"in_order", Merit::InOrder},
                                                       {"in_time", Merit::InTime},
                                                       {"at_fault", Merit::AtFault},
                                                       {"missed_deadline", Merit::MissedDeadline}}};
      in_.problems.into(out.when, read_word(node, "when", std::span<const Word<Merit>>(kMerits)));
      std::vector<std::string> orders;
      if (node.has("orders")) in_.problems.into(orders, node.texts("orders"));
      for (const auto& name : orders) {
        if (const auto at = in_.type_named(node, name)) out.orders.push_back(*at);
      }
      out.points = in_.whole(node, "points", -kMostPoints, kMostPoints, 0);
      static_cast<void>(in_.requirements(node));
      in_.problems.into(out.title, read_bilingual(node, "title", true));
      points.rules.push_back(std::move(out));
    }
  }

 private:
  FormField read_field(const Settings& node) {
    in_.problems.only(node, {"field", "kind", "required", "choices", "title"});
    FormField out;
    in_.problems.into(out.name, node.text("field"));
    in_.problems.into(out.title, read_bilingual(node, "title", true));
    in_.problems.into(out.kind, read_word(node, "kind", field_words()));
    in_.problems.into(out.required, node.boolean("required", false));
    std::map<std::string, int> taken;
    for (const auto& one : in_.list(node, "choices", false)) {
      in_.problems.only(one, {"code", "title"});
      FieldChoice choice;
      choice.code = in_.code(one, "code", taken);
      in_.problems.into(choice.title, read_bilingual(one, "title", true));
      out.choices.push_back(std::move(choice));
    }
    if ((out.kind == FieldKind::Choice) != (out.choices.size() >= 2)) {
      in_.problems.note(node.refuse("strategy.field_choices", {{"field", out.name}}));
    }
    return out;
  }

  OrderType read_type(const Settings& node, std::map<std::string, int>& taken) {
    in_.problems.only(
        node, {"order", "requirements", "title", "owner", "team_of", "effort_minutes", "by_days", "channel", "contact",
               "together", "verified_by", "called_by", "checklist", "script", "contingencies", "form", "outcomes"});
    OrderType out;
    out.code = in_.code(node, "order", taken);
    out.requirements = in_.requirements(node);
    in_.problems.into(out.title, read_bilingual(node, "title", true));
    in_.problems.into(out.owner, read_word(node, "owner", role_words()));
    out.team_of = in_.whole(node, "team_of", 1, 2, 1);
    out.effort_minutes = in_.whole(node, "effort_minutes", 0, kMostMinutes, 0);
    out.by_days = in_.whole(node, "by_days", 1, kMostDays, out.by_days);
    in_.problems.into(out.channel, read_word(node, "channel", channel_words()));
    in_.problems.into(out.is_contact, node.boolean("contact", true));
    in_.problems.into(out.is_together, node.boolean("together", true));
    in_.problems.into(out.verified_by, node.text("verified_by", ""));
    constexpr std::array<Word<bool>, 2> kCallers = {{{"strategy", false}, {"program", true}}};
    in_.problems.into(out.by_program,
                      read_word(node, "called_by", std::span<const Word<bool>>(kCallers), std::optional(false)));
    out.checklist = in_.bilingual_list(node, "checklist");
    out.script = in_.bilingual_list(node, "script");
    for (const auto& one : in_.list(node, "contingencies", false)) {
      in_.problems.only(one, {"when", "then"});
      Contingency contingency;
      in_.problems.into(contingency.when, read_bilingual(one, "when", true));
      in_.problems.into(contingency.then, read_bilingual(one, "then", true));
      out.contingencies.push_back(std::move(contingency));
    }
    for (const auto& field : in_.list(node, "form", false)) out.form.push_back(read_field(field));
    for (const auto& one : in_.list(node, "outcomes", true)) {
      in_.problems.only(one, {"code", "settles", "finds", "title"});
      OrderOutcome outcome;
      in_.problems.into(outcome.code, one.text("code"));
      in_.problems.into(outcome.title, read_bilingual(one, "title", true));
      in_.problems.into(outcome.settles, one.boolean("settles", true));
      constexpr std::array<Word<Finding>, 2> kFindings = {
          {{"in_order", Finding::InOrder}, {"at_fault", Finding::AtFault}}};
      if (one.has("finds")) {
        in_.problems.into(outcome.finds, read_word(one, "finds", std::span<const Word<Finding>>(kFindings)));
      }
      out.outcomes.push_back(std::move(outcome));
    }
    if (std::none_of(out.outcomes.begin(), out.outcomes.end(), [](const auto& one) { return one.settles; })) {
      in_.problems.note(node.refuse("strategy.never_settles", {{"order", out.code}}));
    }
    return out;
  }

  void read_caps(const Settings& root) {
    const auto caps = in_.problems.take(root.child("caps"));
    if (!caps) return;
    in_.problems.only(*caps, {"month", "channels"});
    auto& rules = in_.library.rules;
    rules.month_cap = in_.whole(*caps, "month", 0, kMostContacts, rules.month_cap);
    const auto channels = caps->find("channels");
    if (!channels) return;
    const auto entries = in_.problems.take(channels->entries());
    if (!entries) return;
    for (const auto& [name, value] : *entries) {
      const auto words = channel_words();
      const auto word = std::find_if(words.begin(), words.end(),
                                     [&, &wanted = name](const auto& one) { return one.first == wanted; });
      if (word == words.end()) {
        std::vector<std::string> known;
        for (const auto& one : words) known.emplace_back(one.first);
        in_.problems.note(value.refuse("strategy.no_channel", {{"name", name}, {"near", near_names(name, known)}}));
        continue;
      }
      rules.channel_caps.emplace_back(word->second, in_.whole(*channels, name, 0, kMostContacts, 0));
    }
  }

  void read_collisions(const Settings& root) {
    for (const auto& node : in_.list(root, "collisions", false)) {
      in_.problems.only(node, {"first", "yields", "title"});
      Collision out;
      in_.problems.into(out.title, read_bilingual(node, "title", true));
      const auto first = in_.problems.take(node.text("first"));
      const auto second = in_.problems.take(node.text("yields"));
      if (!first || !second) continue;
      const auto at = in_.type_named(node, *first);
      if (!at) continue;
      out.first = *at;
      if (*second != kMarketing) {
        out.second = in_.type_named(node, *second);
        if (!out.second) continue;
      }
      in_.library.rules.collisions.push_back(std::move(out));
    }
  }

  FileReader& in_;
};

}  // namespace

void read_types(FileReader& in, const Settings& root) { KindsReader(in).read_types(root); }
void read_rules(FileReader& in, const Settings& root) { KindsReader(in).read_rules(root); }
void read_services(FileReader& in, const Settings& root) { KindsReader(in).read_services(root); }
void read_points(FileReader& in, const Settings& root) { KindsReader(in).read_points(root); }
void read_arrears(FileReader& in, const Settings& root) { KindsReader(in).read_arrears(root); }
void check_verifiers(FileReader& in) { KindsReader(in).check_verifiers(); }

}  // namespace fenqun::strategy
