// features/preparation.hpp - the record of a preparation: what each of its five steps took, left out, filled in and
// found. Kept in tables preparation and preparation_item beside the month it led to. Level 2.
#pragma once

#include "base/month.hpp"
#include "warehouse/workspace.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::features {

/// 选择数据, 清洗数据, 重构数据, 整合数据, 格式化数据.
enum class Step : std::uint8_t { Select, Clean, Reconstruct, Integrate, Format };
inline constexpr std::array kSteps = {Step::Select, Step::Clean, Step::Reconstruct, Step::Integrate, Step::Format};

/// "select", "clean", "reconstruct", "integrate", "format".
std::string_view name_of(Step step) noexcept;
/// Errors: InvalidArgument.
Result<Step> parse_step(std::string_view text);

/// One line of a step; the kind says what its parts mean (in and out are rows unless said otherwise). All follow from
/// what the month rests on, but the first four of `clean`: these count everything loaded when the step was taken.
/// select
/// - entity: of `subject` up to the month; out: taken. state taken or left_out (reason not_loaded, not_needed)
/// - field `name` of `subject`: out: with a value. state taken, noted (reason constant, mostly_empty) or left_out
///   (reason not_loaded, empty, not_needed, sensitive)
/// clean
/// - loading of `subject`: delivered; out: loaded. outcome: state duplicate, superseded or rejected
/// - rejection in column `name` of `subject`: reason as in the quarantine
/// - conversion by the mapping `subject`: in files
/// - imputed field `name` of `subject` by the rule in state: customers that lacked it; out: values filled in
/// - outlier of the rule `subject`: months of customers; out: customers
/// reconstruct
/// - monthly and table `subject`: rows it was made of; out: its rows
/// - family `subject`: in entities; out: features
/// integrate
/// - join of family `subject`: customers; out: with a value of any of its features
/// - left_out: customers; state closed or not_open_yet
/// - unknown: rows of `subject`; out: those whose customer is not in the file
/// format
/// - feature `name` of family `subject`: customers; out: with a value. state usable, noted (constant, mostly_empty) or
///   left_out (empty)
/// - sufficiency of family `subject`: customers; out: with the badge in state (full, partial, insufficient)
/// - not_comparable: customers; out: those left aside for the reason whose code is in state
struct StepItem {
  std::string kind;
  std::string subject;
  std::string name;
  std::string state;
  std::string reason;
  std::int64_t rows_in = 0;
  std::int64_t rows_out = 0;
};

struct StepRecord {
  Step step = Step::Select;
  std::int64_t rows_in = 0;
  std::int64_t rows_out = 0;
  std::vector<StepItem> items;
};

struct PreparationRecord {
  Month as_of;
  std::string fingerprint;        // of what the month rests on: names its file
  std::vector<StepRecord> steps;  // in order; all five when it is stored

  [[nodiscard]] const StepRecord* find(Step step) const;
};

/// The record of a prepared month; none when there is no such month. Errors: Database.
Result<std::optional<PreparationRecord>> read_preparation(warehouse::Workspace& workspace, Month as_of);

/// SQL that puts the record into the place of the one there was, for Workspace::commit.
std::vector<std::string> storing(const PreparationRecord& record);

}  // namespace fenqun::features
