// tests/unit/segment/profile_test.cpp
#include "segment/profile.hpp"

#include "unit/segment/wide_workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

namespace fenqun::segment {
namespace {

// 400 customers: 100 large ones with 10,000 kWh, half of them in industry a; 300 small ones.
constexpr const char* kTwo =
    "SELECT printf('%04d', n) AS customer_id, CASE WHEN n <= 100 THEN 10000 + n ELSE 100 + n END AS energy_12m_kwh, "
    "CASE WHEN n <= 100 THEN 5000.25 ELSE 50 END AS bill_revenue_12m_cny, 12 AS months_billed_12m, "
    "CASE WHEN n % 7 = 0 THEN 3 ELSE 1 END AS tickets_12m, "
    "CASE WHEN n <= 100 THEN 'large_industrial' ELSE 'residential' END AS tariff_class, n % 2 = 0 AS is_prepaid, "
    "CASE WHEN n = 7 THEN 12.5 ELSE 0 END AS receivable_cny "
    "FROM (SELECT range + 1 AS n FROM range(400))";
constexpr const char* kTiers =
    "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: tiers\nfeatures: [{name: energy_12m_kwh, log: true}]\n"
    "k: {publish: 2, restarts: 2}\ngroups:\n  - {code: big, title: {zh: 大, en: Big}}\n"
    "  - {code: small, title: {zh: 小, en: Small}}\n";

class ProfileTest : public WideWorkspace {
 protected:
  void SetUp() override { make(kTwo); }
  void profiled(const std::string& yaml) {
    auto workspace = open();
    const auto scheme = this->scheme(yaml);
    run_ = *this->run(workspace, scheme);
    portrait_ = *make_portrait(workspace, *catalogue_, run_);
    auto profiles = make_profiles(workspace, *catalogue_, {&scheme, 1}, {&run_, 1}, {&portrait_, 1}, pool_);
    ASSERT_TRUE(profiles.has_value()) << profiles.error().line.key;
    profile_ = std::move(profiles->front());
  }
  /// Puts the rows of a query into the lake.
  static void load(warehouse::Workspace& workspace, const std::string& entity, const Month& month,
                   const std::string& rows) {
    auto scratch = workspace.scratch("facts");
    const auto name = entity + "/month=" + month.text() + "/t.parquet";
    const auto file = scratch->folder() / name;
    std::filesystem::create_directories(file.parent_path());
    const auto done = workspace.connection().execute("COPY (" + rows + ") TO " + warehouse::sql_text(file.string()) +
                                                     " (FORMAT parquet)");
    ASSERT_TRUE(done.has_value()) << done.error().arg("reason");
    ASSERT_TRUE(workspace
                    .commit(scratch->folder(),
                            {{entity, month, "lake/" + name, "b", 200,
                              static_cast<std::int64_t>(std::filesystem::file_size(file))}},
                            {})
                    .has_value());
  }
  /// SELECT of all fields of an entity: those named, and no value of the others.
  static std::string from_contract(const std::string& entity, const std::map<std::string, std::string>& filled) {
    auto contracts = warehouse::ContractSet::create(AssetStore());
    std::string out = "SELECT ";
    for (const auto& field : contracts->find(entity)->fields) {
      const auto value = filled.find(field.name);
      out += (value == filled.end() ? "NULL" : value->second) + " AS " + field.name + ", ";
    }
    return out.substr(0, out.size() - 2);
  }
  RunResult run_;
  Portrait portrait_;
  Profile profile_;
};

TEST_F(ProfileTest, SignificantIsWhatDiffersAndNotWhatIsAlike) {
  profiled(kTiers);
  const auto line = [&](const std::string& feature) {
    return *std::ranges::find(portrait_.groups[0].numbers, feature, &NumberIndex::feature);
  };
  EXPECT_TRUE(line("energy_12m_kwh").is_significant);
  EXPECT_LT(line("energy_12m_kwh").p.value(), 1e-9);
  EXPECT_FALSE(line("tickets_12m").is_significant);
  EXPECT_FALSE(line("is_prepaid").is_significant);
  for (const auto& category : portrait_.groups[0].categories) {
    if (category.feature == "tariff_class") {
      EXPECT_TRUE(category.is_significant);
    }
  }
}

TEST_F(ProfileTest, TheTypicalMemberIsTheOneNearestToTheCentre) {
  profiled(kTiers);
  // The centre is the mean of the logarithms of 10,001 .. 10,100.
  double mean = 0;
  for (int n = 1; n <= 100; ++n) mean += std::log1p(10000 + n) / 100;
  int nearest = 1;
  for (int n = 1; n <= 100; ++n) {
    if (std::abs(std::log1p(10000 + n) - mean) < std::abs(std::log1p(10000 + nearest) - mean)) nearest = n;
  }
  EXPECT_NEAR(std::stoi(profile_.groups[0].typical_customer), nearest, 1);
  EXPECT_EQ(profile_.groups[0].receivable_cny, 12.5);
  EXPECT_EQ(profile_.groups[1].receivable_cny, 0);
}

TEST_F(ProfileTest, RulesHaveATypicalMemberTooButNoMap) {
  profiled(
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n"
      "  - {code: i, title: {zh: 工, en: I}, when: \"tariff_class = 'large_industrial'\"}\n"
      "  - {code: o, title: {zh: 其他, en: O}, when: \"true\"}\n");
  EXPECT_LE(std::stoi(profile_.groups[0].typical_customer), 100);
  EXPECT_GT(std::stoi(profile_.groups[1].typical_customer), 100);
  EXPECT_FALSE(profile_.map.has_value());
}

TEST_F(ProfileTest, NamesAreProposedFromWhatIsDistinctiveInBothLanguages) {
  profiled(kTiers);
  EXPECT_EQ(profile_.groups[0].proposed_name.zh, "以大工业用电为主、年用电量高的客户");
  EXPECT_EQ(profile_.groups[0].proposed_name.en.find("{"), std::string::npos);
  // Groups drawn by chance have nothing to be named for.
  profiled(
      "scheme: x\nversion: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\ngroups:\n"
      "  - {code: i, title: {zh: 工, en: I}, when: is_prepaid}\n"
      "  - {code: o, title: {zh: 其他, en: O}, when: \"true\"}\n");
  EXPECT_EQ(profile_.groups[1].proposed_name.zh, "");
}

TEST_F(ProfileTest, WhatWasNeverLoadedHasNoFactsAndNoCurves) {
  profiled(kTiers);
  for (const bool has : profile_.has_fact) EXPECT_FALSE(has);
  for (const auto& group : profile_.groups) {
    EXPECT_TRUE(group.facts.empty());
    EXPECT_TRUE(group.hour_shares.empty());
    for (const auto& month : group.month_kwh) EXPECT_FALSE(month.has_value());
  }
  EXPECT_EQ(profile_.months.size(), 24U);
  EXPECT_EQ(profile_.months.back(), "2026-06");
  ASSERT_TRUE(profile_.map.has_value());
  EXPECT_EQ(profile_.map->rows.size(), 400U);
}

TEST_F(ProfileTest, FactsCountCustomersOnceHoweverManyCasesTheyHave) {
  {
    auto workspace = open();
    load(workspace, "ticket", Month(2026, 5),
         from_contract("ticket", {{"ticket_id", "'t' || i"},
                                  {"customer_id", "printf('%04d', i % 50 + 1)"},
                                  {"opened_at", "TIMESTAMP '2026-05-03 10:00:00'"},
                                  {"channel", "'ivr'"},
                                  {"kind", "'complaint'"}}) +
             " FROM range(200) r(i)");
  }
  profiled(kTiers);
  bool found = false;
  for (const auto& line : profile_.groups[0].facts) {
    if (profile_.facts[line.fact].field != "channel") continue;
    found = true;
    EXPECT_EQ(line.value, "ivr");
    EXPECT_EQ(line.customers, 50);
    EXPECT_DOUBLE_EQ(line.share, 0.5);
    EXPECT_DOUBLE_EQ(line.population_share, 0.125);
    EXPECT_DOUBLE_EQ(line.index.value(), 4);
    EXPECT_TRUE(line.is_significant);
  }
  EXPECT_TRUE(found);
}

// Every number to its last bit.
std::string all_of(const Portrait& portrait, const Profile& profile) {
  std::ostringstream out;
  out << std::hexfloat << portrait.run_id << portrait.scheme << portrait.has_revenue << portrait.has_energy << "\n";
  const auto put = [&](const std::optional<double>& value) { out << ' ' << value.has_value() << value.value_or(0); };
  for (const auto& group : portrait.groups) {
    out << group.code << ' ' << group.customers << ' ' << group.customer_share << ' ' << group.revenue_12m_cny << ' '
        << group.revenue_share << ' ' << group.energy_12m_kwh << ' ' << group.energy_share;
    put(group.average_bill_cny);
    for (const auto& line : group.numbers) {
      out << '\n' << line.feature << ' ' << line.present << ' ' << line.is_significant;
      for (const auto& value : {line.mean, line.population_mean, line.index, line.p}) put(value);
    }
    for (const auto& line : group.categories) {
      out << '\n' << line.feature << ' ' << line.value << ' ' << line.customers << ' ' << line.is_significant;
      for (const auto& value : {std::optional(line.share), std::optional(line.population_share), line.index, line.p})
        put(value);
    }
  }
  for (const bool has : profile.has_fact) out << has;
  for (const auto& group : profile.groups) {
    out << '\n'
        << group.code << ' ' << group.typical_customer << ' ' << group.receivable_cny << ' ' << group.proposed_name.zh;
    for (const auto& line : group.facts) {
      out << '\n' << line.fact << ' ' << line.value << ' ' << line.customers << ' ' << line.is_significant;
      for (const auto& value : {std::optional(line.share), std::optional(line.population_share), line.index, line.p})
        put(value);
    }
    for (const auto& value : group.month_kwh) put(value);
    for (const auto value : group.hour_shares) put(value);
  }
  if (profile.map) {
    for (const auto& point : profile.map->rows) out << '\n' << point.x << ' ' << point.y;
    for (const auto group : profile.map->row_groups) out << ' ' << group;
  }
  return out.str();
}

TEST_F(ProfileTest, SeveralRunsTogetherGiveWhatEachGivesAlone) {
  auto workspace = open();
  load(workspace, "ticket", Month(2026, 5),
       from_contract("ticket", {{"ticket_id", "'t' || i"},
                                {"customer_id", "printf('%04d', i % 130 + 40)"},
                                {"opened_at", "TIMESTAMP '2026-05-03 10:00:00'"},
                                {"channel", "CASE WHEN i % 3 = 0 THEN 'ivr' ELSE 'app' END"},
                                {"kind", "'complaint'"}}) +
           " FROM range(600) r(i)");
  std::string hours;
  for (int hour = 0; hour < 24; ++hour)
    hours += fmt::format(", CAST(i * {0} % 7 AS DECIMAL(18, 3)) AS h{1:02}_kwh", hour + 1, hour);
  for (int back = 0; back < 3; ++back) {
    const auto month = Month(2026, 6).plus(-back);
    const auto head = "SELECT printf('%04d', i + 1) AS customer_id, DATE '" + month.first_date() + "' AS month";
    load(workspace, "_customer_month", month,
         head + ", CAST(i * 1.001 AS DECIMAL(18, 3)) AS energy_kwh FROM range(400) r(i) WHERE i % 5 <> " +
             std::to_string(back));
    load(workspace, "_hourly_by_month", month, head + hours + " FROM range(90, 250) r(i)");
  }
  const std::string rules = "version: 1\ntitle: {zh: 甲, en: A}\nmethod: rules\n";
  std::vector<Scheme> schemes = {
      scheme(kTiers, "x"),
      scheme("scheme: y\n" + rules + "groups:\n  - {code: even, title: {zh: 偶, en: E}, when: is_prepaid}\n", "y"),
      scheme("scheme: z\n" + rules + "population: bill_revenue_12m_cny < 1000\ngroups:\n" +
                 "  - {code: many, title: {zh: 多, en: M}, when: tickets_12m > 2}\n" +
                 "  - {code: never, title: {zh: 无, en: N}, when: tickets_12m > 99}\n" +
                 "  - {code: few, title: {zh: 少, en: F}, when: \"true\"}\n",
             "z")};
  schemes.push_back(schemes.front());  // asked for twice
  std::vector<RunResult> runs;
  for (const auto& one : schemes) runs.push_back(*this->run(workspace, one));
  ASSERT_GT(runs[1].classified, 0);
  ASSERT_LT(runs[1].classified, 400) << "somebody is in a group of one scheme and in none of another";
  const auto portraits = make_portraits(workspace, *catalogue_, runs);
  ASSERT_TRUE(portraits.has_value()) << portraits.error().line.key;
  const auto profiles = make_profiles(workspace, *catalogue_, schemes, runs, *portraits, pool_);
  ASSERT_TRUE(profiles.has_value()) << profiles.error().line.key;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const auto portrait = *make_portrait(workspace, *catalogue_, runs[r]);
    const auto profile = *make_profiles(workspace, *catalogue_, {&schemes[r], 1}, {&runs[r], 1}, {&portrait, 1}, pool_);
    EXPECT_EQ(all_of((*portraits)[r], (*profiles)[r]), all_of(portrait, profile.front())) << runs[r].scheme;
  }
  const auto& big = (*profiles)[0].groups[0];  // customers 1 to 100
  EXPECT_FALSE(big.facts.empty());
  EXPECT_EQ(big.hour_shares.size(), 24U);
  double kwh = 0;
  for (int i = 0; i < 100; ++i) kwh += i % 5 == 0 ? 0 : i * 1.001;
  EXPECT_NEAR(big.month_kwh.back().value(), kwh / 80, 1e-9);
  EXPECT_EQ((*portraits)[2].groups[1].customers, 0);
  EXPECT_EQ((*portraits)[2].groups[0].customers + (*portraits)[2].groups[2].customers, 300);
}

TEST_F(ProfileTest, ABlockThatNamesWhatIsNotThereIsRefusedWithItsLine) {
  std::filesystem::create_directories(path() / "config" / "portraits");
  std::ofstream(path() / "config" / "portraits" / "blocks.yaml")
      << "blocks:\n  - {code: a, title: {zh: 甲, en: A}, features: [no_such_feature]}\n";
  auto workspace = open();
  const auto blocks = load_blocks(workspace, *catalogue_);
  ASSERT_FALSE(blocks.has_value());
  EXPECT_EQ(blocks.error().line.key, "segment.unknown_block_feature");
  EXPECT_EQ(blocks.error().arg("line"), "2");
}

}  // namespace
}  // namespace fenqun::segment
