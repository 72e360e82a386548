// reader/closing_lines.hpp - lines below a table that are none of its rows: totals, and counts of rows. Level 1.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::reader {

/// What a first filled cell says of its line.
struct ClosingSign {
  enum class Kind : std::uint8_t { Total, Count };
  Kind kind = Kind::Total;
  std::optional<std::int64_t> count;  // Count: the number of rows that it states
};

/// The words of config/readers/closing_lines.yaml. Immutable: safe from several threads.
class ClosingWords {
 public:
  /// No words: nothing is told.
  ClosingWords() = default;
  /// Errors: NotFound, BadData.
  static Result<ClosingWords> create(const AssetStore& assets);
  ClosingWords(const std::vector<std::string>& totals, const std::vector<std::string>& before_count,
               const std::vector<std::string>& after_count);

  /// Whether a line that begins so (blanks and quotes passed over) is worth a look. A few operations.
  [[nodiscard]] bool may_begin(char first) const { return begins_[static_cast<unsigned char>(first)]; }
  /// Judges the first filled cell of a line, and the cells after it for counts written over several: 合 计, 总计：,
  /// 合计：12.5, Total, 共 123 条, 总记录数: 123, (12 rows). `rest` is what follows the cell, blanks taken off.
  [[nodiscard]] std::optional<ClosingSign> judge(std::string_view cell, std::string_view rest) const;

  /// Whether a first cell says whose total its line is: 0001 小计, 0001小计, 张三 合计, 0001 Total: a word of totals
  /// behind a blank or a digit.
  [[nodiscard]] bool ends_so(std::string_view cell) const;
  /// The words of totals: lower case, without blanks.
  [[nodiscard]] const std::vector<std::string>& totals() const noexcept { return totals_; }

 private:
  void add(std::vector<std::string>& words, const std::vector<std::string>& from, bool begins_a_line);
  [[nodiscard]] std::optional<ClosingSign> judge_count(std::string_view text, bool is_alone) const;

  std::vector<std::string> totals_;  // lower case, without blanks, longest first
  std::vector<std::string> before_count_;
  std::vector<std::string> after_count_;
  std::array<bool, 256> begins_{};
};

}  // namespace fenqun::reader
