// tests/unit/delivery/delivery_test.cpp - the folder: same bytes, nothing twice, all or nothing; plans that are wrong.
#include "delivery/delivery.hpp"

#include "fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace fenqun::delivery {
namespace {

TEST(Delivery, SameSeedsGiveTheSameBytesForAnyNumberOfThreads) {
  const test::TempFolder folder;
  ASSERT_TRUE(make_dirty(folder.path() / "one", {}, 1).has_value());
  ASSERT_TRUE(make_dirty(folder.path() / "two", {}, 2).has_value());
  const auto one = hashes(folder.path() / "one");
  const auto two = hashes(folder.path() / "two");
  EXPECT_GT(one.size(), 80U);
  EXPECT_EQ(one.size(), two.size());
  for (const auto& [file, hash] : one) {
    const auto same = two.find(file);
    EXPECT_EQ(hash, same == two.end() ? "no such file" : same->second) << file;
  }
}

TEST(Delivery, AnotherDirtySeedPlantsOtherFaultsInTheSameUtility) {
  const test::TempFolder folder;
  ASSERT_TRUE(make_dirty(folder.path() / "one").has_value());
  ASSERT_TRUE(make_dirty(folder.path() / "two", {2, 0.002}).has_value());
  auto one = hashes(folder.path() / "one"), two = hashes(folder.path() / "two");
  EXPECT_NE(one.at("truth/planted.csv"), two.at("truth/planted.csv"));
  EXPECT_EQ(one.at("truth/customer_class.parquet"), two.at("truth/customer_class.parquet"));
  EXPECT_EQ(one.at("mappings/04_客户档案.yaml"), two.at("mappings/04_客户档案.yaml"));
}

TEST(Delivery, WritesWhatItPromisesAndNothingElse) {
  const test::TempFolder folder;
  const auto made = make_dirty(folder.path() / "out");
  ASSERT_TRUE(made.has_value()) << made.error().line.key;
  EXPECT_GT(made->planted, 500);
  EXPECT_EQ(made->utility.customers, 600);
  auto files = hashes(folder.path() / "out");
  for (const auto& file : made->files) {
    EXPECT_EQ(files.erase(file.file), 1U) << file.file;
    EXPECT_EQ(file.rows_in, file.loaded + file.duplicate + file.superseded + file.rejected) << file.file;
  }
  for (const auto* name : {"synthetic.yaml", "truth/planted.csv", "truth/deliveries.csv", "truth/gaps.csv",
                           "truth/spikes.csv", "truth/customers.csv", "truth/customer_class.parquet"}) {
    EXPECT_EQ(files.erase(name), 1U) << name;
  }
  for (const auto& [name, hash] : files) EXPECT_TRUE(name.starts_with("mappings/")) << name;
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1) << "nothing beside it";
}

TEST(Delivery, SecondCallDoesNothing) {
  const test::TempFolder folder;
  ASSERT_TRUE(make_dirty(folder.path() / "out").has_value());
  const auto before = fs::last_write_time(folder.path() / "out/truth/planted.csv");
  const auto again = make_dirty(folder.path() / "out");
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->utility.already_there);
  EXPECT_EQ(fs::last_write_time(folder.path() / "out/truth/planted.csv"), before);
  const auto other = make_dirty(folder.path() / "out", {9, 0.002});
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::Conflict);
}

TEST(Delivery, RefusesAShareThatWouldLeaveNothingGood) {
  const test::TempFolder folder;
  const auto made = make_dirty(folder.path() / "out", {1, 0.5});
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, ErrorCode::InvalidArgument);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

/// The shipped configuration with a plan of its own.
class Plans : public testing::Test {
 protected:
  Result<std::vector<DeliverySpec>> read(const std::string& yaml) {
    const auto path = folder_.path() / "config/datagen/deliveries.yaml";
    fs::create_directories(path.parent_path());
    std::ofstream(path) << yaml;
    return read_plan(assets(), contracts());
  }
  [[nodiscard]] AssetStore assets() const { return AssetStore({folder_.path(), fs::path(FENQUN_SOURCE_DIR)}); }
  [[nodiscard]] const fs::path& root() const { return folder_.path(); }

 private:
  test::TempFolder folder_;
};

TEST_F(Plans, AreRefusedWithTheLineOfWhatIsWrong) {
  for (const auto* wrong :
       {"entity: bil", "entity: bill, columns: [bill_number]", "entity: bill, encoding: latin-1",
        "entity: bill, layout: round", "entity: bill, faults: {bad_mood: 1}", "entity: bill, faults: {negative: 0}",
        "entity: bill, styles: {dates: [roman]}", "entity: bill, same_as: nobody.csv",
        "entity: bill, again: {from: nobody.csv}", "entity: bill, back: [1, 3]", "entity: bill, colums: [bill_id]"}) {
    const auto plan = read(std::string("deliveries:\n  - {file: a.csv, ") + wrong + "}\n");
    ASSERT_FALSE(plan.has_value()) << wrong;
    EXPECT_EQ(plan.error().code, ErrorCode::BadData);
    EXPECT_EQ(plan.error().arg("line"), "2") << wrong;
  }
  EXPECT_FALSE(read("deliveries:\n  - {file: a.pdf, entity: bill}\n").has_value());
  EXPECT_FALSE(read("deliveries:\n  - {file: a.csv, entity: bill}\n  - {file: a.csv, entity: bill}\n").has_value());
}

TEST_F(Plans, AFaultWithoutAPlaceIsToldWithTheFile) {
  ASSERT_TRUE(read("deliveries:\n  - {file: 日历.csv, entity: calendar_day, columns: [day, is_holiday], "
                   "faults: {unknown_code: 1}}\n")
                  .has_value());
  const auto made = make_dirty(root() / "out", {}, 2, assets());
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().line.key, "delivery.no_place");
  EXPECT_EQ(made.error().arg("file"), "日历.csv");
  EXPECT_FALSE(fs::exists(root() / "out")) << "all or nothing";
}

TEST_F(Plans, FilesLookAsTheySay) {
  ASSERT_TRUE(
      read("deliveries:\n"
           "  - {file: a.csv, entity: staff, columns: [staff_id, staff_name], encoding: gb18030, line_end: crlf,\n"
           "     titles: [员工名册], blank_column: true, repeat_header_every: 20, count_line: true}\n"
           "  - {file: b.tsv, entity: staff, columns: [staff_id, role], encoding: utf-16, delimiter: \"\\t\",\n"
           "     headers: name}\n"
           "  - {file: c.jsonl, entity: staff, columns: [staff_id, hired_on, left_on]}\n"
           "  - {file: d.csv, entity: staff, same_as: a.csv}\n")
          .has_value());
  ASSERT_TRUE(make_dirty(root() / "out", {}, 2, assets()).has_value());
  const auto bytes = [&](const char* name) { return *read_file(root() / "out" / name); };
  EXPECT_EQ(bytes("d.csv"), bytes("a.csv"));
  EXPECT_EQ(bytes("b.tsv").substr(0, 6), std::string("\xFF\xFEs\0t\0", 6));
  EXPECT_THAT(bytes("c.jsonl"), testing::StartsWith("{\"员工编号\":\"E00001\",\"入职日期\":\""));
  EXPECT_THAT(bytes("c.jsonl"), testing::Not(testing::HasSubstr("null")));
  // GB18030: 员工名册, then the header with a column without a name.
  EXPECT_THAT(bytes("a.csv"),
              testing::StartsWith("\xD4\xB1\xB9\xA4\xC3\xFB\xB2\xE1\r\n\xD4\xB1\xB9\xA4\xB1\xE0\xBA\xC5,,"));
  EXPECT_THAT(bytes("a.csv"), testing::EndsWith("\xCC\xF5\r\n")) << "共 ... 条";
}

}  // namespace
}  // namespace fenqun::delivery
