// suggest/proposal_test.cpp
#include "suggest/proposal.hpp"

#include "base/settings.hpp"
#include "ingest/mapping.hpp"
#include "suggest/mapping_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace fenqun::suggest {
namespace {

using Rows = std::vector<std::vector<std::string>>;

const warehouse::ContractSet& shipped() {
  static const auto contracts = *warehouse::ContractSet::create(AssetStore());
  return contracts;
}

Table table_of(const std::string& file, const std::vector<std::string>& headers, const Rows& rows = {}) {
  Table table{file, "", headers, Columns(headers.size())};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < headers.size(); ++i) {
      table.columns[i].push_back(row[i].empty() ? Cell() : Cell(row[i]));
    }
  }
  return table;
}

/// Proposes, and checks that the text of a complete proposal is a mapping.
Proposal proposed(const Table& table, const Surroundings& surroundings = {}) {
  auto proposal = propose(table, shipped(), surroundings);
  const auto texts = Texts::create(AssetStore(), Language::Chinese);
  const auto text = mapping_text(proposal, table, {}, *texts);
  if (proposal.is_complete()) {
    const auto mapping = ingest::read_mapping({"m.yaml", "m.yaml", text}, "m", shipped());
    EXPECT_TRUE(mapping.has_value()) << (mapping ? "" : render_error(mapping.error(), *texts)) << "\n" << text;
  }
  return proposal;
}

const ProposedEntry* entry_of(const Proposal& proposal, std::string_view entity) {
  const auto found = std::find_if(proposal.entries.begin(), proposal.entries.end(),
                                  [&](const ProposedEntry& e) { return e.contract->entity == entity; });
  return found == proposal.entries.end() ? nullptr : &*found;
}

std::string main_entity(const Proposal& proposal) {
  return proposal.entries.empty() ? "" : proposal.entries.front().contract->entity;
}

/// Source of a field of the main entity; "?" when it is open, "" when there is none.
std::string source(const Proposal& proposal, std::string_view field) {
  const auto* found = proposal.entries.empty() ? nullptr : proposal.entries.front().find(field);
  return found == nullptr ? "" : found->is_open ? "?" : found->source;
}

std::string left(const Proposal& proposal, std::size_t column) {
  const auto found =
      std::find_if(proposal.left.begin(), proposal.left.end(), [&](const LeftColumn& l) { return l.column == column; });
  return found == proposal.left.end() ? "" : found->reason.key;
}

TEST(Propose, EveryEntityIsKnownByTheChineseTitlesOfItsFields) {
  for (const auto& contract : shipped().all()) {
    std::vector<std::string> headers;
    for (const auto& field : contract.fields) headers.push_back(field.title.zh);
    EXPECT_EQ(main_entity(proposed(table_of("export", headers))), contract.entity);
  }
}

TEST(Propose, EveryEntityIsKnownByTheNamesOfItsFieldsAndTakesThemAll) {
  for (const auto& contract : shipped().all()) {
    std::vector<std::string> headers;
    for (const auto& field : contract.fields) headers.push_back(field.name);
    const auto proposal = proposed(table_of(contract.entity, headers));
    ASSERT_EQ(main_entity(proposal), contract.entity);
    for (const auto& field : contract.fields) EXPECT_EQ(source(proposal, field.name), field.name) << contract.entity;
    EXPECT_TRUE(proposal.left.empty()) << contract.entity;
  }
}

TEST(Propose, APaymentListGivesPaymentsAKeyAndItsCustomers) {
  const auto table = table_of("3月收费", {"用户号", "交费时间", "实收金额(元)", "收费方式"},
                              {{"0012", "2018.3.1", "101.50", "批扣"},
                               {"0013", "2018.3.2", "80", "支付宝"},
                               {"0012", "2018.4.1", "99", "批扣"}});
  const auto proposal = proposed(table);
  EXPECT_EQ(main_entity(proposal), "payment");
  EXPECT_EQ(source(proposal, "customer_id"), "用户号");
  EXPECT_EQ(source(proposal, "paid_on"), "交费时间");
  EXPECT_EQ(source(proposal, "amount_cny"), "\"实收金额(元)\"");
  EXPECT_EQ(source(proposal, "channel"), "收费方式");
  EXPECT_EQ(source(proposal, "payment_id"),
            "{join: [customer_id, paid_on, amount_cny, {occurrence_of: [customer_id, paid_on, amount_cny]}]}");
  const auto* customers = entry_of(proposal, "customer");
  ASSERT_NE(customers, nullptr);
  EXPECT_TRUE(customers->distinct);
  EXPECT_EQ(customers->find("category")->source, "{constant: residential}");
  EXPECT_LT(customers->find("category")->confidence, 0.6);
  // A workspace that has its customers needs none from here.
  EXPECT_EQ(entry_of(proposed(table, {true}), "customer"), nullptr);
}

TEST(Propose, AUnitInTheHeaderIsBroughtToTheFields) {
  const auto proposal = proposed(table_of("电费", {"户号", "电费年月", "电量(万千瓦时)", "应收电费(万元)"},
                                          {{"1", "201803", "1.5", "0.9"}, {"2", "201803", "2.5", "1.9"}}));
  EXPECT_EQ(main_entity(proposal), "bill");
  EXPECT_EQ(source(proposal, "energy_kwh"), "{column: \"电量(万千瓦时)\", unit: 万千瓦时}");
  EXPECT_EQ(source(proposal, "amount_cny"), "{column: \"应收电费(万元)\", unit: 万元}");
}

TEST(Propose, APriceIsNotTakenForAnEnergy) {
  const auto proposal =
      proposed(table_of("x", {"customer_id", "month", "peak_price_cny_per_kwh", "valley_price_cny_per_kwh"},
                        {{"1", "2018-03", "0.9", "0.3"}}));
  EXPECT_EQ(main_entity(proposal), "price_month");
  EXPECT_EQ(source(proposal, "peak_price_cny_per_kwh"), "peak_price_cny_per_kwh");
}

TEST(Propose, AUnitThatCannotBeTheFieldsSpeaksAgainstIt) {
  const auto proposal = proposed(table_of("x", {"户号", "缴费日期", "缴费金额(kWh)"}, {{"1", "2018-03-01", "5"}}));
  EXPECT_EQ(source(proposal, "amount_cny"), main_entity(proposal) == "payment" ? "?" : "");
}

TEST(Propose, DayAndMonthAreToldByTheValuesOrDoubted) {
  const auto clear =
      proposed(table_of("pay", {"户号", "缴费日期", "缴费金额"}, {{"1", "01/03/2018", "5"}, {"1", "25/03/2018", "6"}}));
  EXPECT_EQ(source(clear, "paid_on"), "{column: 缴费日期, format: \"%d/%m/%Y\"}");
  const auto unclear =
      proposed(table_of("pay", {"户号", "缴费日期", "缴费金额"}, {{"1", "01/03/2018", "5"}, {"1", "05/04/2018", "6"}}));
  EXPECT_LT(unclear.entries.front().find("paid_on")->confidence, 0.75);
}

TEST(Propose, ValuesOverruleAName) {
  // A column called 缴费日期 that holds no dates is no date of payment.
  const auto proposal =
      proposed(table_of("pay", {"户号", "缴费日期", "缴费金额"}, {{"1", "周一", "5"}, {"2", "周二", "6"}}));
  EXPECT_NE(source(proposal, "paid_on"), "缴费日期");
  EXPECT_FALSE(proposal.is_complete());
}

TEST(Propose, CodesAreKnownByTheWordsOfOfficesAndUnknownOnesCostConfidence) {
  const std::vector<std::string> headers = {"户号", "客户类别", "户名"};
  const auto known = proposed(table_of("客户档案", headers, {{"1", "居民", "张三"}, {"2", "非居民", "某某公司"}}));
  EXPECT_EQ(source(known, "category"), "客户类别");
  EXPECT_GT(known.entries.front().find("category")->confidence, 0.9);
  const auto odd =
      proposed(table_of("客户档案", headers, {{"1", "居民用户（城镇）", "张三"}, {"2", "非居民", "某某公司"}}));
  EXPECT_EQ(source(odd, "category"), "{column: 客户类别, values: {\"居民用户（城镇）\": residential}}");
  EXPECT_LT(odd.entries.front().find("category")->confidence, 0.9);
}

TEST(Propose, NamesAndPhonesOfCustomersAreNotQuoted) {
  const auto table = table_of("客户档案", {"户号", "户名", "联系电话", "客户类别", "身份证号"},
                              {{"0098765", "欧阳某某", "13900001111", "居民", "441900198001011234"}});
  const auto proposal = proposed(table);
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto text = mapping_text(proposal, table, {}, *Texts::create(AssetStore(), language));
    for (const auto* secret : {"0098765", "欧阳", "13900001111", "4419"}) {
      EXPECT_EQ(text.find(secret), std::string::npos) << text;
    }
  }
}

TEST(Propose, ReadingsAreToldByTheStepOfTheirTimes) {
  const auto entity = [](const std::vector<std::string>& times) {
    Rows rows;
    for (const auto& time : times) rows.push_back({"1", time, "5"});
    return main_entity(proposed(table_of("x", {"户号", "数据时间", "电量"}, rows)));
  };
  EXPECT_EQ(entity({"2018-03-01 00:15", "2018-03-01 00:30"}), "reading_quarter_hour");
  EXPECT_EQ(entity({"2018-03-01 01:00", "2018-03-01 02:00"}), "reading_hour");
  const auto days = table_of("x", {"户号", "数据日期", "电量"}, {{"1", "2018-03-01", "5"}, {"1", "2018-03-02", "5"}});
  EXPECT_EQ(main_entity(proposed(days)), "reading_day");
  const auto months = table_of("x", {"户号", "年月", "用电量"}, {{"1", "2018-03", "5"}, {"1", "2018-04", "5"}});
  EXPECT_EQ(main_entity(proposed(months)), "reading_month");
  // Months written as their first day.
  const auto first_days =
      table_of("x", {"户号", "年月", "月用电量"}, {{"1", "2018-03-01", "5"}, {"1", "2018-04-01", "5"}});
  EXPECT_EQ(main_entity(proposed(first_days)), "reading_month");
  EXPECT_EQ(source(proposed(first_days), "month"), "年月");
}

TEST(Propose, OneColumnADayIsAWideTable) {
  const auto proposal = proposed(table_of("日电量", {"户号", "户名", "2018-03-01", "2018-03-02", "2018-03-03", "合计"},
                                          {{"1", "甲公司", "5", "6", "7", "18"}, {"2", "乙公司", "1", "1", "1", "3"}}));
  const auto* entry = entry_of(proposal, "reading_day");
  ASSERT_NE(entry, nullptr);
  ASSERT_TRUE(entry->wide.has_value());
  EXPECT_EQ(entry->wide->name_to, "day");
  EXPECT_EQ(entry->wide->value_to, "energy_kwh");
  EXPECT_EQ(entry->find("customer_id")->source, "户号");
  EXPECT_EQ(left(proposal, 5), "suggest.left_total");
  const auto* customers = entry_of(proposal, "customer");
  ASSERT_NE(customers, nullptr);
  EXPECT_EQ(customers->find("customer_name")->source, "户名");
  EXPECT_EQ(customers->find("category")->source, "{constant: non_residential}");
}

TEST(Propose, OneColumnAMonthIsAWideTable) {
  const auto proposal =
      proposed(table_of("月电量", {"用户编号", "2018年1月", "2018年2月"}, {{"1", "5", "6"}, {"2", "1", "1"}}));
  EXPECT_EQ(main_entity(proposal), "reading_month");
  EXPECT_EQ(proposal.entries.front().wide->name_to, "month");
}

std::vector<std::string> numbered(const std::string& before, int first, int last, const std::string& behind) {
  std::vector<std::string> out;
  for (int i = first; i <= last; ++i) out.push_back(before + std::to_string(i) + behind);
  return out;
}

Table with_cells(const std::string& file, std::vector<std::string> headers, std::vector<std::string> row,
                 const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) row.push_back(std::to_string(i % 7 + 1));
  headers.insert(headers.end(), cells.begin(), cells.end());
  return table_of(file, headers, {row, row});
}

TEST(Propose, OneColumnAQuarterOfAnHourIsAWideTable) {
  const auto points = with_cells("96点负荷", {"用户编号", "数据日期"}, {"1", "2018-03-01"}, numbered("P", 1, 96, ""));
  const auto proposal = proposed(points);
  ASSERT_EQ(main_entity(proposal), "reading_quarter_hour");
  EXPECT_EQ(proposal.entries.front().wide->series, "quarter_hours");
  EXPECT_EQ(source(proposal, "begins_at"), "{date: 数据日期, time: cell_name}");
  // The name says load, not energy.
  EXPECT_EQ(source(proposal, "energy_kwh"), "{cell: value, multiply: 0.25}");
  EXPECT_EQ(source(proposal, "power_kw"), "{cell: value}");
}

TEST(Propose, OneColumnAnHourIsAWideTable) {
  const auto proposal =
      proposed(with_cells("小时电量", {"户号", "日期"}, {"1", "2018-03-01"}, numbered("", 0, 23, "时")));
  ASSERT_EQ(main_entity(proposal), "reading_hour");
  EXPECT_EQ(proposal.entries.front().wide->value_to, "energy_kwh");
  EXPECT_TRUE(proposal.left.empty());
}

TEST(Propose, OneColumnADayOfTheMonthOrAMonthOfTheYearIsAWideTable) {
  const auto days = proposed(with_cells("日电量", {"户号", "年月"}, {"1", "2018-03"}, numbered("", 1, 31, "日")));
  EXPECT_EQ(main_entity(days), "reading_day");
  EXPECT_EQ(source(days, "day"), "{month: 年月, day: cell_name}");
  const auto months = proposed(with_cells("月电量", {"户号", "年份"}, {"1", "2018"}, numbered("", 1, 12, "月")));
  EXPECT_EQ(main_entity(months), "reading_month");
  EXPECT_EQ(source(months, "month"), "{year: 年份, month: cell_name}");
}

TEST(Propose, MonthsOfAYearThatNothingNamesAreNotGuessed) {
  const auto proposal = proposed(with_cells("月电量", {"户号"}, {"1"}, numbered("", 1, 12, "月")));
  EXPECT_NE(main_entity(proposal), "reading_month");
}

TEST(Propose, ADayAndATimeOfDayMakeATime) {
  const auto proposal =
      proposed(table_of("95598工单", {"工单编号", "户号", "受理日期", "受理时间", "工单类型"},
                        {{"T1", "1", "2018-03-01", "08:30", "咨询"}, {"T2", "2", "2018-03-01", "9:05", "报修"}}));
  EXPECT_EQ(main_entity(proposal), "ticket");
  EXPECT_EQ(source(proposal, "opened_at"), "{date: 受理日期, time: 受理时间}");
  EXPECT_TRUE(proposal.left.empty());
}

TEST(Propose, TimesUpTo24NameTheEndsOfIntervals) {
  const auto proposal = proposed(table_of("小时电量", {"户号", "数据时间", "电量"},
                                          {{"1", "2018-03-01 23:00", "5"}, {"1", "2018-03-01 24:00", "6"}}));
  EXPECT_EQ(main_entity(proposal), "reading_hour");
  EXPECT_EQ(source(proposal, "begins_at"), "{column: 数据时间, stamp: end, every: hour}");
}

TEST(Propose, OneColumnACustomerIsAWideTableWithoutItsTotal) {
  std::vector<std::string> headers = {"date"};
  std::vector<std::string> row = {"2018-03-01"};
  for (int i = 1; i <= 12; ++i) {
    headers.push_back("C" + std::to_string(1000 + i));
    row.push_back(std::to_string(40 * i));
  }
  headers.push_back("S");
  row.push_back(std::to_string(40 * 78));
  const auto proposal = proposed(table_of("daily_kwh", headers, {row, row}));
  EXPECT_EQ(main_entity(proposal), "reading_day");
  EXPECT_EQ(proposal.entries.front().wide->name_to, "customer_id");
  EXPECT_EQ(proposal.entries.front().wide->except, (std::vector<std::size_t>{13}));
  const auto* customers = entry_of(proposal, "customer");
  ASSERT_NE(customers, nullptr);
  EXPECT_EQ(customers->find("category")->source, "{constant: non_residential}");
}

TEST(Propose, ANumberThatCountsTheRowsIsNoAttribute) {
  const auto proposal = proposed(table_of("clients", {"序号", "id", "category", "since", "score_x"},
                                          {{"1", "a1", "residential", "2018-03-01", "7"},
                                           {"2", "b2", "non_residential", "2018-05-09", "8"},
                                           {"3", "c3", "residential", "2018-05-09", "9"}}));
  const auto* attributes = entry_of(proposal, "attribute");
  ASSERT_NE(attributes, nullptr);
  ASSERT_EQ(attributes->wide->listed.size(), 1U);
  EXPECT_EQ(attributes->wide->listed.front().second, "score_x");
  EXPECT_EQ(left(proposal, 0), "suggest.left_numbers");
}

TEST(Propose, NumbersWithoutAFieldBecomeAttributesOfCustomers) {
  const auto proposal = proposed(table_of("clients", {"id", "category", "score_x", "date_start", "words", "margin_y"},
                                          {{"a1", "residential", "0.5", "2018-03-01", "ab", "7"},
                                           {"b2", "non_residential", "0.7", "2018-05-09", "cd", "8"}}));
  EXPECT_EQ(main_entity(proposal), "customer");
  const auto* attributes = entry_of(proposal, "attribute");
  ASSERT_NE(attributes, nullptr);
  EXPECT_EQ(attributes->wide->listed.size(), 2U);
  EXPECT_LE(attributes->confidence, 0.5);
  EXPECT_EQ(attributes->find("month")->source, "{constant: \"2018-05\"}");
  EXPECT_EQ(left(proposal, 4), "suggest.left_unknown");
  EXPECT_EQ(left(proposal, 3), "suggest.left_times");
}

TEST(Propose, AnAttributeWithoutAMonthIsNotProposedButTold) {
  const auto proposal = proposed(table_of("clients", {"id", "category", "score_x"}, {{"a1", "residential", "0.5"}}));
  EXPECT_EQ(entry_of(proposal, "attribute"), nullptr);
  ASSERT_EQ(proposal.remarks.size(), 1U);
  EXPECT_EQ(proposal.remarks.front().key, "suggest.attributes_no_month");
}

TEST(Propose, ARowThatTellsOfABillAndItsPaymentGivesBoth) {
  const auto proposal = proposed(
      table_of("电费明细", {"户号", "户名", "电费年月", "电量", "应收电费", "缴费日期", "缴费金额", "缴费渠道"},
               {{"1", "张三", "201803", "100", "55", "2018-03-20", "55", "微信"},
                {"2", "李四", "201803", "200", "110", "2018-03-21", "110", "柜台"}}));
  const auto* bills = entry_of(proposal, "bill");
  const auto* payments = entry_of(proposal, "payment");
  ASSERT_NE(bills, nullptr);
  ASSERT_NE(payments, nullptr);
  EXPECT_EQ(bills->find("amount_cny")->source, "应收电费");
  EXPECT_EQ(payments->find("amount_cny")->source, "缴费金额");
  EXPECT_EQ(payments->find("customer_id")->source, "户号");
  ASSERT_NE(entry_of(proposal, "customer"), nullptr);
  EXPECT_EQ(entry_of(proposal, "customer")->find("customer_name")->source, "户名");
}

TEST(Propose, WhatARequiredFieldIsStaysOpenWhereNothingSays) {
  const auto table =
      table_of("停电", {"线路编号", "停电时间", "复电时间"}, {{"L1", "2018-03-01 08:00", "2018-03-01 10:00"}});
  const auto proposal = proposed(table);
  EXPECT_EQ(main_entity(proposal), "outage");
  EXPECT_EQ(source(proposal, "kind"), "?");
  EXPECT_FALSE(proposal.is_complete());
  const auto text = mapping_text(proposal, table, {}, *Texts::create(AssetStore(), Language::Chinese));
  EXPECT_NE(text.find("# kind: {constant: planned | fault | momentary | temporary}"), std::string::npos) << text;
  EXPECT_NE(source(proposal, "outage_id").find("occurrence_of"), std::string::npos);
}

TEST(Propose, AKeyIsMadeOnlyOfFieldsThatEveryRowHas) {
  const auto proposal =
      proposed(table_of("停电", {"停电类型", "线路编号", "台区编号", "停电时间"},
                        {{"计划停电", "L1", "", "2018-03-01 08:00"}, {"故障停电", "L2", "T1", "2018-03-02 08:00"}}));
  EXPECT_EQ(source(proposal, "outage_id"),
            "{join: [started_at, kind, feeder_id, {occurrence_of: [started_at, kind, feeder_id]}]}");
}

TEST(ProposeHostile, BlankAndRepeatedHeadersAreLeftAndTold) {
  const auto proposal = proposed(table_of("缴费", {"户号", "", "缴费日期", "缴费金额", "缴费金额", "  "},
                                          {{"1", "x", "2018-03-01", "5", "6", "y"}}));
  EXPECT_EQ(left(proposal, 1), "suggest.left_blank");
  EXPECT_EQ(left(proposal, 3), "suggest.left_twice");
  EXPECT_EQ(left(proposal, 4), "suggest.left_twice");
  EXPECT_EQ(left(proposal, 5), "suggest.left_blank");
}

TEST(ProposeHostile, OnlyAHeaderIsJudgedByItsNamesWithLessConfidence) {
  const auto bare = proposed(table_of("缴费", {"户号", "缴费日期", "缴费金额"}));
  EXPECT_EQ(main_entity(bare), "payment");
  const auto full = proposed(table_of("缴费", {"户号", "缴费日期", "缴费金额"}, {{"1", "2018-03-01", "5"}}));
  EXPECT_LT(bare.entries.front().find("paid_on")->confidence, full.entries.front().find("paid_on")->confidence);
}

TEST(ProposeHostile, NoColumnsAndUnknownColumnsGiveNothing) {
  EXPECT_TRUE(proposed(table_of("", {})).entries.empty());
  const auto unknown = proposed(table_of("zzz", {"foo", "qux", "\xff\xfe", "😀"}, {{"a", "b", "c", "d"}}));
  EXPECT_TRUE(unknown.entries.empty());
  EXPECT_EQ(unknown.left.size(), 4U);
}

TEST(ProposeHostile, TwoHundredColumnsKeepTheFewThatAreKnown) {
  std::vector<std::string> headers = {"户号", "缴费日期", "缴费金额"};
  std::vector<std::string> row = {"1", "2018-03-01", "5"};
  for (int i = 0; i < 197; ++i) {
    headers.push_back("杂项" + std::string(static_cast<std::size_t>(i % 7 + 1), static_cast<char>('a' + i % 26)) +
                      std::to_string(i));
    row.push_back("v" + std::to_string(i));
  }
  const auto proposal = proposed(table_of("缴费", headers, {row, row}));
  EXPECT_EQ(main_entity(proposal), "payment");
  EXPECT_EQ(proposal.left.size(), 197U);
}

TEST(ProposeHostile, HeadersThatAreYamlStayHeaders) {
  const std::vector<std::string> headers = {"户号", "缴费日期: #x", "\"缴费金额\"\n{a: b}", "- 缴费渠道", "null"};
  const auto table = table_of("缴费", headers, {{"1", "2018-03-01", "5", "微信", "1"}});
  const auto proposal = propose(table, shipped(), {});
  const auto texts = Texts::create(AssetStore(), Language::English);
  const auto text = mapping_text(proposal, table, {}, *texts);
  const auto root = Settings::parse(text, "m.yaml");
  EXPECT_TRUE(root.has_value()) << text;
  for (const auto& header : headers) {
    const auto scalar = Settings::parse("a: " + yaml_scalar(header), "s.yaml");
    ASSERT_TRUE(scalar.has_value()) << header;
    EXPECT_EQ(scalar->text("a").value_or("?"), header);
  }
}

TEST(ProposeHostile, TheSameTableGivesTheSameBytes) {
  const auto table =
      table_of("缴费", {"户号", "缴费日期", "缴费金额", "备注", "金额"}, {{"1", "2018-03-01", "5", "", "7"}});
  const auto texts = Texts::create(AssetStore(), Language::Chinese);
  EXPECT_EQ(mapping_text(proposed(table), table, {}, *texts), mapping_text(proposed(table), table, {}, *texts));
}

}  // namespace
}  // namespace fenqun::suggest
