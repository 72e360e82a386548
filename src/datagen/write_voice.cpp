// datagen/write_voice.cpp - what customers say: complaints, answers to surveys, contacts through the channels.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"
#include "datagen/quota.hpp"
#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace fenqun::datagen {
namespace {

bool is_voice(const Ticket& ticket) {
  return std::any_of(kDiscontentKinds.begin(), kDiscontentKinds.end(),
                     [&](const char* kind) { return ticket.kind == kind; });
}

class ComplaintRows {
 public:
  ComplaintRows(const World& world, TableFile& table) : world_(world), row_(table) {}

  Result<void> add(const std::string& ticket_id, const Ticket& ticket) {
    const auto& numbers = world_.parameters.records.complaints;
    const auto& customer = world_.customers[ticket.customer];
    const std::size_t risk = customer.arrears == 1 ? 0 : 1;
    auto random = random_for(world_.seed, Purpose::Complaint, ticket.customer,
                             static_cast<std::uint64_t>(ticket.opened / kDaySeconds));
    const auto text = std::find_if(numbers.texts.begin(), numbers.texts.end(),
                                   [&](const ComplaintText& each) { return each.topic == ticket.topic; });
    const auto& words = text == numbers.texts.end() ? numbers.texts.front() : *text;
    const bool is_closed = ticket.closed <= (world_.timeline.last_day() + std::int64_t{1}) * kDaySeconds - 1;
    const bool is_justified = random.chance(numbers.justified_share);
    const bool is_paid = is_justified && is_closed && random.chance(0.25);
    const auto& severity = pick_weighted(random, numbers.severities);
    const bool is_repeat = random.chance(numbers.repeat[risk]), is_malicious = random.chance(numbers.malicious[risk]);
    const bool is_escalated = random.chance(numbers.escalated[risk]);
    const double paid = random.uniform(numbers.compensation_cny[0], numbers.compensation_cny[1]);
    const double score = is_justified ? random.uniform(50, 90) : random.uniform(20, 70);
    row_.text("complaint_id", "C" + ticket_id.substr(1))
        .text("customer_id", world_.customer_id(ticket.customer))
        .text("ticket_id", ticket_id)
        .timestamp("received_at", ticket.opened)
        .text("kind", ticket.kind)
        .text("category", words.category)
        .text("severity", severity)
        .text("channel", ticket.channel)
        .boolean("is_justified", is_closed ? std::optional(is_justified) : std::nullopt)
        .boolean("is_repeat", is_repeat)
        .boolean("is_malicious", is_malicious)
        .boolean("is_escalated", is_escalated)
        .text("experience_theme", words.theme)
        .text("experience_attribute", words.attribute)
        .text("experience_effect", words.effect)
        .text("description", words.text)
        .text("cause", words.cause)
        .text("org_unit_id", world_.territory.units[world_.area_of(customer).station].id)
        .text("staff_id", world_.staff.area_manager(customer.area).id)
        .timestamp("closed_at", is_closed ? std::optional(ticket.closed) : std::nullopt)
        .text("result", !is_closed     ? "pending"
                        : is_paid      ? "compensated"
                        : is_justified ? "resolved"
                                       : "explained")
        .decimal("satisfaction_score", is_closed ? std::optional(score) : std::nullopt, 2)
        .decimal("compensation_cny", is_paid ? std::optional(paid) : std::nullopt, 2);
    return row_.end();
  }

 private:
  const World& world_;
  NamedRow row_;
};

/// Who is asked, with the result each gives: 0 satisfied, 1 neutral, 2 dissatisfied.
struct Asked {
  std::uint32_t customer = 0;
  std::uint8_t result = 0;
};

/// Those with most cause first: they get the worse results of the exact shares.
std::vector<Asked> ask(const World& world, std::int32_t day, std::uint64_t year) {
  const auto& profile = world.parameters.profile;
  const auto all = static_cast<std::int64_t>(world.customers.size());
  const auto wanted = profile.amounts.survey_customers * all / profile.customers;
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    if (world.customers[i].opened_day <= day && world.customers[i].closed_day > day) open.push_back(i);
  }
  auto random = random_for(world.seed, Purpose::Survey, year);
  shuffle(open, random);
  open.resize(std::min(open.size(), static_cast<std::size_t>(wanted)));
  std::vector<std::uint32_t> complained;
  for (const auto& month : world.discontent) {
    for (const auto& ticket : month) complained.push_back(ticket.customer);
  }
  std::sort(complained.begin(), complained.end());
  const auto cause = [&](std::uint32_t number) {
    const bool has_complained = std::binary_search(complained.begin(), complained.end(), number);
    return (has_complained ? 2 : 0) + (world.customers[number].arrears == 1 ? 1 : 0);
  };
  std::stable_sort(open.begin(), open.end(), [&](auto a, auto b) { return cause(a) < cause(b); });
  const auto& results = world.parameters.records.survey.results;
  const auto counts = split_exactly(static_cast<std::int64_t>(open.size()), results);
  std::vector<Asked> out;
  for (std::size_t result = 0; result < counts.size(); ++result) {
    for (std::int64_t i = 0; i < counts[result]; ++i) {
      out.push_back({open[out.size()], static_cast<std::uint8_t>(result)});
    }
  }
  std::sort(out.begin(), out.end(), [](const Asked& a, const Asked& b) { return a.customer < b.customer; });
  return out;
}

class SurveyRows {
 public:
  SurveyRows(const World& world, TableFile& table) : world_(world), row_(table) {}

  Result<void> add_all(const Asked& asked, Month month) {
    const auto& survey = world_.parameters.records.survey;
    auto random = random_for(world_.seed, Purpose::Survey, asked.customer, static_cast<std::uint64_t>(month.year()));
    const auto day = month.first_day() + static_cast<std::int32_t>(random.below(28));
    const auto& channel = pick_weighted(random, survey.channels);
    const auto& score = survey.score[asked.result];
    const auto& remark = survey.remarks[random.below(survey.remarks.size())];
    const bool has_remark = random.chance(0.2);
    const auto base = fmt::format("{}{}{}", survey.id, month.year(), world_.customer_id(asked.customer));
    const auto add = [&](std::size_t place, const std::string& dimension, const std::string& question, double value) {
      row_.text("response_id", fmt::format("{}{:02}", base, place))
          .text("customer_id", world_.customer_id(asked.customer))
          .text("survey_id", fmt::format("{}{}", survey.id, month.year()))
          .date("asked_on", day)
          .text("dimension", dimension)
          .text("question", question)
          .decimal("score", value, 2)
          .decimal("score_max", 100, 2)
          .text("channel", channel)
          .text_if("remark", place == 1 && has_remark ? remark : std::string());
      return row_.end();
    };
    const double overall = std::round(random.uniform(score[0], score[1]));
    FENQUN_CHECK(add(1, "satisfaction", survey.question, overall));
    std::size_t place = 1;
    for (const auto& [dimension, question] : survey.further) {
      FENQUN_CHECK(
          add(++place, dimension, question, std::clamp(std::round(overall + 8 * random.normal()), 0.0, 100.0)));
    }
    return {};
  }

 private:
  const World& world_;
  NamedRow row_;
};

class InteractionRows {
 public:
  InteractionRows(const World& world, const Portion& portion, TableFile& table)
      : world_(world), portion_(portion), table_(table), row_(table), month_(world.timeline.month(portion.t)) {}

  Result<void> add_of_ticket(const std::string& id, const Ticket& ticket) {
    const bool is_voice_ticket = is_voice(ticket);
    auto random = stream(ticket.customer, 3);
    return add(ticket.customer, random, ticket.opened, ticket.channel, "inbound",
               is_voice_ticket                    ? "complaint"
               : ticket.kind == "repair"          ? "repair"
               : ticket.kind != "business"        ? "enquiry"
               : ticket.topic == "new_connection" ? "new_connection"
                                                  : "account_change",
               id);
  }

  /// The payment through a channel of our own, enquiries, visits.
  Result<void> add_of_customer(std::uint32_t number) {
    const auto& customer = world_.customers[number];
    const auto first = month_.first_day(), last = month_.plus(1).first_day() - 1;
    if (customer.opened_day > first || customer.closed_day <= last) return {};
    const auto& numbers = world_.parameters.records.interactions;
    const auto& method = world_.parameters.classes.methods[customer.method];
    auto random = stream(number, 1);
    const auto moment = [&](std::int64_t day) {
      return day * kDaySeconds + whole_between(random, 8, 20) * kHourSeconds + whole_between(random, 0, 3599);
    };
    const auto any_day = [&] {
      return first + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(month_.days())));
    };
    if (numbers.is_own_channel[customer.method]) {
      for (int t = std::max(0, portion_.t - PayingModel::kMonthsToWait); t <= portion_.t; ++t) {
        const auto paid = world_.paying.paid_on(number, customer, t);
        if (!paid || *paid < first || *paid > last) continue;
        FENQUN_CHECK(add(number, random, moment(*paid), method, "inbound", "payment", ""));
      }
    }
    if (random.chance(numbers.enquiries[customer.method])) {
      const bool is_online = method == "app" || method == "wechat" || method == "web_hall";
      FENQUN_CHECK(
          add(number, random, moment(any_day()), is_online ? method : std::string("ivr"), "inbound", "enquiry", ""));
    }
    if (random.chance(numbers.visits[static_cast<std::size_t>(grade_of(customer) - 'A')])) {
      FENQUN_CHECK(add(number, random, moment(any_day()), "visit", "outbound", "other", ""));
    }
    return {};
  }

 private:
  [[nodiscard]] Random stream(std::uint32_t number, std::uint64_t part) const {
    return random_for(world_.seed, Purpose::Interaction, number,
                      part * 100'000 + static_cast<std::uint64_t>(month_.minus(Month())));
  }

  Result<void> add(std::uint32_t number, Random& random, std::int64_t at, const std::string& channel,
                   const char* direction, const char* business, const std::string& ticket_id) {
    const auto& numbers = world_.parameters.records.interactions;
    const auto& customer = world_.customers[number];
    const bool by_person = channel == "phone_95598" || channel == "counter" || channel == "visit";
    const bool has_failed = random.chance(numbers.failed_share);
    const double seconds = random.lognormal(channel == "visit" ? 6.8 : by_person ? 5.2 : 4.1, 0.6);
    const double waited = random.lognormal(channel == "counter" ? 5.6 : 3.2, 0.7);
    const bool has_score = random.chance(numbers.satisfaction_share);
    const double score = random.uniform(has_failed ? 40 : 75, 100);
    const auto* role = channel == "visit" ? "collector" : channel == "counter" ? "counter" : "agent";
    row_.text("interaction_id", running_id('I', month_, portion_.part, table_.rows()))
        .text("customer_id", world_.customer_id(number))
        .timestamp("happened_at", at)
        .text("channel", channel)
        .text("direction", direction)
        .text("business_type", business)
        .text("result", has_failed ? "failed" : "done")
        .integer("duration_s", static_cast<std::int64_t>(seconds))
        .integer("waiting_s", by_person && channel != "visit" ? std::optional<std::int64_t>(waited) : std::nullopt)
        .text_if("org_unit_id",
                 channel == "counter" ? world_.territory.units[world_.area_of(customer).station].id : std::string())
        .text_if("staff_id", by_person ? world_.staff.somebody(role, customer.area, number).id : std::string())
        .text_if("ticket_id", ticket_id)
        .decimal("satisfaction_score", has_score ? std::optional(score) : std::nullopt, 2);
    return row_.end();
  }

  const World& world_;
  const Portion& portion_;
  TableFile& table_;
  NamedRow row_;
  Month month_;
};

}  // namespace

Result<void> write_complaints(const World& world, const Portion&, TableFile& table) {
  ComplaintRows rows(world, table);
  for (int t = 0; t < world.timeline.months; ++t) {
    for (const auto& portion : portions_of(world, Bulk::Light, t)) {
      FENQUN_CHECK(for_tickets(world, portion, [&](const std::string& id, const Ticket& ticket) {
        return is_voice(ticket) ? rows.add(id, ticket) : Result<void>();
      }));
    }
  }
  return {};
}

Result<void> write_survey(const World& world, const Portion&, TableFile& table) {
  SurveyRows rows(world, table);
  for (int year = world.timeline.first.year(); year <= world.timeline.end.year(); ++year) {
    const Month month(year, world.parameters.records.survey.month);
    if (month < world.timeline.first || month > world.timeline.end) continue;
    for (const auto& asked : ask(world, month.first_day(), static_cast<std::uint64_t>(year))) {
      FENQUN_CHECK(rows.add_all(asked, month));
    }
  }
  return {};
}

Result<void> write_interactions(const World& world, const Portion& portion, TableFile& table) {
  InteractionRows rows(world, portion, table);
  FENQUN_CHECK(for_tickets(
      world, portion, [&](const std::string& id, const Ticket& ticket) { return rows.add_of_ticket(id, ticket); }));
  for (auto i = portion.first; i < portion.last; ++i) FENQUN_CHECK(rows.add_of_customer(i));
  return {};
}

}  // namespace fenqun::datagen
