// datagen/population.cpp
#include "datagen/population.hpp"

#include "datagen/class_deal.hpp"
#include "datagen/grid.hpp"
#include "datagen/load_shape.hpp"
#include "datagen/pricing.hpp"
#include "datagen/streams.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace fenqun::datagen {
namespace {

constexpr double kHoursPerYear = 8760;
constexpr std::int64_t kOldestDays = 9125;  // the oldest customer was connected 25 years before the data begin
constexpr std::size_t kBlock = 4096;
constexpr double kMostPeakAndValley = 0.96;  // some energy stays flat whatever the jitter of a month

double cut_lognormal(Random& random, double median, double log_sd, double cut) {
  double z = random.normal();
  while (std::abs(z) > cut) z = random.normal();
  return median * std::exp(log_sd * z);
}

std::uint8_t count_in(Random& random, const Range& range) {
  return static_cast<std::uint8_t>(
      whole_between(random, static_cast<std::int64_t>(range.low), static_cast<std::int64_t>(range.high)));
}

class Populator {
 public:
  Populator(const Parameters& parameters, const Territory& territory, const Timeline& timeline, const Rhythms& rhythms,
            const HighRanks& ranks, std::uint64_t seed)
      : parameters_(parameters),
        territory_(territory),
        timeline_(timeline),
        rhythms_(rhythms),
        ranks_(ranks),
        shares_(band_shares(parameters.shapes)),
        seed_(seed) {}

  /// The order of draws is part of "same seed, same bytes".
  void finish(std::size_t number, Random random, Customer& customer) const {
    const auto& kind = parameters_.kinds[customer.kind];
    set_life(random, customer);
    set_home(kind, random, customer);
    set_growth(random, customer);
    set_use(number, kind, random, customer);
    set_paying(random, customer);
    double grade = random.uniform();
    for (std::size_t i = 0; i < kind.importance.size() && customer.importance == 0; ++i) {
      if (grade < kind.importance[i].second) customer.importance = static_cast<std::uint8_t>(i + 1);
      grade -= kind.importance[i].second;
    }
  }

 private:
  void set_life(Random& random, Customer& customer) const {
    const auto& usage = parameters_.usage;
    const auto first = timeline_.first_day();
    const double fate = random.uniform();
    const auto within = static_cast<std::int32_t>(whole_between(random, first, timeline_.last_day()));
    customer.opened_day = first - static_cast<std::int32_t>(whole_between(random, 40, kOldestDays));
    if (customer.area_case != AreaCase::None) return;  // its composition is exact in every month
    if (fate < usage.opened_share) {
      customer.opened_day = within;
    } else if (fate < usage.opened_share + usage.closed_share) {
      customer.closed_day = within;
    }
  }

  void set_home(const Kind& kind, Random& random, Customer& customer) const {
    const auto& usage = parameters_.usage;
    const bool is_rural = territory_.areas[customer.area].location == Location::Rural;
    const double fate = random.uniform();
    const double migrant = random.uniform();
    customer.rhythm = customer.kind;
    customer.is_constant = fate < (kind.is_rest ? usage.constant_share : kind.constant_share) && customer.revenue == 3;
    if (!kind.is_rest) return;
    customer.is_vacant = customer.revenue == 3 && customer.area_case == AreaCase::None && fate > 1 - usage.vacant_share;
    customer.is_migrant = customer.area_case == AreaCase::Migrant ||
                          (customer.area_case == AreaCase::None && is_rural && !customer.is_vacant &&
                           !customer.is_constant && migrant < usage.migrant_share);
    if (customer.is_migrant) customer.rhythm = static_cast<std::uint8_t>(rhythms_.migrant());
  }

  void set_growth(Random& random, Customer& customer) const {
    const auto& growth = parameters_.classes.growth[customer.growth - 1U];
    double z = random.normal();
    while (std::abs(z) > 2.5) z = random.normal();
    const double noise = random.uniform(growth.noise.low, growth.noise.high);
    if (customer.is_constant) return;
    customer.growth_per_month = static_cast<float>(std::log1p(growth.rate + growth.rate_sd * z) / 12);
    customer.noise = static_cast<float>(noise);
  }

  [[nodiscard]] double annual_cny(std::size_t number, Random& random, const Customer& customer) const {
    const auto& classes = parameters_.classes;
    if (customer.is_vacant) return random.uniform(parameters_.usage.vacant_cny.low, parameters_.usage.vacant_cny.high);
    if (customer.revenue == 1) {
      const double u = (static_cast<double>(ranks_.rank[number]) + 0.5) / ranks_.count;
      const double tail = std::pow(classes.high_cny.low / classes.high_cny.high, classes.high_alpha);
      return classes.high_cny.low * std::pow(1 - u * (1 - tail), -1 / classes.high_alpha);
    }
    if (customer.revenue == 2) {
      return cut_lognormal(random, classes.middle_median_cny, classes.middle_log_sd, classes.middle_cut);
    }
    return cut_lognormal(random, classes.low_median_cny, classes.low_log_sd, classes.low_cut);
  }

  void set_use(std::size_t number, const Kind& kind, Random& random, Customer& customer) const {
    const double cny = annual_cny(number, random, customer);
    set_shape(number, kind, customer);
    const auto& shares = shares_[customer.shape];
    double peak = shares[0] * random.uniform(0.9, 1.1);
    double valley = shares[2] * random.uniform(0.9, 1.1);
    if (const double both = peak + valley; both > kMostPeakAndValley) {
      peak *= kMostPeakAndValley / both;
      valley *= kMostPeakAndValley / both;
    }
    customer.peak_share = static_cast<float>(peak);
    customer.valley_share = static_cast<float>(valley);
    const std::array tou = {peak, 1 - peak - valley, valley};
    set_tariff(kind.tariff[customer.revenue - 1U], kind, tou, cny, customer);
    const auto& tariff = parameters_.usage.tariffs[customer.tariff];
    if (static_cast<double>(customer.capacity_kva) >= tariff.min_kva) return;
    set_tariff(tariff.below_min, kind, tou, cny, customer);
  }

  /// The stream of names gives the firm's word first, then its suffix.
  [[nodiscard]] std::uint8_t suffix_for(const Kind& kind, std::size_t number) const {
    auto random = random_for(seed_, Purpose::Name, number);
    static_cast<void>(random.below(parameters_.names.firm_words.size()));
    return static_cast<std::uint8_t>(random.below(kind.suffixes.size()));
  }

  void set_shape(std::size_t number, const Kind& kind, Customer& customer) const {
    if (!kind.suffixes.empty()) customer.suffix = suffix_for(kind, number);
    if (kind.shape_by_suffix) {
      customer.shape = static_cast<std::uint8_t>(kind.shapes[customer.suffix].first);
      return;
    }
    auto random = random_for(seed_, Purpose::Shape, number);
    customer.shape = static_cast<std::uint8_t>(pick_weighted(random, kind.shapes));
  }

  /// Energy and capacity that cost `cny` in the last year on this tariff.
  void set_tariff(std::size_t index, const Kind& kind, const std::array<double, 3>& tou, double cny,
                  Customer& customer) const {
    const auto& tariff = parameters_.usage.tariffs[index];
    customer.tariff = static_cast<std::uint8_t>(index);
    const auto& price = tariff.price_micro_cny;
    const double cny_per_kwh = (tou[0] * static_cast<double>(price[0]) + tou[1] * static_cast<double>(price[1]) +
                                tou[2] * static_cast<double>(price[2])) *
                               1e-6;
    const double yearly_per_kva = 12 * static_cast<double>(tariff.capacity_fen_per_kva) / 100;
    std::array<double, 12> factors{};
    factors.fill(1);
    if (!customer.is_constant) factors = rhythms_.last_year(customer.rhythm, customer.growth_per_month);
    customer.month_kwh = affordable_kwh(tariff, cny, cny_per_kwh + yearly_per_kva / (kHoursPerYear * kind.load_factor),
                                        factors, timeline_.end);
    const double kwh = customer.month_kwh * std::accumulate(factors.begin(), factors.end(), 0.0);
    customer.capacity_kva = static_cast<float>(capacity_on_sale(kwh / (kHoursPerYear * kind.load_factor)));
  }

  void set_paying(Random& random, Customer& customer) const {
    const auto& classes = parameters_.classes;
    const auto& arrears = classes.arrears[3U - customer.arrears];
    const double draw = random.uniform();
    const double other = random.uniform();
    customer.mean_days_late = static_cast<float>(random.uniform(arrears.days_late.low, arrears.days_late.high));
    const bool in_case = customer.area_case != AreaCase::None;
    if (customer.arrears == 3) {
      const auto& method = classes.methods[customer.method];
      customer.habit = method == "bank_debit"        ? Habit::AutoDebit
                       : method == "prepaid_card"    ? Habit::Prepaid
                       : other < classes.early_share ? Habit::Early
                                                     : Habit::OnTime;
      const double one_late = in_case ? classes.case_one_late_share : classes.low_one_late_share;
      customer.late_bills = draw < one_late && customer.habit != Habit::Prepaid ? 1 : 0;
      if (customer.habit == Habit::OnTime) customer.reminders = count_in(random, classes.reminders);
    } else if (customer.arrears == 2) {
      customer.habit = Habit::LateSome;
      customer.late_bills = count_in(random, in_case ? classes.case_late_bills : classes.medium_late_bills);
      customer.unpaid_bills = !in_case && draw < classes.medium_one_unpaid_share ? 1 : 0;
      customer.reminders = 12;
    } else {
      const bool is_malicious = customer.area_case == AreaCase::Malicious || draw < classes.malicious_share;
      customer.habit = is_malicious ? Habit::Malicious : Habit::ChronicLate;
      customer.unpaid_bills =
          count_in(random, is_malicious ? classes.malicious_unpaid_bills : classes.chronic_unpaid_bills);
      const auto troubled = count_in(random, classes.high_troubled_bills);
      customer.late_bills = static_cast<std::uint8_t>(troubled - customer.unpaid_bills);
      customer.reminders = 12;
    }
  }

  const Parameters& parameters_;
  const Territory& territory_;
  const Timeline& timeline_;
  const Rhythms& rhythms_;
  const HighRanks& ranks_;
  std::vector<std::array<double, 3>> shares_;  // by shape
  std::uint64_t seed_;
};

}  // namespace

char grade_of(const Customer& customer) noexcept {
  if (customer.arrears == 1) return 'D';
  if (customer.arrears == 2) return 'C';
  return customer.habit == Habit::OnTime ? 'B' : 'A';
}

std::vector<Customer> populate(const Parameters& parameters, const Territory& territory, const Timeline& timeline,
                               const Rhythms& rhythms, std::uint64_t seed, WorkerPool& pool) {
  auto customers = deal_classes(parameters, territory, seed);
  const auto ranks = rank_high(customers, seed);
  const Populator populator(parameters, territory, timeline, rhythms, ranks, seed);
  pool.for_blocks(customers.size(), kBlock, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i) populator.finish(i, random_for(seed, Purpose::Attributes, i), customers[i]);
  });
  return customers;
}

Truth truth_of(const Parameters& parameters, const Timeline& timeline, const Customer& customer) {
  Truth out;
  out.influence = parameters.kinds[customer.kind].influence;
  const bool is_open = customer.closed_day == kNeverClosed;
  const auto first_full = timeline.end.plus(-11).first_day();
  if (is_open && customer.opened_day <= first_full && timeline.months >= 12) {
    out.revenue = customer.revenue;
    out.arrears = customer.arrears;
  }
  const bool has_history = is_open && customer.opened_day <= timeline.first_day() && timeline.months >= 24;
  if (has_history && !customer.is_constant) out.growth = customer.growth;
  return out;
}

}  // namespace fenqun::datagen
