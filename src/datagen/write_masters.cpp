// datagen/write_masters.cpp - organisation, calendar, staff, grid, and the planted truth.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"

#include <limits>

namespace fenqun::datagen {
namespace {

constexpr auto kNoArea = std::numeric_limits<std::uint32_t>::max();

// What the arrears come from: a habit, a refusal, or now and then a bill forgotten.
const char* arrears_kind_of(Habit habit) {
  switch (habit) {
    case Habit::LateSome:
      return "occasional";
    case Habit::ChronicLate:
      return "habitual";
    case Habit::Malicious:
      return "malicious";
    case Habit::Early:
    case Habit::OnTime:
    case Habit::AutoDebit:
    case Habit::Prepaid:
      break;
  }
  return "none";
}

}  // namespace

Result<void> write_org_units(const World& world, const Portion&, TableFile& table) {
  const auto& territory = world.territory;
  std::vector<std::uint32_t> area_of(territory.units.size(), kNoArea);
  for (std::uint32_t a = 0; a < territory.areas.size(); ++a) area_of[territory.areas[a].unit] = a;
  NamedRow row(table);
  for (std::uint32_t u = 0; u < territory.units.size(); ++u) {
    const auto& unit = territory.units[u];
    const auto area = area_of[u];
    const bool is_area = area != kNoArea;
    const auto place = is_area ? std::optional(world.grid.place(area)) : std::nullopt;
    row.text("org_unit_id", unit.id)
        .text_if("parent_id", unit.parent)
        .text("unit_kind", unit.kind)
        .text("unit_name", unit.name)
        .text_if("manager_id", is_area ? world.staff.area_manager(area).id : std::string())
        .text_if("line_id", is_area ? territory.feeders[territory.areas[area].feeder] : std::string())
        .decimal("capacity_kva", is_area ? std::optional(world.grid.transformer(area).capacity_kva) : std::nullopt, 2)
        .text("region", world.parameters.profile.region)
        .decimal("longitude", place ? std::optional(place->longitude) : std::nullopt, 6)
        .decimal("latitude", place ? std::optional(place->latitude) : std::nullopt, 6);
    FENQUN_CHECK(row.end());
  }
  return {};
}

Result<void> write_calendar(const World& world, const Portion&, TableFile& table) {
  NamedRow row(table);
  for (auto d = world.calendar.first_day(); d <= world.calendar.last_day(); ++d) {
    const auto& day = world.calendar[d];
    row.date("day", d)
        .boolean("is_holiday", day.is_rest)
        .boolean("is_special_holiday", day.is_public_holiday)
        .boolean("is_shifted_workday", is_weekend(d) && !day.is_rest)
        .text_if("holiday_name", day.is_public_holiday &&
                                         d >= world.calendar.spring_festival(month_of_day(d).year()) - 2 &&
                                         d <= world.calendar.spring_festival(month_of_day(d).year()) + 7
                                     ? "春节"
                                     : "");
    FENQUN_CHECK(row.end());
  }
  return {};
}

Result<void> write_staff(const World& world, const Portion&, TableFile& table) {
  NamedRow row(table);
  for (const auto& member : world.staff.all()) {
    row.text("staff_id", member.id)
        .text("staff_name", member.name)
        .text("role", member.role)
        .text("org_unit_id", world.territory.units[member.unit].id)
        .text("team", member.team)
        .text("phone", member.phone)
        .text("skill_level", member.skill)
        .date("hired_on", member.hired_day)
        .date("left_on", member.left_day);
    FENQUN_CHECK(row.end());
  }
  return {};
}

Result<void> write_lines(const World& world, const Portion&, TableFile& table) {
  const auto positive = [](double value) { return value > 0 ? std::optional(value) : std::nullopt; };
  NamedRow row(table);
  for (const auto& line : world.grid.lines()) {
    const bool is_feeder = std::string_view(line.kind) == "feeder";
    row.text("line_id", line.id)
        .text("kind", line.kind)
        .text("line_name", line.name)
        .text_if("parent_id", line.parent)
        .decimal("voltage_kv", line.voltage_kv, 2)
        .decimal("capacity_kva", positive(line.capacity_kva), 2)
        .text("org_unit_id", world.territory.units[line.unit].id)
        .boolean("can_transfer", is_feeder ? std::optional(!line.transfer.empty()) : std::nullopt)
        .text_if("transfer_line_id", line.transfer)
        .text_if("construction", line.construction)
        .decimal("length_km", positive(line.length_km), 3)
        .decimal("longitude", line.place.longitude, 6)
        .decimal("latitude", line.place.latitude, 6)
        .date("commissioned_on", line.commissioned_day);
    FENQUN_CHECK(row.end());
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
    for (const auto* name : {"abcd", "payment_habit", "area_case", "kind", "arrears_kind", "channel_kind", "load_shape",
                             "usage_kind", "calls_about"})
      add(name, FieldType::Code);
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
  const auto arrears_kind = table.text("arrears_kind"), channel_kind = table.text("channel_kind");
  const auto load_shape = table.text("load_shape");
  const auto usage_kind = table.text("usage_kind"), calls_about = table.text("calls_about");
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
    table.set_text(arrears_kind, arrears_kind_of(customer.habit));
    table.set_text(channel_kind,
                   world.parameters.records.interactions.is_own_channel[customer.method] ? "active" : "silent");
    table.set_text(load_shape, world.parameters.shapes.shapes[customer.shape].name);
    const auto lean = lean_of(world.parameters, world.seed, i);
    // Whom nobody inspects nobody can find out.
    if (world.parameters.classes.inspections[customer.revenue - 1U] > 0)
      table.set_text(usage_kind, lean.is_thief ? "theft" : lean.is_violator ? "violation" : "careful");
    else
      table.set_null(usage_kind);
    table.set_text(calls_about, lean.is_billing_caller ? "billing" : lean.is_outage_caller ? "outage" : "nothing");
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
