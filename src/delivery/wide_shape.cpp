// delivery/wide_shape.cpp
#include "delivery/wide_shape.hpp"

#include "base/number.hpp"

#include <fmt/format.h>

namespace fenqun::delivery {
namespace {

constexpr const char* kDay = "数据日期";
constexpr const char* kMonth = "年月";

std::size_t number_at(const std::string& text, std::size_t at) {
  return static_cast<std::size_t>(parse_integer(text.substr(at, 2)).value_or(0));
}

/// Names of the intervals of a day that end with them: 01:00 .. 24:00, or P1 .. P96.
std::vector<std::string> interval_names(Layout layout) {
  std::vector<std::string> out;
  if (layout == Layout::WideHours) {
    for (int hour = 1; hour <= 24; ++hour) out.push_back(fmt::format("{:02}:00", hour));
  } else {
    for (int quarter = 1; quarter <= 96; ++quarter) out.push_back(fmt::format("P{}", quarter));
  }
  return out;
}

}  // namespace

WideShape WideShape::create(const DeliverySpec& spec, const Fields& fields, const std::vector<std::string>& values,
                            Random& random) {
  WideShape out(spec, fields);
  const auto header = header_of(spec, fields);
  const auto add_values = [&](bool are_days) {
    for (const auto& value : values) {
      out.place_[value] = out.names_.size();
      out.names_.push_back(are_days ? styled(*fields[1], value, spec.styles, random).text : value);
    }
  };
  switch (spec.layout) {
    case Layout::WideDays:
      out.kept_ = {header[0]};
      add_values(true);
      break;
    case Layout::WideCustomers:
      out.kept_ = {header[1]};
      add_values(false);
      break;
    case Layout::WideMonthDays:
      out.kept_ = {header[0], {"", kMonth}};
      for (int day = 1; day <= 31; ++day) out.names_.push_back(fmt::format("{}日", day));
      break;
    default:
      out.kept_ = {header[0], {"", kDay}};
      out.names_ = interval_names(spec.layout);
  }
  return out;
}

std::string WideShape::record_of(const std::vector<Canonical>& row) const {
  switch (spec_->layout) {
    case Layout::WideDays:
      return *row[0];
    case Layout::WideCustomers:
      return *row[1];
    case Layout::WideMonthDays:
      return *row[0] + " " + row[1]->substr(0, 7);
    default:
      return *row[0] + " " + row[1]->substr(0, 10);
  }
}

std::size_t WideShape::column_of(const std::vector<Canonical>& row) const {
  switch (spec_->layout) {
    case Layout::WideDays:
      return place_.at(*row[1]);
    case Layout::WideCustomers:
      return place_.at(*row[0]);
    case Layout::WideMonthDays:
      return number_at(*row[1], 8) - 1;
    case Layout::WideHours:
      return number_at(*row[1], 11);
    default:
      return number_at(*row[1], 11) * 4 + number_at(*row[1], 14) / 15;
  }
}

std::vector<OutCell> WideShape::kept_of(const std::vector<Canonical>& row, Random& random) const {
  const auto& fields = *fields_;
  const auto customer = [&] { return styled(*fields[0], row[0], spec_->styles, random); };
  warehouse::Field day;
  switch (spec_->layout) {
    case Layout::WideDays:
      return {customer()};
    case Layout::WideCustomers:
      return {styled(*fields[1], row[1], spec_->styles, random)};
    case Layout::WideMonthDays:
      day.type = warehouse::FieldType::Month;
      return {customer(), styled(day, row[1]->substr(0, 7) + "-01", spec_->styles, random)};
    default:
      day.type = warehouse::FieldType::Date;
      return {customer(), styled(day, row[1]->substr(0, 10), spec_->styles, random)};
  }
}

std::string wide_mapping(const DeliverySpec& spec, const Fields& fields, const std::vector<HeaderCell>& header) {
  const auto customer = full_name(header[0]), time = full_name(header[1]);
  const auto* except = spec.has_totals ? "\n      columns: {except: [\"合计\"]}" : "";
  switch (spec.layout) {
    case Layout::WideDays:
      return fmt::format(
          "    wide:\n      keep: [\"{0}\"]{1}\n      name_to: {2}\n      value_to: {3}\n    fields: {{{4}: "
          "\"{0}\"}}\n",
          customer, except, fields[1]->name, spec.measure, fields[0]->name);
    case Layout::WideCustomers:
      return fmt::format(
          "    wide:\n      keep: [\"{0}\"]{1}\n      name_to: {2}\n      value_to: {3}\n    fields: {{{4}: "
          "\"{0}\"}}\n",
          time, except, fields[0]->name, spec.measure, fields[1]->name);
    case Layout::WideMonthDays:
      return fmt::format(
          "    wide: {{keep: [\"{0}\", {1}], columns: days, value_to: {2}}}\n    fields: {{{3}: \"{0}\", {4}: {{month: "
          "{1}, day: cell_name}}}}\n",
          customer, kMonth, spec.measure, fields[0]->name, fields[1]->name);
    default:
      return fmt::format(
          "    wide: {{keep: [\"{0}\", {1}], columns: {2}, value_to: {3}}}\n    fields: {{{4}: \"{0}\", {5}: {{date: "
          "{1}, "
          "time: cell_name, stamp: end}}}}\n",
          customer, kDay, spec.layout == Layout::WideHours ? "hours" : "quarter_hours", spec.measure, fields[0]->name,
          fields[1]->name);
  }
}

}  // namespace fenqun::delivery
