// datagen/paying.cpp
#include "datagen/paying.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fenqun::datagen {
namespace {

constexpr std::int32_t kLastReminderAfterIssue = 3;  // reminders before the due date come 1..3 days after the bill
constexpr std::int32_t kDaysLateJitter = 4;

std::int32_t between(Random& random, std::int32_t low, std::int32_t high) {
  return static_cast<std::int32_t>(whole_between(random, low, high));
}

std::int32_t office_second(Random& random) {
  return static_cast<std::int32_t>(whole_between(random, 8 * kHourSeconds, 19 * kHourSeconds));
}

}  // namespace

std::int64_t first_part_fen(const FirstPart& part, std::int64_t amount_fen) noexcept {
  return std::min<std::int64_t>(std::llround(static_cast<double>(amount_fen) * part.share), amount_fen - 1);
}

BillDates PayingModel::dates(int t) const {
  const auto month = timeline_.month(t);
  return {month.first_day() + parameters_.classes.issue_day - 1, month.plus(1).first_day() - 1};
}

std::uint32_t PayingModel::rank(Purpose purpose, std::uint32_t number, int t) const {
  const int back = timeline_.months - 1 - t;
  std::array<std::uint8_t, 12> order;
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  auto random = random_for(seed_, purpose, number, static_cast<std::uint64_t>(back / 12));
  shuffle(order, random);
  return order[static_cast<std::size_t>(back % 12)];
}

PayingModel::Fate PayingModel::fate(std::uint32_t number, const Customer& customer, int t) const {
  const unsigned troubled = customer.unpaid_bills + customer.late_bills;
  if (troubled == 0) return Fate::OnTime;
  const auto place = rank(Purpose::BillOrder, number, t);
  if (place < customer.unpaid_bills) return Fate::Unpaid;
  return place < troubled ? Fate::Late : Fate::OnTime;
}

bool PayingModel::is_reminded(std::uint32_t number, const Customer& customer, int t) const {
  if (customer.reminders == 0) return false;
  return customer.reminders == 12 || rank(Purpose::ReminderOrder, number, t) < customer.reminders;
}

std::optional<std::int32_t> PayingModel::paid_on(std::uint32_t number, const Customer& customer, int t) const {
  return paid_on(number, customer, t, fate(number, customer, t));
}

std::optional<std::int32_t> PayingModel::paid_on(std::uint32_t number, const Customer& customer, int t,
                                                 Fate how) const {
  if (how == Fate::Unpaid) return std::nullopt;
  const auto bill = dates(t);
  auto random =
      random_for(seed_, Purpose::Payment, number, static_cast<std::uint64_t>(timeline_.month(t).minus(Month())));
  if (how == Fate::Late) {
    const auto mean = static_cast<std::int32_t>(std::lround(customer.mean_days_late));
    const auto jitter = std::min(kDaysLateJitter, mean / 3);
    return bill.due + std::max(1, mean + between(random, -jitter, jitter));
  }
  const auto after_reminders = bill.issued + kLastReminderAfterIssue + 1;
  switch (customer.habit) {
    case Habit::Early:
      return between(random, bill.issued, bill.issued + 2);
    case Habit::AutoDebit:
      return between(random, bill.issued + 3, bill.issued + 5);
    case Habit::Prepaid:
      return between(random, bill.issued - 19, bill.issued - 2);
    case Habit::OnTime:
    case Habit::LateSome:
    case Habit::ChronicLate:
    case Habit::Malicious:
      break;
  }
  return between(random, after_reminders, bill.due);
}

BillOutcome PayingModel::outcome(std::uint32_t number, const Customer& customer, int t) const {
  const auto how = fate(number, customer, t);
  BillOutcome out;
  out.paid_on = paid_on(number, customer, t, how);
  if (how == Fate::OnTime) return out;
  auto random =
      random_for(seed_, Purpose::PartPayment, number, static_cast<std::uint64_t>(timeline_.month(t).minus(Month())));
  const auto issued = dates(t).issued;
  const auto& share = parameters_.classes.first_part;
  const bool is_in_parts = random.chance(parameters_.classes.part_payment_share);
  const double part = random.uniform(share.low, share.high);
  const bool is_able = customer.habit == Habit::LateSome || customer.habit == Habit::ChronicLate;
  if (is_able && is_in_parts && out.paid_on) out.first = {between(random, issued + 1, *out.paid_on - 1), part};
  if (parameters_.classes.methods[customer.method] != "bank_debit") return out;
  const bool is_separate = customer.area_case == AreaCase::SeparateDebitAccount || random.chance(0.3);
  out.failed = {issued + between(random, 3, 5), is_separate ? "not_linked" : "low_balance"};
  return out;
}

Reminders PayingModel::reminders(std::uint32_t number, const Customer& customer, int t) const {
  Reminders out;
  if (!is_reminded(number, customer, t)) return out;
  const auto bill = dates(t);
  const auto paid = paid_on(number, customer, t);
  auto random =
      random_for(seed_, Purpose::Dunning, number, static_cast<std::uint64_t>(timeline_.month(t).minus(Month())));
  const auto add = [&](std::int32_t from, std::int32_t to, std::initializer_list<const char*> channels) {
    const auto day = between(random, from, to);
    const auto second = office_second(random);
    const auto* channel = channels.begin()[random.below(channels.size())];
    // A customer who has paid by then is left in peace.
    if (!paid || day < *paid) out.items[out.count++] = {day, second, channel};
  };
  add(bill.issued + 1, bill.issued + kLastReminderAfterIssue, {"sms", "sms", "wechat"});
  if (customer.arrears == 3) return out;
  add(bill.due + 2, bill.due + 4, {"phone", "sms"});
  if (customer.arrears == 1) {
    add(bill.due + 8, bill.due + 12, {"notice", "phone"});
    add(bill.due + 18, bill.due + 24, {"visit"});
  }
  return out;
}

}  // namespace fenqun::datagen
