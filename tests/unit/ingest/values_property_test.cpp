// tests/unit/ingest/values_property_test.cpp - values written in any of the ways that offices write them read back as
// what they were; texts of all sorts are read or refused, and never stop the query.
#include "base/random.hpp"
#include "ingest/letter_forms.hpp"
#include "unit/ingest/value_reader.hpp"

#include <fmt/format.h>

#include <chrono>

namespace fenqun::ingest {
namespace {

using warehouse::FieldType;

// A number of thousandths: exact, whatever way it is written.
class NumberWriter {
 public:
  explicit NumberWriter(Random& random) : random_(random) {}

  std::string write(std::int64_t thousandths) {
    const bool negative = thousandths < 0;
    const auto size = static_cast<std::uint64_t>(negative ? -thousandths : thousandths);
    auto text = digits(size);
    switch (random_.below(5)) {
      case 0:
        text += pick({"度", "kWh", " KWH", "千瓦时", " 千瓦时"});
        break;
      case 1:
        text = shifted(size, -3) + pick({"MWh", "兆瓦时", "千度", "千kWh"});
        break;
      case 2:
        text = shifted(size, -4) + pick({"万", "万度", "万千瓦时", " 万kWh"});
        break;
      default:
        break;
    }
    if (negative) {
      const auto way = random_.below(4);
      text = way == 0                                                                  ? "(" + text + ")"
             : way == 1 && text.find_first_not_of("0123456789.,") == std::string::npos ? text + "-"
                                                                                       : "-" + text;
    } else if (random_.below(6) == 0) {
      text = "+" + text;
    }
    return dressed(text);
  }

 private:
  std::string pick(std::initializer_list<const char*> words) { return *(words.begin() + random_.below(words.size())); }

  static std::string plain(const std::string& whole, const std::string& fraction) {
    return fraction.empty() ? whole : whole + "." + fraction;
  }

  std::string digits(std::uint64_t size) {
    auto whole = std::to_string(size / 1000);
    auto fraction = fmt::format("{:03}", size % 1000);
    while (!fraction.empty() && fraction.back() == '0' && random_.below(2) == 0) fraction.pop_back();
    const auto way = random_.below(4);
    if (way == 0) {
      const auto* mark = random_.below(2) == 0 ? "," : " ";
      for (auto at = static_cast<std::ptrdiff_t>(whole.size()) - 3; at > 0; at -= 3)
        whole.insert(static_cast<std::size_t>(at), mark);
    } else if (way == 1) {
      const auto shift = static_cast<int>(random_.below(6));
      return shifted(size, -shift) + fmt::format("E{}{:02}", "+", shift);
    } else if (way == 2 && fraction.size() == 3) {
      const auto all = std::to_string(size);
      return all + "e-3";
    }
    return plain(whole, fraction);
  }

  // size / 1000 with the point moved by `places` (not positive), digit by digit.
  static std::string shifted(std::uint64_t size, int places) {
    auto all = std::to_string(size);
    const auto after = static_cast<std::size_t>(3 - places);
    if (all.size() <= after) all.insert(0, after + 1 - all.size(), '0');
    return all.substr(0, all.size() - after) + "." + all.substr(all.size() - after);
  }

  std::string dressed(std::string text) {
    if (random_.below(4) == 0) text = full_width(text);
    if (random_.below(8) == 0) text = "'" + text;
    if (random_.below(4) == 0) text = pick({" ", "　", "\u00a0", "\t"}) + text;
    if (random_.below(4) == 0) text += pick({" ", "　", "\u00a0", "\t"});
    return text;
  }

 public:
  static std::string full_width(const std::string& text) {
    std::string out;
    for (const char c : text) {
      const auto code = 0xFF01U + static_cast<unsigned>(c - '!');
      if (c < '!' || c > '~')
        out += c;
      else
        out += {static_cast<char>(0xEF), static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
                static_cast<char>(0x80U | (code & 0x3FU))};
    }
    return out;
  }

 private:
  Random& random_;
};

class TimeWriter {
 public:
  explicit TimeWriter(Random& random) : random_(random) {}

  std::string day(std::chrono::sys_days when, bool may_be_serial) {
    const std::chrono::year_month_day date(when);
    const auto y = static_cast<int>(date.year());
    const auto m = static_cast<unsigned>(date.month());
    const auto d = static_cast<unsigned>(date.day());
    const auto serial = (when - std::chrono::sys_days(std::chrono::year(1899) / 12 / 30)).count();
    const auto way = random_.below(may_be_serial && serial >= 20000 && serial <= 80000 ? 10 : 9);
    switch (way) {
      case 0:
        return fmt::format("{:04}-{:02}-{:02}", y, m, d);
      case 1:
        return fmt::format("{}-{}-{}", y, m, d);
      case 2:
        return fmt::format("{}/{}/{}", y, m, d);
      case 3:
        return fmt::format("{}.{:02}.{}", y, m, d);
      case 4:
        return fmt::format("{:04}{:02}{:02}", y, m, d);
      case 5:
        return fmt::format("{}年{}月{}日", y, m, d);
      case 6:
        return fmt::format("{:04}年{:02}月{:02}日", y, m, d);
      case 7:
        return NumberWriter::full_width(fmt::format("{:04}/{:02}/{:02}", y, m, d));
      case 8:
        return fmt::format("{:04}-{:02}-{:02} 星期{}", y, m, d, kWeekdays[std::chrono::weekday(when).c_encoding()]);
      default:
        return std::to_string(serial);
    }
  }

  // Of a second of the day; with its zone in a quarter of the cases.
  std::string time(std::chrono::sys_seconds when) {
    const auto zoned = random_.below(4) == 0;
    const auto offset = zoned ? static_cast<int>(random_.below(27)) - 13 : 8;
    const auto local = when + std::chrono::hours(offset - 8);
    const auto date = std::chrono::floor<std::chrono::days>(local);
    const auto second = (local - date).count();
    const auto h = second / 3600;
    const auto m = second / 60 % 60;
    const auto s = second % 60;
    auto text = day(date, false);
    switch (zoned ? 0 : random_.below(5)) {
      case 1:
        text += fmt::format(" {}{}:{:02}:{:02}", h < 12 ? "上午" : "下午", h % 12 == 0 ? 12 : h % 12, m, s);
        break;
      case 2:
        text += fmt::format(" {}时{}分{}秒", h, m, s);
        break;
      case 3:
        text += fmt::format("T{:02}:{:02}:{:02}.000", h, m, s);
        break;
      case 4:
        text += fmt::format(" {}:{:02}:{:02} {}", h % 12 == 0 ? 12 : h % 12, m, s, h < 12 ? "AM" : "PM");
        break;
      default:
        text += fmt::format(" {:02}:{:02}:{:02}", h, m, s);
    }
    if (zoned && offset == 0) return text + "Z";
    return zoned ? text + fmt::format("{}{:02}:00", offset < 0 ? "-" : "+", std::abs(offset)) : text;
  }

 private:
  static constexpr const char* kWeekdays[] = {"日", "一", "二", "三", "四", "五", "六"};
  Random& random_;
};

class ValuesProperty : public ValueReader, public ::testing::WithParamInterface<int> {
 protected:
  void expect_all(const warehouse::Field& field, const Cases& cases) {
    for (const auto traits : {reader::TextTraits{true, true}, reader::TextTraits{true, false}}) {
      // Of numbers with an exponent the file is known to have some.
      if (!traits.number_letters && field.type == FieldType::Decimal) continue;
      reading_.traits = traits;
      expect(field, cases);
    }
  }
  Random random_{static_cast<std::uint64_t>(GetParam())};
};

TEST_P(ValuesProperty, NumbersReadBackAsTheyWere) {
  NumberWriter writer(random_);
  Cases cases;
  for (int i = 0; i < 2000; ++i) {
    auto size = static_cast<std::int64_t>(random_.below(1'000'000'000'000'000ULL) >> random_.below(50));
    if (random_.below(3) == 0) size = -size;
    const auto* sign = size < 0 ? "-" : "";
    cases.emplace_back(writer.write(size),
                       fmt::format("{}{}.{:03}", sign, std::abs(size) / 1000, std::abs(size) % 1000));
  }
  expect_all(field(FieldType::Decimal, "kWh"), cases);
}

TEST_P(ValuesProperty, DaysReadBackAsTheyWere) {
  TimeWriter writer(random_);
  Cases cases;
  const std::chrono::sys_days first = std::chrono::year(1900) / 1 / 1;
  for (int i = 0; i < 2000; ++i) {
    const auto when = first + std::chrono::days(random_.below(109'938));
    const std::chrono::year_month_day date(when);
    cases.emplace_back(writer.day(when, true),
                       fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())));
  }
  expect_all(field(FieldType::Date), cases);
}

TEST_P(ValuesProperty, TimesReadBackAsTheyWere) {
  TimeWriter writer(random_);
  Cases cases;
  // From 1992 on: before, there were summers with a time of their own.
  const std::chrono::sys_seconds first = std::chrono::sys_days(std::chrono::year(1992) / 1 / 1);
  for (int i = 0; i < 2000; ++i) {
    const auto when = first + std::chrono::seconds(random_.below(6'000'000'000ULL));
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(day);
    const auto second = (when - day).count();
    cases.emplace_back(writer.time(when),
                       fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   second / 3600, second / 60 % 60, second % 60));
  }
  expect_all(field(FieldType::Timestamp), cases);
}

TEST_P(ValuesProperty, TextsOfAllSortsAreReadOrRefused) {
  const std::vector<std::string> pieces = {"1",    "9",  "0",  "12", "2018",   "99999999999999999999",
                                           "-",    "+",  ".",  ",",  " ",      "/",
                                           ":",    "年", "月", "日", "时",     "E",
                                           "e+",   "_",  "(",  ")",  "¥",      "万",
                                           "元",   "度", "%",  "T",  "Z",      "上午",
                                           "周四", "１", "．", "－", "　",     "'",
                                           "N",    "无", "\t", "\n", "\u200b", "x",
                                           "Ⅷ",    "²"};
  std::vector<std::string> texts;
  for (int i = 0; i < 4000; ++i) {
    std::string text;
    for (auto left = random_.below(9); left > 0; --left) text += pieces[random_.below(pieces.size())];
    texts.push_back(std::move(text));
  }
  for (const auto type : {FieldType::Id, FieldType::Text, FieldType::Date, FieldType::Month, FieldType::Timestamp,
                          FieldType::Integer, FieldType::Decimal, FieldType::Boolean}) {
    auto required = field(type, type == FieldType::Decimal ? "min" : "");
    required.required = true;
    const auto found = read(required, texts);
    ASSERT_EQ(found.size(), texts.size());
    EXPECT_EQ(std::count(found.begin(), found.end(), ""), 0) << "a required field has a value, or a reason why not";
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ValuesProperty, ::testing::Range(1, 4));

TEST_F(ValueReader, EveryCodeOfEveryContractGoesByEachOfItsNames) {
  const auto contracts = *warehouse::ContractSet::create(AssetStore());
  for (const auto& contract : contracts.all()) {
    for (const auto& field : contract.fields) {
      if (field.type != FieldType::Code) continue;
      Cases cases;
      for (const auto& code : field.codes) {
        cases.emplace_back(code.code, code.code);
        if (!code.title.zh.empty()) cases.emplace_back(code.title.zh, code.code);
        if (!code.title.en.empty()) cases.emplace_back(" " + code.title.en + "　", code.code);
        for (const auto& synonym : code.synonyms) cases.emplace_back(synonym, code.code);
      }
      expect(field, cases);
    }
  }
}

}  // namespace
}  // namespace fenqun::ingest
