#include "strategy/attachments.hpp"

#include "unit/strategy/plan_fixture.hpp"

#include <fstream>

namespace fenqun::strategy {
namespace {

constexpr const char* kOrder = "2026-07-000001";
constexpr const char* kNow = "2026-07-14 09:30:00";
const std::string kPhoto = "\xFF\xD8\xFF\xE0 photo";

class StrategyAttachments : public PlanTest {
 protected:
  void SetUp() override {
    PlanTest::SetUp();
    strategies_->write_cells(cell("a", "arrears_cny = 1"));
    plan();
  }
  Result<Attachment> add(const std::string& bytes, const std::string& name = "门牌.jpg") {
    return add_attachment(*workspace_, kOrder, name, bytes, "m1", kNow);
  }
};

TEST_F(StrategyAttachments, AreKeptOnceAndReadAgain) {
  const auto kept = add(kPhoto, "../../照片/门牌.png");
  ASSERT_TRUE(kept.has_value()) << kept.error().line.key;
  EXPECT_EQ(kept->name, "门牌.png");
  EXPECT_EQ(kept->media_type, "image/jpeg");  // as the bytes say
  EXPECT_EQ(read_attachment(*workspace_, *kept).value_or(""), kPhoto);
  EXPECT_EQ(add(kPhoto)->file_id, kept->file_id);
  ASSERT_TRUE(add("%PDF-1.7 paper", "单据.pdf").has_value());
  const auto all = list_attachments(*workspace_, kOrder);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(find_attachment(*workspace_, kOrder, kept->file_id)->name, "门牌.png");
}

TEST_F(StrategyAttachments, AreRefusedWhereTheyCannotBe) {
  EXPECT_EQ(add("<html>").error().line.key, "strategy.attachment_kind");
  EXPECT_EQ(add("").error().line.key, "strategy.attachment_kind");
  EXPECT_EQ(add(kPhoto + std::string(kLargestAttachmentBytes, 'x')).error().line.key, "strategy.attachment_large");
  EXPECT_EQ(add_attachment(*workspace_, "2026-07-999999", "a", kPhoto, "m1", kNow).error().line.key,
            "strategy.no_order");
  EXPECT_EQ(add_attachment(*workspace_, kOrder, "a", kPhoto, "", kNow).error().line.key, "strategy.by_missing");
  EXPECT_EQ(find_attachment(*workspace_, kOrder, "x").error().line.key, "strategy.no_attachment");
  for (int n = 0; n < kMostAttachments; ++n) ASSERT_TRUE(add(kPhoto + std::to_string(n)).has_value());
  EXPECT_EQ(add(kPhoto).error().line.key, "strategy.attachments_many");
}

TEST_F(StrategyAttachments, TellWhenWhatWasKeptHasChanged) {
  const auto kept = add(kPhoto);
  ASSERT_TRUE(kept.has_value());
  std::ofstream(workspace_->folder() / "attachments" / kOrder / (kept->file_id + ".jpg")) << "other";
  EXPECT_EQ(read_attachment(*workspace_, *kept).error().line.key, "strategy.attachment_changed");
}

TEST_F(StrategyAttachments, HaveNamesThatEndWithAWholeCharacter) {
  std::string name;
  for (int n = 0; n < 60; ++n) name += "照";
  const auto kept = add(kPhoto, name);
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->name, name.substr(0, 120));
}

}  // namespace
}  // namespace fenqun::strategy
