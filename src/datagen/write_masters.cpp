// datagen/write_masters.cpp - customers, organisation, calendar, and the planted truth.
#include "datagen/entity_writers.hpp"

#include <cmath>

namespace fenqun::datagen {

Result<void> write_customers(const World& world, const Portion& portion, TableFile& table) {
  const auto id = table.text("customer_id"), name = table.text("customer_name"), category = table.text("category");
  const auto user_kind = table.text("user_kind"), industry = table.text("industry");
  const auto tariff = table.text("tariff_class");
  const auto voltage = table.decimal("voltage_kv", 2), capacity = table.decimal("contract_capacity_kva", 2);
  const auto importance = table.text("importance_grade");
  const auto attention = table.boolean("is_key_attention");
  const auto station = table.text("station_id"), community = table.text("community_id");
  const auto transformer_area = table.text("transformer_area_id"), feeder = table.text("feeder_id");
  const auto location = table.text("location_kind"), method = table.text("payment_method");
  const auto phone = table.text("contact_phone");
  const auto opened = table.date("opened_on"), closed = table.date("closed_on");
  FENQUN_CHECK(table.ready());
  const auto& territory = world.territory;
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    const auto& kind = world.kind_of(customer);
    const auto& area = world.area_of(customer);
    const std::size_t revenue = customer.revenue - 1U;
    table.set_text(id, world.customer_id(i));
    table.set_text(name, world.customer_name(i));
    table.set_text(category, kind.category);
    table.set_text(user_kind, kind.user_kind);
    table.set_text(industry, kind.industry);
    table.set_text(tariff, world.parameters.usage.tariffs[customer.tariff].name);
    table.set_decimal(voltage, std::llround(kind.voltage_kv[revenue] * 100));
    table.set_decimal(capacity, std::llround(static_cast<double>(customer.capacity_kva) * 100));
    table.set_text(importance, customer.importance == 0 ? "none" : kind.importance[customer.importance - 1U].first);
    table.set_boolean(attention, kind.is_key_attention);
    table.set_text(station, territory.units[area.station].id);
    table.set_text(community, territory.units[area.community].id);
    table.set_text(transformer_area, territory.units[area.unit].id);
    table.set_text(feeder, territory.feeders[area.feeder]);
    table.set_text(location, kLocationNames[static_cast<std::size_t>(area.location)]);
    table.set_text(method, world.parameters.classes.methods[customer.method]);
    table.set_text(phone, world.phone(i));
    table.set_date(opened, customer.opened_day);
    if (customer.closed_day == kNeverClosed) {
      table.set_null(closed);
    } else {
      table.set_date(closed, customer.closed_day);
    }
    FENQUN_CHECK(table.end_row());
  }
  return {};
}

Result<void> write_org_units(const World& world, const Portion&, TableFile& table) {
  const auto id = table.text("org_unit_id"), parent = table.text("parent_id");
  const auto kind = table.text("unit_kind"), name = table.text("unit_name");
  FENQUN_CHECK(table.ready());
  for (const auto& unit : world.territory.units) {
    table.set_text(id, unit.id);
    if (unit.parent.empty()) {
      table.set_null(parent);
    } else {
      table.set_text(parent, unit.parent);
    }
    table.set_text(kind, unit.kind);
    table.set_text(name, unit.name);
    FENQUN_CHECK(table.end_row());
  }
  return {};
}

Result<void> write_calendar(const World& world, const Portion&, TableFile& table) {
  const auto day = table.date("day");
  const auto is_rest = table.boolean("is_holiday"), is_public = table.boolean("is_special_holiday");
  FENQUN_CHECK(table.ready());
  for (auto d = world.calendar.first_day(); d <= world.calendar.last_day(); ++d) {
    table.set_date(day, d);
    table.set_boolean(is_rest, world.calendar[d].is_rest);
    table.set_boolean(is_public, world.calendar[d].is_public_holiday);
    FENQUN_CHECK(table.end_row());
  }
  return {};
}

const warehouse::Contract& truth_contract() {
  using warehouse::Field;
  using warehouse::FieldType;
  static const warehouse::Contract kContract = [] {
    warehouse::Contract contract;
    contract.entity = "customer_class";
    const auto add = [&](const char* name, FieldType type) {
      Field field;
      field.name = name;
      field.type = type;
      contract.fields.push_back(field);
    };
    add("customer_id", FieldType::Id);
    for (const auto* name : {"revenue_class", "influence_class", "growth_class", "arrears_class"}) {
      add(name, FieldType::Integer);
    }
    for (const auto* name : {"abcd", "payment_habit", "area_case", "kind"}) add(name, FieldType::Code);
    for (const auto* name : {"is_new_way_payer", "is_county_organisation", "is_vacant", "is_migrant", "is_constant"}) {
      add(name, FieldType::Boolean);
    }
    return contract;
  }();
  return kContract;
}

Result<void> write_truth(const World& world, const Portion& portion, TableFile& table) {
  const auto id = table.text("customer_id");
  const auto revenue = table.integer("revenue_class"), influence = table.integer("influence_class");
  const auto growth = table.integer("growth_class"), arrears = table.integer("arrears_class");
  const auto abcd = table.text("abcd"), habit = table.text("payment_habit");
  const auto area_case = table.text("area_case"), kind = table.text("kind");
  const auto new_way = table.boolean("is_new_way_payer"), county = table.boolean("is_county_organisation");
  const auto vacant = table.boolean("is_vacant"), migrant = table.boolean("is_migrant");
  const auto constant = table.boolean("is_constant");
  FENQUN_CHECK(table.ready());
  const auto set = [&](const TableFile::Column& column, const std::optional<int>& value) {
    if (value) {
      table.set_integer(column, *value);
    } else {
      table.set_null(column);
    }
  };
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    const auto truth = truth_of(world.parameters, world.timeline, customer);
    const char grade = grade_of(customer);
    table.set_text(id, world.customer_id(i));
    set(revenue, truth.revenue);
    set(influence, truth.influence);
    set(growth, truth.growth);
    set(arrears, truth.arrears);
    table.set_text(abcd, {&grade, 1});
    table.set_text(habit, kHabitNames[static_cast<std::size_t>(customer.habit)]);
    if (customer.area_case == AreaCase::None) {
      table.set_null(area_case);
    } else {
      table.set_text(area_case, kAreaCaseNames[static_cast<std::size_t>(customer.area_case)]);
    }
    table.set_text(kind, world.kind_of(customer).name);
    table.set_boolean(new_way, world.parameters.classes.is_new_way[customer.method]);
    table.set_boolean(county, world.kind_of(customer).is_county_organisation);
    table.set_boolean(vacant, customer.is_vacant);
    table.set_boolean(migrant, customer.is_migrant);
    table.set_boolean(constant, customer.is_constant);
    FENQUN_CHECK(table.end_row());
  }
  return {};
}

}  // namespace fenqun::datagen
