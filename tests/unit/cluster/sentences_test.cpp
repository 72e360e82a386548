// tests/unit/cluster/sentences_test.cpp
#include "cluster/sentences.hpp"

#include "base/texts.hpp"
#include "cluster/kmeans.hpp"

#include <gtest/gtest.h>

#include <stop_token>

namespace fenqun::cluster {
namespace {

TextArgs one_value_for_each_place(const std::string& text) {
  TextArgs out;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const auto name = text.substr(open + 1, text.find('}', open) - open - 1);
    out.push_back({name, "value of " + name});
  }
  return out;
}

TEST(Sentences, EveryTextOfTheRoomAndOfBaseIsTheOneOfTheProgramInBothLanguages) {
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto texts = Texts::create(AssetStore(), language);
    ASSERT_TRUE(texts.has_value()) << texts.error().line.key;
    int seen = 0;
    for (const auto& [key, text] : texts->all()) {
      if (!key.starts_with("cluster.") && !key.starts_with("base.")) continue;
      const Error error{ErrorCode::BadData, {key, one_value_for_each_place(text)}, {}};
      const auto said = sentence(error, code_of(language));
      EXPECT_EQ(said, render_error(error, *texts));
      EXPECT_EQ(said.find('{'), std::string::npos) << said;
      EXPECT_EQ(said.find(key), std::string::npos) << said;
      ++seen;
    }
    EXPECT_GT(seen, 30);
  }
}

TEST(Sentences, AnErrorOfTheEngineReadsWithItsValues) {
  const Matrix<float> rows(2, 1);
  KMeansOptions options;
  options.cluster_count = 3;
  WorkerPool pool(1);
  const auto fit = fit_kmeans(rows.view(), options, pool);
  ASSERT_FALSE(fit.has_value());
  EXPECT_EQ(sentence(fit.error(), "en"), "3 groups were asked for, but there are only 2 rows. Ask for fewer groups.");
  EXPECT_EQ(sentence(fit.error(), "zh_CN.UTF-8"), "要求分成 3 群，但只有 2 行数据。请减少群数。");
}

TEST(Sentences, AnInterruptedFitSaysSo) {
  const Matrix<float> rows(2, 1);
  std::stop_source stopped;
  stopped.request_stop();
  KMeansOptions options;
  options.cluster_count = 1;
  WorkerPool pool(1);
  const auto fit = fit_kmeans(rows.view(), options, pool, stopped.get_token());
  ASSERT_FALSE(fit.has_value());
  EXPECT_EQ(sentence(fit.error(), "en"), "Interrupted. Nothing was left half-done.");
}

TEST(Sentences, ContextFollowsIndentedOnLinesOfItsOwn) {
  auto error = Error{ErrorCode::BadData, {"cluster.no_rows", {}}, {}};
  error = std::move(error).with_context("cluster.in_sample", {{"sample", "10"}, {"rows", "500"}});
  const auto said = sentence(error, "en");
  EXPECT_NE(said.find("\n  This is about a random sample of 10 out of 500 rows."), std::string::npos) << said;
}

TEST(Sentences, AKeyOfAnotherRoomKeepsItsValues) {
  const Error error{ErrorCode::BadData, {"ingest.empty_file", {{"file", "a.csv"}}}, {}};
  EXPECT_EQ(sentence(error, "en"), "ingest.empty_file file=a.csv");
}

}  // namespace
}  // namespace fenqun::cluster
