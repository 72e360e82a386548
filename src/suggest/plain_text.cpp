// suggest/plain_text.cpp
#include "suggest/plain_text.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

namespace fenqun::suggest {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// Characters of headers in traditional script, and spellings that mean the same.
constexpr std::array<std::pair<char32_t, char32_t>, 38> kSame = {
    {{U'帐', U'账'}, {U'帳', U'账'}, {U'賬', U'账'}, {U'電', U'电'}, {U'費', U'费'}, {U'戶', U'户'}, {U'號', U'号'},
     {U'類', U'类'}, {U'別', U'别'}, {U'額', U'额'}, {U'編', U'编'}, {U'時', U'时'}, {U'間', U'间'}, {U'區', U'区'},
     {U'線', U'线'}, {U'單', U'单'}, {U'繳', U'缴'}, {U'納', U'纳'}, {U'價', U'价'}, {U'聯', U'联'}, {U'係', U'系'},
     {U'話', U'话'}, {U'業', U'业'}, {U'臺', U'台'}, {U'稱', U'称'}, {U'態', U'态'}, {U'實', U'实'}, {U'應', U'应'},
     {U'開', U'开'}, {U'銷', U'销'}, {U'壓', U'压'}, {U'級', U'级'}, {U'動', U'动'}, {U'記', U'记'}, {U'錄', U'录'},
     {U'訪', U'访'}, {U'檢', U'检'}, {U'計', U'计'}}};

char32_t same(char32_t c) noexcept {
  constexpr char32_t kFirstWide = 0xFF01;
  constexpr char32_t kLastWide = 0xFF5E;
  constexpr char32_t kWideBlank = 0x3000;
  if (c >= kFirstWide && c <= kLastWide) c -= kFirstWide - U'!';
  if (c == kWideBlank || c == U'\u00A0' || c == U'\t' || c == U'\n' || c == U'\r') return U' ';
  if (c == U'【' || c == U'〔') return U'[';
  if (c == U'】' || c == U'〕') return U']';
  if (c >= U'A' && c <= U'Z') return c - U'A' + U'a';
  for (const auto& [from, to] : kSame) {
    if (from == c) return to;
  }
  return c;
}

/// Number of bytes that a first byte announces; 0: it is none.
std::size_t length_of(unsigned char first) noexcept {
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first <= 0xDFU) return 2;
  if (first >= 0xE0U && first <= 0xEFU) return 3;
  return first >= 0xF0U && first <= 0xF4U ? 4 : 0;
}

}  // namespace

std::u32string characters(std::string_view utf8) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[at]);
    const auto length = length_of(first);
    constexpr std::array<char32_t, 5> kMask = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t code = length == 0 ? 0 : static_cast<char32_t>(first) & kMask[length];
    std::size_t taken = 1;
    while (taken < length && at + taken < utf8.size() &&
           (static_cast<unsigned char>(utf8[at + taken]) & 0xC0U) == 0x80U) {
      code = (code << 6U) | (static_cast<unsigned char>(utf8[at + taken]) & 0x3FU);
      ++taken;
    }
    out.push_back(length != 0 && taken == length ? code : kReplacement);
    at += taken;
  }
  return out;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  const auto add = [&](char32_t bits) { out.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
  for (const auto c : text) {
    if (c < 0x80U) {
      add(c);
    } else if (c < 0x800U) {
      add(0xC0U | (c >> 6U));
      add(0x80U | (c & 0x3FU));
    } else if (c < 0x10000U) {
      add(0xE0U | (c >> 12U));
      add(0x80U | ((c >> 6U) & 0x3FU));
      add(0x80U | (c & 0x3FU));
    } else {
      add(0xF0U | (c >> 18U));
      add(0x80U | ((c >> 12U) & 0x3FU));
      add(0x80U | ((c >> 6U) & 0x3FU));
      add(0x80U | (c & 0x3FU));
    }
  }
  return out;
}

std::u32string plain(std::string_view utf8) {
  auto text = characters(utf8);
  std::transform(text.begin(), text.end(), text.begin(), same);
  for (auto at = text.find(U"交费"); at != std::u32string::npos; at = text.find(U"交费", at)) text[at] = U'缴';
  const auto first = text.find_first_not_of(U' ');
  if (first == std::u32string::npos) return {};
  return text.substr(first, text.find_last_not_of(U' ') - first + 1);
}

std::u32string letters_of(std::u32string_view plain) {
  std::u32string out;
  std::copy_if(plain.begin(), plain.end(), std::back_inserter(out), [](char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || is_chinese(c) || (c > 0xBFU && c < 0x2000U) ||
           c == U'°' || c == U'℃';
  });
  return out;
}

bool is_chinese(char32_t c) noexcept {
  return (c >= 0x4E00U && c <= 0x9FFFU) || (c >= 0x3400U && c <= 0x4DBFU) || (c >= 0x20000U && c <= 0x3FFFFU);
}

std::size_t edit_distance(std::u32string_view a, std::u32string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace fenqun::suggest
