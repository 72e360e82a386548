// tests/unit/api/route_test.cpp
#include "api/route.hpp"

#include <gtest/gtest.h>

namespace fenqun::api {
namespace {

TEST(Parameters, TextThatIsNoUtf8IsRefusedAtItsField) {
  const Route route{"GET", "/things", "self", {text_query("q")}, nullptr};
  RawRequest raw;
  raw.query = {{"q", "张\xff"}};
  Request request;
  const auto read = read_parameters(route, raw, request);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().line.key, "api.no_utf8");
  EXPECT_EQ(read.error().arg("field"), "q");
  raw.query = {{"q", "张"}};
  Request good;
  ASSERT_TRUE(read_parameters(route, raw, good));
  EXPECT_EQ(good.text("q"), "张");
}

}  // namespace
}  // namespace fenqun::api
