// access/visible_data.cpp
#include "access/visible_data.hpp"

#include "access/mask.hpp"
#include "warehouse/database.hpp"
#include "warehouse/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::access {

using warehouse::sql_name;
using warehouse::sql_text;

namespace {

constexpr std::string_view kCustomer = "customer";
constexpr std::string_view kCustomerId = "customer_id";
constexpr std::string_view kStaff = "staff";

bool is_text(const warehouse::Field& field) { return field.type == warehouse::FieldType::Text; }

}  // namespace

std::string units_below(const std::vector<std::string>& units) {
  std::string list;
  for (const auto& unit : units) list += (list.empty() ? "" : ", ") + sql_text(unit);
  // UNION, not UNION ALL: a circle of units ends.
  return fmt::format(
      "(WITH RECURSIVE below AS (SELECT unnest([{}]::VARCHAR[]) AS org_unit_id UNION SELECT u.org_unit_id FROM "
      "org_unit u "
      "JOIN below b ON u.parent_id = b.org_unit_id) SELECT org_unit_id FROM below)",
      list);
}

Sight VisibleData::sight_of(const warehouse::Contract& contract, const warehouse::Field& field) const {
  auto sight = Sight::Clear;
  if (field.sensitivity == warehouse::Sensitivity::Personal) {
    sight = contract.entity == kStaff ? viewer_.role->staff : viewer_.role->personal;
  } else if (field.sensitivity == warehouse::Sensitivity::Sensitive) {
    sight = viewer_.role->sensitive;
  }
  if (sight == Sight::Masked && (!is_text(field) || rules_.mask_of(field.name) == nullptr)) return Sight::Hidden;
  return sight;
}

std::vector<std::string> VisibleData::covered_fields(const warehouse::Contract& contract) const {
  std::vector<std::string> out;
  for (const auto& field : contract.fields) {
    if (sight_of(contract, field) != Sight::Clear) out.push_back(field.name);
  }
  return out;
}

std::vector<bool> VisibleData::tellable(const std::vector<std::int64_t>& parts) const {
  std::vector<bool> out(parts.size());
  std::transform(parts.begin(), parts.end(), out.begin(), [this](std::int64_t part) { return may_tell(part); });
  if (std::count(out.begin(), out.end(), false) != 1) return out;
  auto next = parts.size();
  for (std::size_t n = 0; n < parts.size(); ++n) {
    if (out[n] && parts[n] > 0 && (next == parts.size() || parts[n] < parts[next])) next = n;
  }
  if (next < parts.size()) out[next] = false;
  return out;
}

bool VisibleData::may_search(std::string_view entity, std::string_view name) const {
  const auto* const contract = contracts_.find(entity);
  const auto* const field = contract == nullptr ? nullptr : contract->find(name);
  return field != nullptr && sight_of(*contract, *field) == Sight::Clear;
}

std::string VisibleData::column_of(const warehouse::Contract& contract, const warehouse::Field& field) const {
  auto name = sql_name(field.name);
  switch (sight_of(contract, field)) {
    case Sight::Clear:
      return name;
    case Sight::Masked:
      return masked_sql(name, *rules_.mask_of(field.name)) + " AS " + name;
    case Sight::Hidden:
      return "NULL::" + warehouse::sql_type(field) + " AS " + name;
  }
  return name;
}

std::string VisibleData::columns_of(const warehouse::Contract& contract) const {
  std::string out;
  for (const auto& field : contract.fields) out += (out.empty() ? "" : ", ") + column_of(contract, field);
  return out;
}

std::string VisibleData::scope_condition() const {
  if (viewer_.sees_everybody()) return "true";
  const auto units = units_below(viewer_.scope.units);
  return fmt::format("(station_id IN {0} OR community_id IN {0} OR transformer_area_id IN {0})", units);
}

std::string VisibleData::customer_ids() const {
  return "(SELECT customer_id FROM customer WHERE " + scope_condition() + ")";
}

std::string VisibleData::in_scope(const std::string& customer_id_column) const {
  if (viewer_.sees_everybody()) return "true";
  return customer_id_column + " IN " + customer_ids();
}

std::string VisibleData::names_own(const std::string& table, const std::string& text_column) const {
  if (viewer_.sees_everybody()) return "true";
  // Who has no unit is out of scope, not of unknown scope.
  return fmt::format(
      "rowid IN (SELECT id FROM (SELECT w.id, coalesce({2}, false) AS is_own FROM (SELECT rowid AS id, "
      "unnest(regexp_extract_all({0}, '[0-9A-Za-z_-]+')) AS word FROM {1}) w JOIN customer c ON c.customer_id = "
      "w.word) "
      "GROUP BY id HAVING bool_and(is_own))",
      text_column, table, scope_condition());
}

std::string VisibleData::rows_of(std::string_view entity) const {
  const auto* const contract = contracts_.find(entity);
  if (contract == nullptr) return "(SELECT NULL::VARCHAR AS customer_id WHERE false)";
  std::string condition = "true";
  if (entity == kCustomer) {
    condition = scope_condition();
  } else if (const auto* const id = contract->find(kCustomerId); id != nullptr && !viewer_.sees_everybody()) {
    condition = in_scope("customer_id");
    if (!id->required) condition = "(customer_id IS NULL OR " + condition + ")";
  }
  return fmt::format("(SELECT {} FROM {} WHERE {})", columns_of(*contract), sql_name(entity), condition);
}

std::string VisibleData::rows_of(std::string_view entity, std::string_view customer_id) const {
  const auto* const contract = contracts_.find(entity);
  if (contract == nullptr || contract->find(kCustomerId) == nullptr) {
    return "(SELECT NULL::VARCHAR AS customer_id WHERE false)";
  }
  const auto is_him = "customer_id = " + sql_text(customer_id);
  std::string condition = is_him;
  if (entity == kCustomer) {
    condition += " AND " + scope_condition();
  } else if (!viewer_.sees_everybody()) {
    condition += " AND EXISTS (SELECT 1 FROM customer WHERE " + is_him + " AND " + scope_condition() + ")";
  }
  return fmt::format("(SELECT {} FROM {} WHERE {})", columns_of(*contract), sql_name(warehouse::by_customer(entity)),
                     condition);
}

std::string VisibleData::shown(const warehouse::Contract& contract, const warehouse::Field& field,
                               const std::string& value) const {
  switch (sight_of(contract, field)) {
    case Sight::Clear:
      return value;
    case Sight::Masked:
      return masked(value, *rules_.mask_of(field.name));
    case Sight::Hidden:
      return "";
  }
  return "";
}

}  // namespace fenqun::access
