// tests/unit/api/kept_figures_test.cpp
#include "api/kept_figures.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace fenqun::api {
namespace {

TEST(KeptFigures, AreWorkedOutOnceForTheSameDataAndKey) {
  KeptFigures figures;
  int asked = 0;
  const auto work = [&]() -> Result<KeptFigures::Worked> { return KeptFigures::Worked{Json(++asked)}; };
  EXPECT_EQ(*figures.get("a", "x", work), Json(1));
  EXPECT_EQ(*figures.get("a", "x", work), Json(1));
  EXPECT_EQ(*figures.get("a", "y", work), Json(2));
}

TEST(KeptFigures, AreNeverThoseOfOtherData) {
  KeptFigures figures;
  int asked = 0;
  const auto work = [&]() -> Result<KeptFigures::Worked> { return KeptFigures::Worked{Json(++asked)}; };
  EXPECT_EQ(*figures.get("a", "x", work), Json(1));
  EXPECT_EQ(*figures.get("b", "x", work), Json(2));
  EXPECT_EQ(*figures.get("a", "x", work), Json(3));
}

TEST(KeptFigures, AreTriedAgainAfterAFailure) {
  KeptFigures figures;
  EXPECT_FALSE(
      figures.get("a", "x", []() -> Result<KeptFigures::Worked> { return fail(ErrorCode::Database, "api.fault"); }));
  EXPECT_EQ(*figures.get("a", "x", []() -> Result<KeptFigures::Worked> { return KeptFigures::Worked{Json(1)}; }),
            Json(1));
}

TEST(KeptFigures, AreNotKeptWhenTheDataChangedUnderThem) {
  KeptFigures figures;
  int asked = 0;
  const auto work = [&]() -> Result<KeptFigures::Worked> { return KeptFigures::Worked{Json(++asked), asked > 1}; };
  EXPECT_EQ(*figures.get("a", "x", work), Json(1));
  EXPECT_EQ(*figures.get("a", "x", work), Json(2));
  EXPECT_EQ(*figures.get("a", "x", work), Json(2));
}

TEST(KeptFigures, AreWaitedForByAllWhoAskMeanwhile) {
  KeptFigures figures;
  std::atomic<int> asked = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(8);
    for (int n = 0; n < 8; ++n) {
      threads.emplace_back([&] {
        EXPECT_TRUE(
            figures.get("a", "x", [&]() -> Result<KeptFigures::Worked> { return KeptFigures::Worked{Json(++asked)}; }));
      });
    }
  }
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace fenqun::api
