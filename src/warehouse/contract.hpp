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
/// Who may see a value. Sensitive: personal, and about family, health, means or opinion.
enum class Sensitivity : std::uint8_t { Public, Internal, Personal, Sensitive };
/// What a record is about; orders the data dictionary.
enum class Area : std::uint8_t { Customer, Grid, Energy, Money, Service, External };
/// Master: one row per key, a table of the database. Fact: rows in time, Parquet files of the lake by month.
enum class EntityKind : std::uint8_t { Master, Fact };

/// A value that a Code field may have.
struct CodeValue {
  std::string code;                   // as it is stored: "bank_debit"
  BilingualText title;                // 银行代扣; the code itself where the contract gives no name
  std::vector<std::string> synonyms;  // how offices write it: 批扣
};

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
  std::vector<CodeValue> codes;       // the same with names, in the same order
  std::vector<std::string> synonyms;  // headers under which offices send it
  std::string references;             // entity whose key it names
  Sensitivity sensitivity = Sensitivity::Public;
  BilingualText note;  // empty where the title says it all

  [[nodiscard]] const CodeValue* find_code(std::string_view code) const;
};

struct Contract {
  std::string entity;  // "bill"
  BilingualText title;
  BilingualText source;  // the system it usually comes from; may be empty
  BilingualText note;    // may be empty
  Area area = Area::External;
  std::vector<std::string> synonyms;  // names of files and sheets under which offices send it
  EntityKind kind = EntityKind::Master;
  std::vector<std::string> key;
  std::string month_field;  // facts: Date, Timestamp or Month field that says which month a row belongs to
  std::vector<Field> fields;

  [[nodiscard]] const Field* find(std::string_view name) const;
};

/// DuckDB type of a field: VARCHAR, DATE (months: their first day), TIMESTAMP, BIGINT, DECIMAL(18, scale), BOOLEAN.
std::string sql_type(const Field& field);

/// "public", "internal", "personal", "sensitive", as contracts write it.
std::string_view name_of(Sensitivity sensitivity) noexcept;
/// "customer", "grid", "energy", "money", "service", "external".
std::string_view name_of(Area area) noexcept;
/// "id", "text", "code", "date", "timestamp", "month", "integer", "decimal", "boolean".
std::string_view name_of(FieldType type) noexcept;

/// All contracts. Immutable after create: safe from several threads.
class ContractSet {
 public:
  /// Reads config/contracts/*.yaml. A field that names another entity's key and bears the key's name has the key's
  /// synonyms too. Errors: BadData (unknown type, key or month field that is not a field, reference to an unknown
  /// entity, one name for two codes ...), naming file and line.
  static Result<ContractSet> create(const AssetStore& assets);

  [[nodiscard]] const Contract* find(std::string_view entity) const;
  [[nodiscard]] const std::vector<Contract>& all() const noexcept { return contracts_; }

 private:
  std::vector<Contract> contracts_;
};

}  // namespace fenqun::warehouse
