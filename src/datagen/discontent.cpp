// datagen/discontent.cpp - complaints, opinions and reports: few, and exactly as many as the profile says.
#include "datagen/service.hpp"
#include "datagen/streams.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace fenqun::datagen {
namespace {

class Planner {
 public:
  Planner(const Parameters& parameters, const Timeline& timeline, const Calendar& calendar,
          const std::vector<Customer>& customers, std::uint64_t seed)
      : parameters_(parameters), timeline_(timeline), calendar_(calendar), customers_(customers), seed_(seed) {
    for (std::uint32_t i = 0; i < customers.size(); ++i) {
      if (customers[i].arrears == 1) high_risk_.push_back(i);
    }
    months_.resize(static_cast<std::size_t>(timeline.months));
  }

  std::vector<std::vector<Ticket>> run() {
    const int baseline = baseline_year(timeline_);
    for (int year = timeline_.first.year(); year <= timeline_.end.year(); ++year) {
      const auto& counts =
          year <= baseline ? parameters_.profile.discontent.baseline : parameters_.profile.discontent.after;
      for (std::size_t kind = 0; kind < counts.size(); ++kind) {
        const auto count = std::llround(static_cast<double>(counts[kind]) * static_cast<double>(customers_.size()) /
                                        static_cast<double>(parameters_.profile.customers));
        auto random = random_for(seed_, Purpose::Discontent, kind, static_cast<std::uint64_t>(year));
        for (std::int64_t i = 0; i < count; ++i) add(year, kind, year > baseline, random);
      }
    }
    for (auto& month : months_) {
      std::sort(month.begin(), month.end(), [](const Ticket& a, const Ticket& b) {
        return std::tie(a.customer, a.opened, a.kind) < std::tie(b.customer, b.opened, b.kind);
      });
    }
    return std::move(months_);
  }

 private:
  void add(int year, std::size_t kind, bool is_after, Random& random) {
    const auto first = Month(year, 1).first_day();
    const auto days = static_cast<std::uint64_t>(Month(year + 1, 1).first_day() - first);
    auto day = first + static_cast<std::int32_t>(random.below(days));
    const auto festival = calendar_.spring_festival(year);
    const auto quiet = parameters_.profile.discontent.quiet_festival_days;
    while (is_after && std::abs(day - festival) <= quiet) day = first + static_cast<std::int32_t>(random.below(days));
    Ticket ticket;
    ticket.kind = kDiscontentKinds[kind];
    constexpr std::array<const char*, 5> kTopics = {"billing", "outage", "service", "metering", "payment"};
    ticket.topic = kTopics[random.below(kTopics.size())];
    ticket.channel = random.chance(0.8) ? "phone_95598" : "counter";
    ticket.opened = day * kDaySeconds + whole_between(random, 8 * kHourSeconds, 21 * kHourSeconds);
    ticket.closed = ticket.opened + std::llround(random.uniform(1, 6) * static_cast<double>(kDaySeconds));
    ticket.customer = somebody(day, random);
    if (day < timeline_.first_day() || day > timeline_.last_day()) return;
    const int t = (year - timeline_.first.year()) * 12 - timeline_.first.month_of_year() + month_of(year, day);
    months_[static_cast<std::size_t>(t)].push_back(std::move(ticket));
  }

  static int month_of(int year, std::int32_t day) {
    int month = 1;
    while (month < 12 && Month(year, month + 1).first_day() <= day) ++month;
    return month;
  }

  /// A customer connected on that day, by the profile's share one of high risk.
  std::uint32_t somebody(std::int32_t day, Random& random) const {
    const bool wants_high_risk = random.chance(parameters_.profile.discontent.high_risk_share) && !high_risk_.empty();
    for (int attempt = 0; attempt < 1000; ++attempt) {
      const auto number = wants_high_risk ? high_risk_[random.below(high_risk_.size())]
                                          : static_cast<std::uint32_t>(random.below(customers_.size()));
      if (customers_[number].opened_day <= day && customers_[number].closed_day >= day) return number;
    }
    return 0;
  }

  const Parameters& parameters_;
  const Timeline& timeline_;
  const Calendar& calendar_;
  const std::vector<Customer>& customers_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> high_risk_;
  std::vector<std::vector<Ticket>> months_;
};

}  // namespace

int baseline_year(const Timeline& timeline) {
  const int last_full = timeline.end.month_of_year() == 12 ? timeline.end.year() : timeline.end.year() - 1;
  return last_full - 1;
}

std::vector<std::vector<Ticket>> plan_discontent(const Parameters& parameters, const Timeline& timeline,
                                                 const Calendar& calendar, const std::vector<Customer>& customers,
                                                 std::uint64_t seed) {
  return Planner(parameters, timeline, calendar, customers, seed).run();
}

}  // namespace fenqun::datagen
