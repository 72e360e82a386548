// unit/report/sample_preparation.cpp
#include "unit/report/sample_preparation.hpp"

#include <cstdlib>
#include <iostream>

namespace fenqun::report {
namespace {

using features::Step;
using features::StepItem;
using features::StepRecord;

template <class Value>
Value taken(Result<Value> value) {
  if (!value) {
    std::cerr << value.error().line.key << '\n';
    std::abort();
  }
  return *std::move(value);
}

const warehouse::ContractSet& contracts() {
  static const auto kShipped = taken(warehouse::ContractSet::create(AssetStore()));
  return kShipped;
}

const features::FeatureCatalogue& catalogue() {
  static const auto kShipped = taken(features::FeatureCatalogue::create(AssetStore()));
  return kShipped;
}

StepRecord selected() {
  StepRecord out{Step::Select, 900'123, 890'456, {}};
  std::int64_t rows = 10'000;
  for (const auto* entity : {"customer", "bill", "payment", "reading_day"})
    out.items.push_back({"entity", entity, "", "taken", "", ++rows, rows});
  out.items.push_back({"entity", "staff", "", "left_out", "not_needed", ++rows, 0});
  out.items.push_back({"entity", "weather_day", "", "left_out", "not_loaded", 0, 0});
  out.items.push_back({"field", "customer", "category", "taken", "", 10'001, 10'001});
  out.items.push_back({"field", "customer", "industry", "noted", "mostly_empty", 10'001, 431});
  out.items.push_back({"field", "customer", "customer_name", "left_out", "sensitive", 10'001, 9'871});
  out.items.push_back({"field", "bill", "amount_cny", "taken", "", 10'002, 9'992});
  out.items.push_back({"field", "bill", "bill_id", "left_out", "not_needed", 10'002, 9'993});
  out.items.push_back({"field", "bill", "max_demand_kw", "left_out", "empty", 10'002, 0});
  out.items.push_back({"field", "weather_day", "day", "left_out", "not_loaded", 0, 0});
  return out;
}

StepRecord cleaned() {
  StepRecord out{Step::Clean, 0, 0, {}};
  std::int64_t rows = 20'000;
  for (const auto* entity : {"account", "application", "attribute", "bill", "calendar_day", "complaint", "contact",
                             "customer", "dunning_event", "equipment", "household_form", "inspection", "interaction",
                             "line", "org_unit", "outage", "payment", "reading_day"}) {
    out.items.push_back({"loading", entity, "", "", "", rows + 111, rows});
    out.rows_in += rows + 111;
    out.rows_out += rows;
    rows += 137;
  }
  out.items.push_back({"outcome", "bill", "", "duplicate", "", 61, 0});
  out.items.push_back({"outcome", "bill", "", "superseded", "", 63, 0});
  out.items.push_back({"outcome", "bill", "", "rejected", "", 67, 0});
  out.items.push_back({"rejection", "bill", "电费(万元)", "", "below_minimum", 31, 0});
  out.items.push_back({"rejection", "bill", "customer_id / month", "", "conflicting_duplicate", 29, 0});
  out.items.push_back({"rejection", "bill", "", "", "too_many_columns", 7, 0});
  out.items.push_back({"conversion", "自建映射", "", "", "", 3, 4'321});
  out.items.push_back({"imputed", "customer", "industry", "industry_of_residents", "", 2'207, 2'203});
  out.items.push_back({"imputed", "reading_day", "energy_kwh", "daily_gap", "", 482, 999});
  out.items.push_back({"outlier", "spike", "", "", "", 83, 79});
  out.items.push_back({"outlier", "month_jump", "", "", "", 0, 0});
  return out;
}

StepRecord reconstructed() {
  StepRecord out{Step::Reconstruct, 700'017, 70'019, {}};
  out.items.push_back({"monthly", "daily_by_month", "", "", "", 700'017, 70'019});
  out.items.push_back({"table", "open_customer", "", "", "", 10'001, 9'701});
  std::int64_t number = 40;
  for (const auto& family : catalogue().families())
    out.items.push_back({"family", family.name, "", "", "", std::ssize(family.entities), ++number});
  return out;
}

StepRecord integrated() {
  StepRecord out{Step::Integrate, 10'001, 9'701, {}};
  out.items.push_back({"left_out", "", "", "closed", "", 291, 0});
  out.items.push_back({"left_out", "", "", "not_open_yet", "", 9, 0});
  std::int64_t with_data = 9'000;
  for (const auto& family : catalogue().families())
    out.items.push_back({"join", family.name, "", "", "", 9'701, ++with_data});
  out.items.push_back({"unknown", "bill", "", "", "unknown_customer", 20'411, 71});
  return out;
}

StepRecord formatted() {
  StepRecord out{Step::Format, 9'701, 9'701, {}};
  std::int64_t present = 5'000;
  for (const auto& feature : catalogue().features()) {
    StepItem item{"feature", feature.family, feature.name, "usable", "", 9'701, ++present};
    if (present % 9 == 0) {
      item.state = "noted";
      item.reason = present % 2 == 0 ? "constant" : "mostly_empty";
    } else if (present % 11 == 0) {
      item.state = "left_out";
      item.reason = "empty";
      item.rows_out = 0;
    }
    out.items.push_back(std::move(item));
  }
  std::int64_t few = 300;
  for (const auto& family : catalogue().families()) {
    few += 7;
    out.items.push_back({"sufficiency", family.name, "", "full", "", 9'701, 9'701 - 3 * few});
    out.items.push_back({"sufficiency", family.name, "", "partial", "", 9'701, 2 * few});
    out.items.push_back({"sufficiency", family.name, "", "insufficient", "", 9'701, few});
  }
  out.items.push_back({"not_comparable", "", "", "closed", "", 9'701, 291});
  out.items.push_back({"not_comparable", "", "", "short_history", "", 9'701, 53});
  return out;
}

}  // namespace

PreparationModel sample_preparation() {
  PreparationModel model;
  model.workspace_name = "东湖供电所";
  model.generated_at = "2026-07-01 09:30";
  model.build = "1.0";
  model.synthetic = true;
  model.record.as_of = Month(2026, 6);
  model.record.fingerprint = "0123456789abcdef";
  model.record.steps = {selected(), cleaned(), reconstructed(), integrated(), formatted()};
  model.catalogue = &catalogue();
  model.contracts = &contracts();
  model.excluded = {{"closed", 291, {"0600000001", "0600000002"}}, {"short_history", 53, {"0600000003"}}};
  model.customers_csv = "preparation.zh.customers.csv";
  return model;
}

}  // namespace fenqun::report
