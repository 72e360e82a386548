// tests/unit/base/texts_test.cpp
#include "base/texts.hpp"

#include <gtest/gtest.h>

namespace fenqun {
namespace {

TEST(Texts, FillsNamedPlaceholdersInBothLanguages) {
  const AssetStore assets;
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto texts = Texts::create(assets, language);
    ASSERT_TRUE(texts.has_value()) << texts.error().line.key;
    const auto text = (*texts)("base.cannot_read", {{"path", "/x/y.csv"}, {"reason", "gone"}});
    EXPECT_NE(text.find("/x/y.csv"), std::string::npos);
    EXPECT_EQ(text.find('{'), std::string::npos) << text;
  }
}

TEST(Texts, UnknownKeyKeepsTheValues) {
  const Texts texts;
  EXPECT_EQ(texts("no.such.key", {{"file", "a.csv"}}), "no.such.key file=a.csv");
}

TEST(Texts, ErrorCarriesItsContext) {
  const auto texts = Texts::create(AssetStore(), Language::English);
  ASSERT_TRUE(texts.has_value());
  auto error = Error{ErrorCode::Io, {"base.cannot_read", {{"path", "p"}, {"reason", "r"}}}, {}};
  error = std::move(error).with_context("base.not_a_month", {{"value", "v"}});
  EXPECT_EQ(render_error(error, *texts), "Cannot read p: r.\n  'v' is not a month: expected the form 2026-07.");
}

}  // namespace
}  // namespace fenqun
