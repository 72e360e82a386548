// datagen/write_equipment.cpp - meters, supplies, transformers, emergency power, generation, appliances.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"
#include "datagen/streams.hpp"

#include <fmt/format.h>

namespace fenqun::datagen {
namespace {

constexpr std::array<const char*, 7> kApplianceNames = {"空调",   "电热水器", "冰箱",    "洗衣机",
                                                        "电暖器", "电炊具",   "电动汽车"};

class EquipmentRows {
 public:
  EquipmentRows(const World& world, TableFile& table) : world_(world), row_(table) {}

  Result<void> add_all(std::uint32_t number) {
    number_ = number;
    customer_ = &world_.customers[number];
    id_ = world_.customer_id(number);
    place_ = 0;
    random_ = random_for(world_.seed, Purpose::Equipment, number);
    const auto& numbers = world_.parameters.records.equipment;
    const bool is_home = world_.is_home(*customer_);
    FENQUN_CHECK(add_meter());
    if (world_.voltage_kv(*customer_) >= 10) FENQUN_CHECK(add_supplies());
    const auto person = is_home ? std::optional(world_.people.person(number, *customer_)) : std::nullopt;
    const bool has_firm_pv = random_.chance(numbers.photovoltaic_share_of_firms) && !is_home;
    if (has_firm_pv || (person && person->has_photovoltaic)) {
      const double kw = is_home ? random_.uniform(5, 20) : static_cast<double>(customer_->capacity_kva) * 0.3;
      FENQUN_CHECK(add({"photovoltaic", "屋顶光伏", nullptr, nullptr, std::nullopt, kw, 1}));
    }
    const bool has_charger = random_.chance(is_home ? numbers.ev_share_of_homes : numbers.ev_share_of_others);
    if (has_charger)
      FENQUN_CHECK(add({"ev_charger", "充电桩", nullptr, nullptr, std::nullopt, is_home ? 7.0 : 60.0, 1}));
    return is_home && world_.has_form(number) ? add_appliances(*person) : Result<void>();
  }

 private:
  struct Item {
    const char* kind = "";
    std::string name = {};
    const char* appliance = nullptr;  // code of appliance_kind
    const char* wiring = nullptr;
    std::optional<double> capacity_kva = {};
    std::optional<double> power_kw = {};
    std::int64_t count = 1;
    const char* changeover = nullptr;
    std::string line = {};
    std::optional<double> multiplier = {};
    std::optional<bool> is_prepaid = {};
    std::optional<bool> meets_standard = {};
  };

  Result<void> add_meter() {
    const double kva = customer_->capacity_kva;
    const bool is_three_phase = world_.voltage_kv(*customer_) > 0.22;
    const bool is_prepaid =
        random_.chance(world_.parameters.records.equipment.prepaid_meter_share) || customer_->habit == Habit::Prepaid;
    Item item{"meter", is_three_phase ? "三相智能电能表" : "单相智能电能表"};
    item.wiring = is_three_phase ? "three_phase" : "single_phase";
    item.multiplier = kva >= 315 ? 1000 : kva >= 100 ? 60 : kva >= 50 ? 20 : 1;
    item.is_prepaid = is_prepaid;
    return add(item);
  }

  Result<void> add_supplies() {
    const bool is_important = customer_->importance != 0;
    const bool is_dual = is_important && customer_->revenue <= 2;
    const double meets = world_.parameters.records.equipment.meets_standard_share;
    const auto& feeders = world_.territory.feeders;
    const auto feeder = world_.area_of(*customer_).feeder;
    const double kva = customer_->capacity_kva;
    Item main{"main_supply", "主供电源"};
    main.wiring = is_dual ? "dual_supply" : "single_supply";
    main.changeover = is_dual ? "automatic" : "none";
    main.capacity_kva = kva;
    main.line = feeders[feeder];
    if (is_important) main.meets_standard = random_.chance(meets);
    FENQUN_CHECK(add(main));
    Item transformer{"transformer", "专用变压器"};
    transformer.capacity_kva = kva;
    FENQUN_CHECK(add(transformer));
    if (!is_important) return {};
    if (is_dual) {
      Item standby{"standby_supply", "备用电源"};
      standby.wiring = "dual_supply";
      standby.changeover = random_.chance(0.7) ? "automatic" : "manual";
      standby.capacity_kva = kva;
      standby.line = feeders[(feeder + 1) % feeders.size()];
      standby.meets_standard = random_.chance(meets);
      FENQUN_CHECK(add(standby));
    }
    Item own{"own_emergency_power", random_.chance(0.8) ? "柴油发电机" : "不间断电源"};
    own.power_kw = kva * random_.uniform(0.15, 0.5);
    own.meets_standard = random_.chance(meets);
    return add(own);
  }

  Result<void> add_appliances(const Person& person) {
    const auto facts = world_.people.household(number_, *customer_, person);
    for (std::size_t i = 0; i < facts.appliances.size(); ++i) {
      if (facts.appliances[i] == 0) continue;
      Item item{"appliance", kApplianceNames[i]};
      item.appliance = kAppliances[i];
      item.power_kw = world_.parameters.people.household.power_kw[i];
      item.count = facts.appliances[i];
      FENQUN_CHECK(add(item));
    }
    return {};
  }

  Result<void> add(const Item& item) {
    const bool is_appliance = item.appliance != nullptr;
    const auto& makers = world_.parameters.records.equipment.manufacturers;
    const auto& maker = makers[random_.below(makers.size())];
    const auto installed = static_cast<std::int32_t>(
        whole_between(random_, customer_->opened_day, std::min(customer_->closed_day, world_.timeline.last_day())));
    ++place_;
    row_.text("equipment_id", fmt::format("SB{}{:02}", id_, place_))
        .text("customer_id", id_)
        .text("kind", item.kind)
        .text("equipment_name", item.name)
        .text_if("appliance_kind", is_appliance ? item.appliance : "")
        .integer("item_count", item.count)
        .text_if("wiring", item.wiring == nullptr ? "" : item.wiring)
        .text_if("changeover", item.changeover == nullptr ? "" : item.changeover)
        .text_if("line_id", item.line)
        .decimal("voltage_kv", is_appliance ? 0.22 : world_.voltage_kv(*customer_), 2)
        .decimal("capacity_kva", item.capacity_kva, 2)
        .decimal("power_kw", item.power_kw, 3)
        .decimal("multiplier", item.multiplier, 2)
        .boolean("is_prepaid_meter", item.is_prepaid)
        .boolean("meets_standard", item.meets_standard)
        .text("status", customer_->closed_day <= world_.timeline.last_day() ? "removed" : "in_use")
        .text_if("manufacturer", is_appliance ? std::string() : maker)
        .date("installed_on", installed);
    return row_.end();
  }

  const World& world_;
  NamedRow row_;
  std::uint32_t number_ = 0;
  const Customer* customer_ = nullptr;
  std::string id_;
  int place_ = 0;
  Random random_{0};
};

}  // namespace

Result<void> write_equipment(const World& world, const Portion& portion, TableFile& table) {
  EquipmentRows rows(world, table);
  for (auto i = portion.first; i < portion.last; ++i) FENQUN_CHECK(rows.add_all(i));
  return {};
}

}  // namespace fenqun::datagen
