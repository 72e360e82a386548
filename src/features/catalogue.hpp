// features/catalogue.hpp - what each feature is: name, unit, window, meaning, sources. Level 2.
// From config/features/*.yaml; the SQL of a family stands beside it in config/features/<family>.sql.
#pragma once

#include "base/asset.hpp"
#include "base/texts.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::features {

enum class FeatureType : std::uint8_t { Number, Category, Flag };        // DOUBLE, VARCHAR, BOOLEAN in the wide table
enum class FeatureKind : std::uint8_t { Value, Behaviour, Need };        // V-B-N
enum class FeatureTag : std::uint8_t { Social, Economic, Behaviour };    // social / economic attribute, economic behaviour

struct Feature {
  std::string name;            // column of the wide table: "bill_revenue_12m_cny"
  std::string family;          // "revenue": config/features/revenue.sql
  FeatureType type = FeatureType::Number;
  BilingualText title;         // 年电费收入
  BilingualText meaning;       // one sentence: how it is computed
  BilingualText missing;       // why it can be missing: 近12个月没有账单
  std::string unit;            // "CNY", "kWh", "share", "days", "per_year", "" ...
  int window_months = 0;       // months up to and including as_of that it looks at; 0: master data
  FeatureKind kind = FeatureKind::Value;
  FeatureTag tag = FeatureTag::Economic;
  std::vector<std::string> sources;   // "bill.amount_cny"
  std::string codes;           // Category: the contract field whose code texts name its values ("customer.industry")
  bool in_portrait = true;     // shown as an index in group portraits
};

struct Family {
  std::string name;
  std::string sql;                      // the query as written
  std::string origin;                   // where it was read
  std::vector<std::string> entities;    // views it needs
};

/// Immutable after create.
class FeatureCatalogue {
 public:
  /// Reads every config/features/*.yaml with its .sql. Errors: BadData naming file and line.
  static Result<FeatureCatalogue> create(const AssetStore& assets);
  [[nodiscard]] const Feature* find(std::string_view name) const;
  [[nodiscard]] const std::vector<Feature>& features() const noexcept { return features_; }
  [[nodiscard]] const std::vector<Family>& families() const noexcept { return families_; }

 private:
  std::vector<Feature> features_;
  std::vector<Family> families_;
};

}  // namespace fenqun::features
