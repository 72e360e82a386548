// report/sample_model.cpp
#include "unit/report/sample_model.hpp"

#include "warehouse/contract.hpp"

#include <fmt/format.h>

namespace fenqun::report {
namespace {

using features::Feature;
using features::FeatureTag;
using features::FeatureType;

constexpr std::int64_t kCustomers = 47'783;
constexpr double kRevenue = 412'645'310.0;
constexpr double kEnergy = 652'310'000.0;

Feature feature(const char* name, FeatureType type, FeatureTag tag, const char* unit, const char* zh, const char* en,
                const char* codes = "") {
  Feature out;
  out.name = name;
  out.type = type;
  out.tag = tag;
  out.unit = unit;
  out.title = {zh, en};
  out.missing = {"近 12 个月没有账单", "no bill in the last 12 months"};
  out.codes = codes;
  static const auto contracts = warehouse::ContractSet::create(AssetStore());
  const auto dot = out.codes.find('.');
  if (contracts && dot != std::string::npos) {
    const auto* field = contracts->find(out.codes.substr(0, dot))->find(out.codes.substr(dot + 1));
    for (const auto& value : field->codes) out.value_names.emplace(value.code, value.title);
  }
  return out;
}

/// What one group is like, beside its name.
struct Sketch {
  const char* code;
  const char* zh;
  const char* en;
  const char* zh_text;
  const char* en_text;
  double share;
  double revenue_share;
  double energy_share;
  std::vector<double> centre;
};

struct Measured {
  const char* feature;
  double population;
  std::vector<double> groups;  // one mean per group
};

struct Divided {
  const char* feature;
  const char* value;
  double population;
  std::vector<double> groups;  // one share per group
};

SchemeSection section(const char* scheme, BilingualText title, const char* method, double classified_share,
                      const std::vector<const char*>& centre_features, const std::vector<Sketch>& sketches) {
  SchemeSection out;
  auto& run = out.run;
  run.run_id = std::string("r-7f3a91c2-") + scheme;
  run.scheme = scheme;
  run.scheme_version = 1;
  run.scheme_title = std::move(title);
  run.scheme_source = {"《基于电力客户价值的分群管理应用研究》表 1 至表 4", "Customer value study, tables 1 to 4"};
  run.method = method;
  run.as_of = Month(2026, 6);
  run.data_fingerprint = "9c1d55e07ab24f18";
  run.build = "0.1.0+sample";
  run.seed = 20260601;
  run.population = kCustomers;
  run.classified = static_cast<std::int64_t>(kCustomers * classified_share);
  run.assignment_hash = "b7e2306f1d0c88a45e9f";
  out.portrait = {run.run_id, scheme, true, true, {}};
  for (const auto& sketch : sketches) {
    segment::GroupResult group;
    group.code = sketch.code;
    group.title = {sketch.zh, sketch.en};
    group.description = {sketch.zh_text, sketch.en_text};
    group.share = sketch.share;
    group.customers = static_cast<std::int64_t>(static_cast<double>(run.classified) * sketch.share);
    for (std::size_t i = 0; i < centre_features.size(); ++i) {
      group.centre.push_back({centre_features[i], sketch.centre[i]});
    }
    segment::GroupPortrait portrait;
    portrait.code = sketch.code;
    portrait.customers = group.customers;
    portrait.customer_share = sketch.share;
    portrait.revenue_12m_cny = kRevenue * sketch.revenue_share;
    portrait.revenue_share = sketch.revenue_share;
    if (group.customers > 0) {
      portrait.average_bill_cny = portrait.revenue_12m_cny / (12.0 * static_cast<double>(group.customers));
    }
    portrait.energy_12m_kwh = kEnergy * sketch.energy_share;
    portrait.energy_share = sketch.energy_share;
    out.portrait.groups.push_back(std::move(portrait));
    run.groups.push_back(std::move(group));
  }
  return out;
}

void add_numbers(SchemeSection& section, const std::vector<Measured>& lines) {
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.groups.size(); ++i) {
      auto& group = section.portrait.groups[i];
      group.numbers.push_back(
          {line.feature, group.customers, line.groups[i], line.population, line.groups[i] / line.population});
    }
  }
}

void add_categories(SchemeSection& section, const std::vector<Divided>& lines) {
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.groups.size(); ++i) {
      auto& group = section.portrait.groups[i];
      const auto customers = static_cast<std::int64_t>(static_cast<double>(group.customers) * line.groups[i]);
      group.categories.push_back(
          {line.feature, line.value, customers, line.groups[i], line.population, line.groups[i] / line.population});
    }
  }
}

void add_trials(SchemeSection& section, std::uint32_t recommended, std::uint32_t published,
                const std::vector<double>& silhouettes) {
  auto& run = section.run;
  run.recommended_k = recommended;
  run.published_k = published;
  run.recommended_reason = "segment.k_majority";
  for (std::size_t i = 0; i < silhouettes.size(); ++i) {
    const auto k = static_cast<double>(i + 2);
    segment::TrialResult trial;
    trial.k = static_cast<std::uint32_t>(i + 2);
    trial.inertia = 214'530.0 / k;
    trial.centroid_silhouette = silhouettes[i];
    trial.calinski_harabasz = 31'200.0 * silhouettes[i] + 900.0 * k;
    trial.davies_bouldin = 1.45 - silhouettes[i];
    trial.smallest_share = 0.11 / k;
    trial.rounds = static_cast<std::uint32_t>(9 + 4 * i);
    trial.converged = i + 1 < silhouettes.size();
    run.trials.push_back(trial);
  }
  for (const auto& centre : run.groups.front().centre) {
    run.scaling.push_back({centre.feature, "log1p + robust", 1.0, false});
  }
}

SchemeSection level_one() {
  auto out = section(
      "level1", {"客户一级分群", "Level-1 groups"}, "rules", 1.0, {},
      {{"important",
        "重要客户",
        "Important",
        "供电中断会造成人身、政治或重大经济影响",
        "Loss of supply would harm people or the public",
        0.0011,
        0.091,
        0.102,
        {}},
       {"key",
        "重点关注客户",
        "Key attention",
        "列入重点关注名单",
        "On the list of key attention",
        0.0046,
        0.048,
        0.044,
        {}},
       {"large",
        "大客户",
        "Large",
        "合同容量 315 kVA 及以上",
        "Contract capacity of 315 kVA or more",
        0.0142,
        0.472,
        0.521,
        {}},
       {"residential", "居民客户", "Residential", "居民生活用电", "Residential supply", 0.8721, 0.243, 0.207, {}},
       {"other", "其他客户", "Other", "不属于以上各类", "None of the above", 0.1080, 0.146, 0.126, {}}});
  add_categories(out, {{"location_kind", "urban", 0.412, {0.62, 0.55, 0.38, 0.41, 0.43}},
                       {"location_kind", "rural", 0.588, {0.38, 0.45, 0.62, 0.59, 0.57}}});
  return out;
}

SchemeSection revenue() {
  auto out = section("dongguan_revenue", {"收入贡献", "Revenue contribution"}, "tiers", 0.9816,
                     {"bill_revenue_12m_cny", "non_core_revenue_12m_cny", "cost_to_serve_12m_cny"},
                     {{"high",
                       "收入贡献度高",
                       "High revenue",
                       "收入贡献占总收入贡献的一半以上,客户的价值高",
                       "More than half of all revenue",
                       0.0412,
                       0.5623,
                       0.6011,
                       {128'430.5, 2'150.0, 415.2}},
                      {"medium",
                       "收入贡献度中等",
                       "Medium revenue",
                       "收入贡献占总收入贡献的30%~40%左右",
                       "About 30 % to 40 % of all revenue",
                       0.3125,
                       0.3815,
                       0.3456,
                       {9'120.0, 84.0, 96.4}},
                      {"low",
                       "收入贡献度偏低",
                       "Low revenue",
                       "收入贡献占总收入贡献的5%左右",
                       "About 5 % of all revenue",
                       0.6463,
                       0.0562,
                       0.0533,
                       {812.6, 0.0, 61.0}}});
  add_numbers(out, {{"is_key_attention", 0.0112, {0.0841, 0.0102, 0.0069}},
                    {"bill_revenue_12m_cny", 8'797.4, {119'933.0, 10'740.2, 765.1}},
                    {"energy_12m_kwh", 13'907.0, {202'900.0, 15'380.0, 1'146.9}},
                    {"non_core_revenue_12m_cny", 131.2, {2'511.6, 87.9, 0.4}},
                    {"cost_to_serve_12m_cny", 86.9, {432.7, 98.3, 59.4}},
                    {"growth_12m_share", 0.031, {0.064, 0.036, -0.012}},
                    {"late_share", 0.182, {0.094, 0.171, 0.193}},
                    {"mean_days_late", 3.4, {1.1, 3.2, 3.66}},
                    {"tickets_12m", 0.41, {1.32, 0.47, 0.323}}});
  add_categories(out, {{"industry", "residential", 0.872, {0.113, 0.861, 0.926}},
                       {"industry", "manufacturing", 0.041, {0.512, 0.038, 0.012}},
                       {"industry", "retail", 0.038, {0.098, 0.052, 0.027}},
                       {"industry", "high_energy", 0.004, {0.097, 0.0, 0.0}},
                       {"industry", "", 0.045, {0.18, 0.049, 0.035}},
                       {"payment_method", "wechat", 0.478, {0.058, 0.462, 0.513}},
                       {"payment_method", "bank_debit", 0.311, {0.621, 0.334, 0.28}},
                       {"payment_method", "counter", 0.211, {0.321, 0.204, 0.207}}});
  add_trials(out, 3, 3, {0.512, 0.604, 0.571, 0.533, 0.498, 0.472, 0.455});
  segment::UnclassifiedResult missing{
      "missing:bill_revenue_12m_cny", {"近 12 个月没有账单", "No bill in the last 12 months"}, 794, {}};
  for (int i = 0; i < 60; ++i) missing.examples.push_back(fmt::format("03{:08}", 104'512 + i * 37));
  segment::UnclassifiedResult constant{
      "constant_series", {"用电量长期不变,疑似停用", "Constant readings, probably out of use"}, 85, {"0300000017"}};
  out.run.unclassified = {missing, constant};
  out.run.truth = segment::TruthResult{"revenue", 0.9734, 46'904};
  out.run.classified = kCustomers - 879;
  return out;
}

SchemeSection growth() {
  auto out = section("dongguan_growth", {"发展潜力", "Growth potential"}, "tiers", 0.9402,
                     {"growth_3m_share", "growth_12m_share", "growth_36m_share", "industry_growth_share", "volatility"},
                     {{"fast",
                       "快速增长型",
                       "Fast growth",
                       "用电量变动大,且增长潜力大",
                       "Large changes, large potential",
                       0.0612,
                       0.081,
                       0.084,
                       {0.214, 0.352, 0.981, 0.052, 0.41}},
                      {"steady",
                       "普通增长型",
                       "Steady growth",
                       "用电量稳步增长,增长潜力较高",
                       "Grows steadily",
                       0.2874,
                       0.342,
                       0.338,
                       {0.061, 0.094, 0.243, 0.031, 0.22}},
                      {"stable",
                       "平稳型",
                       "Stable",
                       "用电量波动较小,增长潜力一般",
                       "Little change",
                       0.5321,
                       0.471,
                       0.469,
                       {0.004, 0.011, 0.027, 0.012, 0.09}},
                      {"declining",
                       "衰减型",
                       "Declining",
                       "用电量不稳定,经常出现负增长",
                       "Unsteady, often falling",
                       0.1193,
                       0.106,
                       0.109,
                       {-0.142, -0.231, -0.412, -0.018, 0.38}}});
  add_numbers(out, {{"growth_3m_share", 0.021, {0.208, 0.059, 0.005, -0.137}},
                    {"growth_12m_share", 0.031, {0.349, 0.092, 0.012, -0.226}},
                    {"volatility", 0.182, {0.407, 0.223, 0.094, 0.377}}});
  add_trials(out, 2, 4, {0.587, 0.541, 0.552, 0.519, 0.488, 0.461, 0.44});
  out.run.warnings = {"segment.warn_k_differs"};
  out.run.unclassified = {{"missing:growth_12m_share",
                           {"历史不足 24 个月", "Less than 24 months of history"},
                           2'857,
                           {"0300000099", "0300000123"}}};
  out.run.truth = segment::TruthResult{"growth", 0.9412, 44'925};
  return out;
}

SchemeSection arrears() {
  auto out = section(
      "dongguan_arrears", {"欠费风险", "Arrears risk"}, "tiers", 0.9816,
      {"late_share", "mean_days_late", "overdue_share"},
      {{"high",
        "欠费风险高",
        "High risk",
        "客户的欠费风险极高",
        "Very high risk",
        0.0508,
        0.039,
        0.036,
        {0.712, 24.3, 0.183}},
       {"medium",
        "欠费风险一般",
        "Medium risk",
        "客户的欠费风险一般",
        "Ordinary risk",
        0.1497,
        0.121,
        0.118,
        {0.331, 6.8, 0.021}},
       {"low", "欠费风险低", "Low risk", "客户的欠费风险较低", "Low risk", 0.7995, 0.84, 0.846, {0.041, 0.6, 0.0}}});
  add_numbers(out, {{"late_share", 0.182, {0.704, 0.329, 0.121}}, {"mean_days_late", 3.4, {23.9, 6.7, 1.48}}});
  add_trials(out, 3, 3, {0.633, 0.661, 0.602, 0.564, 0.521, 0.499, 0.47});
  return out;
}

SchemeSection label() {
  auto out = section("level2_arrears_risk", {"二级分群：欠费高风险", "Level 2: arrears risk"}, "score", 0.97, {},
                     {{"high", "其他高风险", "Other high risk", "", "", 0.01, 0.02, 0.02, {}},
                      {"occasional", "偶发欠费", "Occasional arrears", "", "", 0.12, 0.11, 0.1, {}},
                      {"low", "低风险", "Low risk", "", "", 0.87, 0.87, 0.88, {}}});
  segment::ScoreResult score;
  score.least_known = 0.6;
  score.mean = 8.2;
  score.parts = {
      {"late_share", "", "linear", 60, {"逾期缴费率{value}", "{value} late"}, 46'000, 6.1},
      {"mean_days_late", "", "steps", 30, {"平均逾期{value}天", "{value} days late"}, 46'000, 1.9},
      {"", "late_share > 0.9", "condition", 10, {"几乎全部逾期", "Nearly all late"}, 46'000, 0.2},
  };
  score.bands = {{"high", 60, {48.2, 21.4, 6.5}, std::vector<std::int64_t>(20)},
                 {"occasional", 15, {19.3, 4.1, std::nullopt}, std::vector<std::int64_t>(20)},
                 {"low", 0, {2.2, 0.4, 0.0}, std::vector<std::int64_t>(20)}};
  for (std::size_t step = 0; step < 20; ++step) {
    auto& band = score.bands[step >= 12 ? 0 : step >= 3 ? 1 : 2];
    band.counts[step] = std::int64_t{31'000} / static_cast<std::int64_t>((step + 1) * (step + 1));
  }
  out.run.score = std::move(score);
  return out;
}

SchemeSection shapes() {
  auto out = section("load_shape", {"日负荷形态", "Shapes of days"}, "load_shape", 0.04, {},
                     {{"g1", "1：18–22时集中型", "1: 18 to 22", "", "", 0.64, 0.5, 0.5, {}},
                      {"g2", "2：全天平稳型", "2: even", "", "", 0.36, 0.5, 0.5, {}}});
  segment::LoadShapeResult result;
  result.months = 3;
  result.customers = 2'000;
  result.days = 184'000;
  result.shaped_days = 180'000;
  result.found_shapes = 31;
  result.violation_share = 0.012;
  std::vector<double> evening(24, 0.02);
  for (std::size_t hour = 18; hour < 22; ++hour) evening[hour] = 0.15;
  const std::vector<double> even(24, 1.0 / 24);
  result.dictionary = {{120'000, evening, {0, 0, 70'000, 50'000, 0, 0, 0, 0}, out.run.groups[0].title, 2.0 / 3},
                       {60'000, even, {0, 0, 40'000, 20'000, 0, 0, 0, 0}, out.run.groups[1].title, 1.0 / 3}};
  for (const auto& shape : result.dictionary) {
    auto both = shape.hours;
    both.insert(both.end(), shape.hours.begin(), shape.hours.end());
    const auto& group = out.run.groups[result.group_curves.size()];
    result.group_curves.push_back({group.code, std::move(both)});
  }
  out.run.shapes = std::move(result);
  return out;
}

SchemeSection strata() {
  auto out = section("personas_by_site", {"综合画像（分层）", "Personas in strata"}, "personas", 0.98, {},
                     {{"urban.g1", "城镇 · 稳健", "Urban · steady", "", "", 0.4, 0.6, 0.6, {}},
                      {"urban.g2", "城镇 · 成长", "Urban · growing", "", "", 0.1, 0.2, 0.2, {}},
                      {"rural.g1", "农村 · 稳健", "Rural · steady", "", "", 0.5, 0.2, 0.2, {}}});
  out.run.balance = segment::BalanceResult{0.05, 0.45, 0.0312, 1'234, 10'312.0, 10'000.0};
  auto searched = section("x", {"", ""}, "tiers", 1, {"late_share"}, {{"a", "", "", "", "", 1, 1, 1, {0.1}}});
  add_trials(searched, 3, 2, {0.5, 0.6, 0.4});
  const auto& groups = out.run.groups;
  out.run.strata = {
      {"urban", {"城镇", "Urban"}, 23'000, {groups[0], groups[1]}, searched.run.trials, 3, "segment.k_majority", 2, {}},
      {"rural", {"农村", "Rural"}, 23'827, {groups[2]}, {}, 0, "", 0, {}}};
  return out;
}

void add_data(ReportModel& model) {
  model.entities = {{"customer", {"客户", "Customer"}, kCustomers, "", ""},
                    {"org_unit", {"组织单元", "Organisation unit"}, 312, "", ""},
                    {"bill", {"电费账单", "Bill"}, 1'692'447, "2023-07", "2026-06"},
                    {"payment", {"缴费记录", "Payment"}, 1'671'120, "2023-07", "2026-06"},
                    {"reading_day", {"日冻结电量", "Daily reading"}, 17'440'795, "2025-07", "2026-06"}};
  model.batches.push_back({"customer.parquet", "", kCustomers, kCustomers, 0, 0, 0});
  for (int month = 0; month < 18; ++month) {
    model.batches.push_back({"bill/" + Month(2025, 1).plus(month).text() + ".parquet", "", 47'012, 47'010, 2, 0, 0});
  }
  model.batches.push_back({"price_data_truncated.csv", "powerco_prices", 64'221, 64'220, 0, 0, 1});
  model.batches.push_back({"payments_2026.csv", "residential_payments", 664, 663, 0, 0, 1});
  model.rejections = {{"price_data_truncated.csv", 64'222, "", "too_few_columns", "d2fbef0e35,2015-09-01,0.1"},
                      {"payments_2026.csv", 17, "amount_cny", "bad_number", "壹佰元<script>alert(1)</script>"}};
  for (const auto& known : sample_features()) {
    const std::int64_t missing = known.name.starts_with("growth") ? 2'857 : known.type == FeatureType::Flag ? 0 : 794;
    model.coverage.push_back({known.name, kCustomers - missing, missing});
  }
  model.concentration = {{0.01, 0.412, 478},   {0.05, 0.693, 2'389}, {0.1, 0.841, 4'778},   {0.2, 0.912, 9'557},
                         {0.3, 0.943, 14'335}, {0.5, 0.978, 23'892}, {0.75, 0.995, 35'837}, {1.0, 1.0, kCustomers}};
  constexpr std::uint64_t kMiB = 1024 * 1024;
  model.stages = {{"datagen", 6'120, 412 * kMiB},
                  {"ingest", 9'846, 1'310 * kMiB},
                  {"prepare", 4'235, 980 * kMiB},
                  {"segment", 2'710, 655 * kMiB},
                  {"report", 341, 120 * kMiB}};
}

}  // namespace

std::vector<Feature> sample_features() {
  using enum FeatureType;
  using enum FeatureTag;
  return {feature("industry", Category, Social, "", "行业", "Industry", "customer.industry"),
          feature("location_kind", Category, Social, "", "城乡类别", "Urban or rural", "customer.location_kind"),
          feature("is_key_attention", Flag, Social, "", "重点关注客户", "Key-attention customer"),
          feature("bill_revenue_12m_cny", Number, Economic, "CNY", "年电费收入", "Yearly bill revenue"),
          feature("energy_12m_kwh", Number, Economic, "kWh", "年用电量", "Yearly energy"),
          feature("non_core_revenue_12m_cny", Number, Economic, "CNY", "年非主营业务收入", "Yearly non-core income"),
          feature("cost_to_serve_12m_cny", Number, Economic, "CNY", "年服务成本", "Yearly cost to serve"),
          feature("growth_3m_share", Number, Economic, "share", "短期电量增长率", "Growth, short term"),
          feature("growth_12m_share", Number, Economic, "share", "中期电量增长率", "Growth, medium term"),
          feature("growth_36m_share", Number, Economic, "share", "长期电量增长率", "Growth, long term"),
          feature("industry_growth_share", Number, Economic, "share", "行业增长率", "Growth of the industry"),
          feature("volatility", Number, Economic, "", "用电波动系数", "Volatility of energy"),
          feature("payment_method", Category, Behaviour, "", "缴费方式", "Payment method", "customer.payment_method"),
          feature("late_share", Number, Behaviour, "share", "迟缴账单占比", "Share of bills paid late"),
          feature("mean_days_late", Number, Behaviour, "days", "平均迟缴天数", "Mean days late"),
          feature("overdue_share", Number, Behaviour, "share", "欠费金额占比", "Share of amount overdue"),
          feature("tickets_12m", Number, Behaviour, "per_year", "年服务工单数", "Tickets per year")};
}

ReportModel sample_model(Language language) {
  ReportModel model;
  model.language = language;
  model.workspace_name = language == Language::Chinese ? "示例县供电局" : "Sample County Power Bureau";
  model.as_of = "2026-06";
  model.generated_at = "2026-07-02 09:30";
  model.build = "0.1.0+sample";
  model.synthetic = true;
  model.customers = kCustomers;
  model.schemes = {level_one(), revenue(), growth(), arrears(), label(), shapes(), strata()};
  add_data(model);
  return model;
}

}  // namespace fenqun::report
