// features/catalogue.hpp - what each feature is: name, unit, window, meaning, sources. Level 2.
// From config/features/*.yaml; the SQL of a family stands beside it in config/features/<family>.sql, tables that
// several families share in config/features/intermediate/, figures they look up in config/reference/.
#pragma once

#include "base/asset.hpp"
#include "base/texts.hpp"
#include "features/preparation_rules.hpp"
#include "features/reference.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::features {

enum class FeatureType : std::uint8_t { Number, Category, Flag };  // DOUBLE, VARCHAR, BOOLEAN in the wide table
enum class FeatureKind : std::uint8_t { Value, Behaviour, Need };  // V-B-N
enum class FeatureTag : std::uint8_t {
  Social,
  Economic,
  Behaviour
};  // social / economic attribute, economic behaviour

struct Feature {
  std::string name;    // column of the wide table: "bill_revenue_12m_cny"
  std::string family;  // "revenue": config/features/revenue.sql
  FeatureType type = FeatureType::Number;
  BilingualText title;    // 年电费收入
  BilingualText meaning;  // one sentence: how it is computed
  BilingualText missing;  // why it can be missing: 近12个月没有账单
  std::string unit;       // "CNY", "kWh", "share", "days", "" ...
  int window_months = 0;  // months up to and including as_of that it looks at; 0: master data or all months
  FeatureKind kind = FeatureKind::Value;
  FeatureTag tag = FeatureTag::Economic;
  std::vector<std::string> sources;  // "bill.amount_cny"
  std::string codes;                 // Category: the contract field that names its values ("customer.industry")
  std::map<std::string, BilingualText, std::less<>> value_names;  // of those codes, or as stated: "education" -> 教育
  bool in_portrait = true;                                        // shown as an index in group portraits
};

/// How much of its data a family needs to say something of a customer.
struct Needs {
  std::string have;  // SQL on columns of the wide table; ${present}: how many of the family's features have a value
  std::int64_t full = 0;     // with so much, the family's features rest on all they need
  std::int64_t partial = 0;  // with less than this they say nothing
  std::string unit;          // months, days, fields, answers
  BilingualText title;       // what is counted: 有账单的月数
};

struct Family {
  std::string name;
  BilingualText title;
  int position = 0;                   // its place in the wide table
  std::string sql;                    // the query as written
  std::string origin;                 // where it was read
  std::vector<std::string> entities;  // views it needs
  Needs needs;
};

/// A table that several families read; made before them, in the order of config/features/intermediate/tables.yaml. A
/// monthly one is made for each month alone from the facts of that month, kept in the lake and seen as a whole by what
/// comes after it; it has a column customer_id and reads nothing but entities and other monthly tables.
struct Intermediate {
  std::string name;
  BilingualText meaning;
  std::string sql;
  std::string origin;
  std::vector<std::string> entities;
  std::vector<std::string> by_month;  // monthly: the facts whose months it follows, among `entities`; else empty
  std::vector<std::string> tables;    // monthly: the monthly tables it reads, month by month
  // Monthly: the column that says how many rows of an entity a row was made of, of each entity counted so.
  std::map<std::string, std::string> counts;
  bool is_view = false;  // not stored: a name for a query
};

/// Immutable after create.
class FeatureCatalogue {
 public:
  /// Reads every config/features/*.yaml with its .sql, the intermediate tables and the reference tables. Checks that
  /// names are unique, that sources and codes name fields of contracts that may be used, and that every placeholder of
  /// the SQL is
  /// known. Errors: BadData naming file and line; NotFound (a .sql or .csv that is not there).
  static Result<FeatureCatalogue> create(const AssetStore& assets);
  [[nodiscard]] const Feature* find(std::string_view name) const;
  /// In the order of the wide table's columns.
  [[nodiscard]] const std::vector<Feature>& features() const noexcept { return features_; }
  [[nodiscard]] const std::vector<Family>& families() const noexcept { return families_; }
  [[nodiscard]] const std::vector<Intermediate>& intermediates() const noexcept { return intermediates_; }
  [[nodiscard]] const std::vector<ReferenceTable>& references() const noexcept { return references_; }
  [[nodiscard]] const PreparationRules& rules() const noexcept { return rules_; }
  /// What differs between engines: the macros for DuckDB.
  [[nodiscard]] const std::string& macros() const noexcept { return macros_; }
  /// Changes when a value of the wide table or of its preparation could: names, types, SQL, macros, reference figures,
  /// needs and rules; not with titles.
  [[nodiscard]] std::string fingerprint() const;

 private:
  std::vector<Feature> features_;
  std::vector<Family> families_;
  std::vector<Intermediate> intermediates_;
  std::vector<ReferenceTable> references_;
  PreparationRules rules_;
  std::string macros_;
};

}  // namespace fenqun::features
