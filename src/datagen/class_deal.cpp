// datagen/class_deal.cpp
#include "datagen/class_deal.hpp"

#include "datagen/quota.hpp"
#include "datagen/streams.hpp"

#include <algorithm>
#include <array>

namespace fenqun::datagen {
namespace {

using Members = std::vector<std::uint32_t>;

/// Arrears classes as config orders them: low, medium, high; a customer carries 3, 2, 1.
constexpr std::uint8_t arrears_of(std::size_t config_index) { return static_cast<std::uint8_t>(3 - config_index); }

void place_kinds(const Parameters& parameters, const Territory& territory, std::uint64_t seed,
                 std::vector<Customer>& customers) {
  std::array<Members, 3> places;
  for (const auto& area : territory.areas) {
    if (area.is_case) continue;
    auto& members = places[static_cast<std::size_t>(area.location)];
    for (std::uint32_t i = 0; i < area.customers; ++i) members.push_back(area.first_customer + i);
  }
  for (std::size_t location = 0; location < places.size(); ++location) {
    auto random = random_for(seed, Purpose::KindPlaces, location);
    shuffle(places[location], random);
  }
  std::vector<double> shares;
  for (const auto& kind : parameters.kinds) shares.push_back(kind.share);
  const auto counts = split_exactly(static_cast<std::int64_t>(customers.size()), shares);
  for (std::size_t k = 0; k < parameters.kinds.size(); ++k) {
    if (parameters.kinds[k].is_rest) continue;
    const auto by_location = split_exactly(counts[k], parameters.kinds[k].location);
    std::int64_t homeless = 0;
    for (std::size_t location = 0; location < places.size(); ++location) {
      for (std::int64_t i = 0; i < by_location[location]; ++i) {
        // A kind that wants more places than its location has spills over into the next one with room.
        std::size_t from = location;
        while (places[from].empty() && from - location < places.size()) from = (from + 1) % places.size();
        if (places[from].empty()) {
          ++homeless;
          continue;
        }
        customers[places[from].back()].kind = static_cast<std::uint8_t>(k);
        places[from].pop_back();
      }
    }
    if (homeless > 0) return;  // no place outside the case area is left: all further ones stay homes
  }
}

void deal_by_kind(const Parameters& parameters, std::uint64_t seed, std::vector<Customer>& customers) {
  std::vector<Members> by_kind(parameters.kinds.size());
  for (std::uint32_t i = 0; i < customers.size(); ++i) by_kind[customers[i].kind].push_back(i);
  std::array<double, 4> growth_shares{};
  for (std::size_t i = 0; i < growth_shares.size(); ++i) growth_shares[i] = parameters.classes.growth[i].share;
  for (std::size_t k = 0; k < by_kind.size(); ++k) {
    const auto count = static_cast<std::int64_t>(by_kind[k].size());
    const auto revenue =
        deal(split_exactly(count, parameters.kinds[k].revenue), random_for(seed, Purpose::RevenueDeal, k));
    const auto growth = deal(split_exactly(count, growth_shares), random_for(seed, Purpose::GrowthDeal, k));
    for (std::size_t i = 0; i < by_kind[k].size(); ++i) {
      auto& customer = customers[by_kind[k][i]];
      customer.revenue = static_cast<std::uint8_t>(revenue[i] + 1);
      customer.growth = static_cast<std::uint8_t>(growth[i] + 1);
    }
  }
}

void deal_methods(const std::vector<double>& weights, const Members& members, Random random,
                  std::vector<Customer>& customers) {
  const auto methods = deal(split_exactly(static_cast<std::int64_t>(members.size()), weights), random);
  for (std::size_t i = 0; i < members.size(); ++i) customers[members[i]].method = methods[i];
}

/// Z3: quality payers, and the four kinds of others, in exact numbers.
void deal_case_area(const Parameters& parameters, const Area& area, std::uint64_t seed,
                    std::vector<Customer>& customers) {
  const auto& profile = *parameters.profile.case_area;
  const auto quality = split_exactly(area.customers, std::array{profile.quality_share, 1 - profile.quality_share});
  const auto others = split_exactly(quality[1], profile.other_shares);
  const auto cases = deal(std::array{quality[0], others[0], others[1], others[2], others[3]},
                          random_for(seed, Purpose::CaseDeal, area.unit));
  std::array<Members, 5> members;
  for (std::uint32_t i = 0; i < area.customers; ++i) {
    auto& customer = customers[area.first_customer + i];
    customer.area_case = static_cast<AreaCase>(cases[i] + 1);
    customer.arrears = customer.area_case == AreaCase::Quality     ? arrears_of(0)
                       : customer.area_case == AreaCase::Malicious ? arrears_of(2)
                                                                   : arrears_of(1);
    members[cases[i]].push_back(area.first_customer + i);
  }
  deal_methods(parameters.classes.arrears[0].method_weights, members[0],
               random_for(seed, Purpose::MethodDeal, area.unit, 1), customers);
  for (std::size_t c = 0; c < profile.methods.size(); ++c) {
    std::vector<double> weights(parameters.classes.methods.size(), 0);
    for (const auto& name : profile.methods[c]) weights[parameters.method_index(name)] = 1;
    deal_methods(weights, members[c + 1], random_for(seed, Purpose::MethodDeal, area.unit, 2 + c), customers);
  }
}

void deal_arrears(const Parameters& parameters, std::uint64_t seed, std::vector<Customer>& customers) {
  const auto& classes = parameters.classes.arrears;
  auto counts = split_exactly(static_cast<std::int64_t>(customers.size()),
                              std::array{classes[0].share, classes[1].share, classes[2].share});
  Members others;
  for (std::uint32_t i = 0; i < customers.size(); ++i) {
    if (customers[i].area_case == AreaCase::None) {
      others.push_back(i);
    } else {
      --counts[3U - customers[i].arrears];
    }
  }
  // Where the case area alone exceeds a quota, the good payers give way.
  for (std::size_t i = 1; i < counts.size(); ++i) {
    if (counts[i] < 0) counts[0] += std::exchange(counts[i], 0);
  }
  const auto dealt = deal(counts, random_for(seed, Purpose::ArrearsDeal, 0));
  std::array<Members, 3> members;
  for (std::size_t i = 0; i < others.size(); ++i) {
    customers[others[i]].arrears = arrears_of(dealt[i]);
    members[dealt[i]].push_back(others[i]);
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    deal_methods(classes[i].method_weights, members[i], random_for(seed, Purpose::MethodDeal, i), customers);
  }
}

}  // namespace

std::vector<Customer> deal_classes(const Parameters& parameters, const Territory& territory, std::uint64_t seed) {
  std::vector<Customer> customers;
  for (std::size_t a = 0; a < territory.areas.size(); ++a) {
    for (std::uint32_t i = 0; i < territory.areas[a].customers; ++i) {
      auto& customer = customers.emplace_back();
      customer.area = static_cast<std::uint32_t>(a);
      customer.kind = static_cast<std::uint8_t>(parameters.rest_kind());
    }
  }
  place_kinds(parameters, territory, seed, customers);
  deal_by_kind(parameters, seed, customers);
  for (const auto& area : territory.areas) {
    if (area.is_case) deal_case_area(parameters, area, seed, customers);
  }
  deal_arrears(parameters, seed, customers);
  for (auto& customer : customers) {
    if (customer.revenue != 1) continue;
    customer.method = static_cast<std::uint8_t>(parameters.classes.large_customer_method[customer.method]);
  }
  return customers;
}

HighRanks rank_high(const std::vector<Customer>& customers, std::uint64_t seed) {
  Members high;
  for (std::uint32_t i = 0; i < customers.size(); ++i) {
    if (customers[i].revenue == 1) high.push_back(i);
  }
  auto random = random_for(seed, Purpose::RankDeal, 0);
  shuffle(high, random);
  HighRanks out{std::vector<std::uint32_t>(customers.size(), 0), static_cast<std::uint32_t>(high.size())};
  for (std::uint32_t rank = 0; rank < high.size(); ++rank) out.rank[high[rank]] = rank;
  return out;
}

}  // namespace fenqun::datagen
