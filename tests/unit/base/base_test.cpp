// tests/unit/base/base_test.cpp - small foundations: months, numbers, random streams, settings, files, errors.
#include "base/error_table.hpp"
#include "base/file.hpp"
#include "base/month.hpp"
#include "base/number.hpp"
#include "base/random.hpp"
#include "base/settings.hpp"
#include "base/worker_pool.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <numeric>

namespace fenqun {
namespace {

TEST(Month, ParsesMonthsAndDaysAndRefusesTheRest) {
  EXPECT_EQ(Month::parse("2026-07")->text(), "2026-07");
  EXPECT_EQ(Month::parse("2026-07-31")->text(), "2026-07");
  for (const auto* bad : {"", "2026", "2026-13", "2026-00", "26-07", "2026/07", "2026-7", "abcd-ef"}) {
    EXPECT_FALSE(Month::parse(bad).has_value()) << bad;
  }
}

TEST(Month, ADayOrMonthThatNoCalendarHasIsToldFromWhatIsNoDate) {
  EXPECT_EQ(Month::parse("2024-02-29")->text(), "2024-02");
  for (const auto* bad : {"2026-13", "2026-00", "2026-02-31", "2026-02-29", "2026-02-00", "1899-12", "2201-01"}) {
    EXPECT_EQ(Month::parse(bad).error().line.key, "base.no_such_date") << bad;
  }
  for (const auto* bad :
       {"", "2026", "2026-6", "2026/06", "2026-02-3", "2026-02--1", "2026-02-3x", "2026- 1", "-123-01"}) {
    EXPECT_EQ(Month::parse(bad).error().line.key, "base.not_a_month") << bad;
  }
}

TEST(Month, CountsAcrossYears) {
  const Month december(2024, 12);
  EXPECT_EQ(december.plus(3).text(), "2025-03");
  EXPECT_EQ(december.plus(-12).text(), "2023-12");
  EXPECT_EQ(december.plus(14).minus(december), 14);
  EXPECT_EQ(Month(2024, 2).days(), 29);
  EXPECT_EQ(Month(1970, 1).first_day(), 0);
}

TEST(Number, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_number("1.5e3"), 1500.0);
  for (const auto* bad : {"", "1.5 ", "1,000", "nan", "inf", "0x10", "--1"}) EXPECT_FALSE(parse_number(bad)) << bad;
  EXPECT_EQ(parse_integer("-42"), -42);
  EXPECT_FALSE(parse_integer("9223372036854775808"));
}

TEST(Number, GroupsThousands) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(-1234567), "-1,234,567");
}

TEST(Random, StreamDependsOnSeedAndStreamAlone) {
  Random a(7, 3);
  Random b(7, 3);
  Random c(7, 4);
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(a.next(), c.next());
}

TEST(Random, MomentsAreThoseOfTheDistribution) {
  Random random(1);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1, 0.02);
}

TEST(Settings, ErrorsNameFileLineAndKey) {
  const auto root = Settings::parse("a: 1\nb:\n  c: five\n", "some.yaml");
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(*root->integer("a"), 1);
  const auto wrong = root->child("b")->number("c");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().arg("file"), "some.yaml");
  EXPECT_EQ(wrong.error().arg("line"), "3");
  EXPECT_EQ(wrong.error().arg("value"), "five");
  const auto unknown = root->allow_only({"a"});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().arg("key"), "b");
}

TEST(Settings, WhatIsOfAnotherKindIsToldWithItsKeyAndValue) {
  const auto root = Settings::parse("a: 5\nb: [1, [2]]\nc: {d: 1}\n", "some.yaml");
  ASSERT_TRUE(root.has_value());
  const auto told = [](const Error& error) {
    return std::string(error.arg("line")) + " " + std::string(error.arg("key")) + " " +
           std::string(error.arg("value")) + " " + std::string(error.arg("expected"));
  };
  EXPECT_EQ(told(root->find("a")->allow_only({"x"}).error()), "1 a 5 map");
  EXPECT_EQ(told(root->texts("b").error()), "2 b ... text");
  EXPECT_EQ(told(root->find("c")->items().error()), "3 c ... list");
  EXPECT_EQ(Settings::parse("[1]", "some.yaml")->allow_only({"x"}).error().line.key, "base.wrong_kind");
}

TEST(Settings, AnIntegerOfTooManyDigitsIsOutOfRange) {
  const auto root = Settings::parse("a: 9223372036854775807\nb: -9223372036854775809\nc: 1e3\n", "some.yaml");
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->integer("a").value(), INT64_MAX);
  EXPECT_EQ(root->integer("b").error().line.key, "base.setting_out_of_range");
  EXPECT_EQ(root->integer("c").error().line.key, "base.setting_wrong");
}

TEST(Settings, LongValuesAreShortenedAndEveryUnknownKeyIsTold) {
  const auto root = Settings::parse("a: " + std::string(5000, 'x') + "\nb: 1\nc: 2\n", "some.yaml");
  ASSERT_TRUE(root.has_value());
  EXPECT_LT(root->integer("a").error().arg("value").size(), 100U);
  const auto unknown = root->unknown_keys({"b"});
  ASSERT_EQ(unknown.size(), 2U);
  EXPECT_EQ(unknown[1].arg("key"), "c");
}

TEST(Settings, AKeyThatStandsTwiceIsBadData) {
  for (const auto* yaml : {"a: 1\nb: 2\na: 3", "x:\n  - {b: 1,\n     b: 2}"}) {
    const auto root = Settings::parse(yaml, "some.yaml");
    ASSERT_FALSE(root.has_value()) << yaml;
    EXPECT_EQ(root.error().code, ErrorCode::BadData);
    EXPECT_EQ(root.error().line.key, "base.key_twice");
    EXPECT_EQ(root.error().arg("line"), "3");
  }
  EXPECT_TRUE(Settings::parse("a: {b: 1}\nc: {b: 1}\nd: [{b: 1}, {b: 2}]", "some.yaml").has_value());
}

TEST(Settings, BrokenYamlIsBadData) {
  const auto root = Settings::parse("a: [1, 2\nb: 3", "broken.yaml");
  ASSERT_FALSE(root.has_value());
  EXPECT_EQ(root.error().code, ErrorCode::BadData);
}

TEST(File, AtomicWriteReplacesAndHashMatchesText) {
  const auto path = std::filesystem::temp_directory_path() / ("fenqun_base_test_file" + std::to_string(::getpid()));
  ASSERT_TRUE(write_file_atomically(path, "first").has_value());
  ASSERT_TRUE(write_file_atomically(path, "second").has_value());
  EXPECT_EQ(*read_file(path), "second");
  EXPECT_EQ(*hash_file(path), hash_text("second"));
  std::filesystem::remove(path);
  EXPECT_EQ(read_file(path).error().code, ErrorCode::NotFound);
}

TEST(ErrorTable, EveryCodeStandsAtItsPlace) {
  const auto table = error_table();
  ASSERT_EQ(table.size(), 10U);
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(table[i].code), i);
    EXPECT_FALSE(table[i].name.empty());
    EXPECT_GT(table[i].exit_code, 0);
  }
}

TEST(WorkerPool, VisitsEveryIndexOnceForAnyThreadCount) {
  for (const std::size_t threads : {1U, 2U, 5U}) {
    WorkerPool pool(threads);
    std::vector<int> seen(10001);
    pool.for_blocks(seen.size(), 128, [&](std::size_t, std::size_t begin, std::size_t end) {
      for (auto i = begin; i < end; ++i) ++seen[i];
    });
    EXPECT_EQ(std::accumulate(seen.begin(), seen.end(), 0), 10001);
    EXPECT_EQ(*std::max_element(seen.begin(), seen.end()), 1);
  }
}

}  // namespace
}  // namespace fenqun
