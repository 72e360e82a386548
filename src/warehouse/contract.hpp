// warehouse/contract.hpp - what an entity is: its fields, types, units, ranges, keys. From config/contracts/*.yaml;
// a field is stated there and nowhere else. Level 1.
#pragma once

#include "base/asset.hpp"
#include "base/texts.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::warehouse {

enum class FieldType : std::uint8_t { Id, Text, Code, Date, Timestamp, Month, Integer, Decimal, Boolean };
enum class Sensitivity : std::uint8_t { Public, Internal, Personal };
/// Master: one row per key, a table of the database. Fact: rows in time, Parquet files of the lake by month.
enum class EntityKind : std::uint8_t { Master, Fact };

struct Field {
  std::string name;
  FieldType type = FieldType::Text;
  BilingualText title;
  bool required = false;
  std::uint8_t scale = 0;             // Decimal: digits after the point, DECIMAL(18, scale)
  std::string unit;                   // "kWh", "CNY", empty when it has none
  std::optional<double> min;          // inclusive
  std::optional<double> max;          // inclusive
  std::vector<std::string> values;    // Code: what it may be
  std::vector<std::string> synonyms;  // headers under which offices send it
  std::string references;             // entity whose key it names
  Sensitivity sensitivity = Sensitivity::Public;
};

struct Contract {
  std::string entity;  // "bill"
  BilingualText title;
  EntityKind kind = EntityKind::Master;
  std::vector<std::string> key;
  std::string month_field;  // facts: Date, Timestamp or Month field that says which month a row belongs to
  std::vector<Field> fields;

  [[nodiscard]] const Field* find(std::string_view name) const;
};

/// DuckDB type of a field: VARCHAR, DATE (months: their first day), TIMESTAMP, BIGINT, DECIMAL(18, scale), BOOLEAN.
std::string sql_type(const Field& field);

/// All contracts. Immutable after create: safe from several threads.
class ContractSet {
 public:
  /// Reads config/contracts/*.yaml. Errors: BadData (unknown type, key or month field that is not a field,
  /// reference to an unknown entity ...), naming file and line.
  static Result<ContractSet> create(const AssetStore& assets);

  [[nodiscard]] const Contract* find(std::string_view entity) const;
  [[nodiscard]] const std::vector<Contract>& all() const noexcept { return contracts_; }

 private:
  std::vector<Contract> contracts_;
};

}  // namespace fenqun::warehouse
