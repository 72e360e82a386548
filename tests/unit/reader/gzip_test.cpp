// tests/unit/reader/gzip_test.cpp
#include "reader/gzip.hpp"

#include "base/random.hpp"
#include "unit/reader/gzip_bytes.hpp"

#include <gtest/gtest.h>

namespace fenqun::reader {
namespace {

Result<std::string> unpack(std::string_view bytes) {
  std::string out;
  FENQUN_CHECK(gunzip(bytes_of(bytes), "x.gz",
                      [&](std::string_view piece) -> Result<void> {
                        out.append(piece);
                        return {};
                      },
                      {}));
  return out;
}

std::string long_text() {
  Random random(3);
  std::string text;
  while (text.size() < 3'000'000) text += std::to_string(random.below(1'000'000)) + ",居民\n";
  return text;
}

TEST(Gzip, UnpacksWhatWasPacked) {
  const auto text = long_text();
  EXPECT_EQ(unpack(test::gzip_bytes(text)).value_or("?"), text);
  EXPECT_EQ(unpack(test::gzip_bytes("")).value_or("?"), "");
}

TEST(Gzip, UnpacksSeveralMembersAndPassesOverPadding) {
  const auto two = test::gzip_bytes("a,b\n") + test::gzip_bytes("1,2\n");
  EXPECT_EQ(unpack(two).value_or("?"), "a,b\n1,2\n");
  EXPECT_EQ(unpack(two + std::string(700, '\0')).value_or("?"), "a,b\n1,2\n");
}

TEST(Gzip, ACutFileIsRefusedWhereverItIsCut) {
  const auto whole = test::gzip_bytes(long_text().substr(0, 5000));
  for (std::size_t length = 0; length < whole.size(); length += 1 + length / 7) {
    const auto cut = unpack(std::string_view(whole).substr(0, length));
    ASSERT_FALSE(cut.has_value()) << length;
    EXPECT_EQ(cut.error().code, ErrorCode::BadData);
    EXPECT_EQ(cut.error().line.key, "reader.gzip_cut");
    EXPECT_EQ(cut.error().arg("byte"), std::to_string(length));
  }
}

TEST(Gzip, ADamagedFileIsRefused) {
  const auto whole = test::gzip_bytes(long_text().substr(0, 5000));
  // A flipped bit in the head's time or system field changes nothing.
  for (std::size_t at = 10; at < whole.size(); at += 13) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(unpack(damaged).has_value()) << at;
  }
  const auto tail = unpack(whole + "left over");
  ASSERT_FALSE(tail.has_value());
  EXPECT_EQ(tail.error().line.key, "reader.gzip_damaged");
  EXPECT_FALSE(unpack(whole + std::string(3, '\0') + whole).has_value());
}

TEST(Gzip, IsKnownByItsFirstBytes) {
  EXPECT_TRUE(is_gzip(test::gzip_bytes("x")));
  EXPECT_FALSE(is_gzip("a,b\n"));
  EXPECT_FALSE(is_gzip(""));
}

TEST(Gzip, StopsWhenAskedAndPassesOnTheErrorOfItsSink) {
  std::stop_source stop;
  stop.request_stop();
  const auto bytes = test::gzip_bytes("x");
  const auto keep = [](std::string_view) -> Result<void> { return {}; };
  EXPECT_EQ(gunzip(bytes_of(bytes), "x", keep, stop.get_token()).error().code, ErrorCode::Cancelled);
  const auto full = [](std::string_view) -> Result<void> { return fail(ErrorCode::Io, "base.cannot_write"); };
  EXPECT_EQ(gunzip(bytes_of(bytes), "x", full, {}).error().code, ErrorCode::Io);
}

}  // namespace
}  // namespace fenqun::reader
