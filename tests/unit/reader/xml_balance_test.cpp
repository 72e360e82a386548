// tests/unit/reader/xml_balance_test.cpp
#include "reader/xml_balance.hpp"

#include <gtest/gtest.h>

namespace fenqun::reader {
namespace {

bool is_whole(std::string_view text, std::size_t piece) {
  XmlBalance balance;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!balance.add(text.substr(at, piece))) return false;
  }
  return balance.is_whole();
}

TEST(XmlBalance, AWholeTextIsWholeHoweverItIsCutIntoPieces) {
  const std::string text =
      "<?xml version=\"1.0\"?>\n<!-- <a> -- > --><x:a b='>' c=\"/>\"><b/><c d=\"'\"> </c ><![CDATA[<b>]]></x:a>\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) EXPECT_TRUE(is_whole(text, piece)) << piece;
}

TEST(XmlBalance, ATextCutAnywhereIsNone) {
  const std::string text = "<a><b c=\"1\">2</b><d/></a>";
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(is_whole(text.substr(0, size), 4)) << size;
  EXPECT_TRUE(is_whole(text, 4));
}

TEST(XmlBalance, EndTagsMustBeThoseOfTheOpenElement) {
  for (const auto* text : {"<a></b>", "<a><b></a></b>", "</a>", "<a/></a>", "<a/><b/>", "<a><b<c></c></a>", "x", "<>"})
    EXPECT_FALSE(is_whole(text, 3)) << text;
}

TEST(XmlBalance, EndlessMarkupAndNestingAreRefused) {
  EXPECT_FALSE(is_whole("<a " + std::string(2U << 20U, 'x') + "/>", 4096));
  std::string deep;
  for (int level = 0; level < 2000; ++level) deep += "<a>";
  XmlBalance balance;
  EXPECT_FALSE(balance.add(deep));
}

}  // namespace
}  // namespace fenqun::reader
