// features/sql_template.cpp
#include "features/sql_template.hpp"

#include "base/number.hpp"

#include <algorithm>
#include <optional>

namespace fenqun::features {
namespace {

constexpr std::int64_t kLongestWindow = 120;

std::string date_literal(const std::string& date) { return "DATE '" + date + "'"; }

std::optional<std::string> value_of(std::string_view placeholder, const TemplateValues& values) {
  const auto colon = placeholder.find(':');
  const auto name = placeholder.substr(0, colon);
  const auto argument = colon == std::string_view::npos ? std::string_view() : placeholder.substr(colon + 1);
  if (placeholder == "as_of") return date_literal(values.as_of.first_date());
  if (placeholder == "next_month") return date_literal(values.as_of.plus(1).first_date());
  if (placeholder == "month_end") {
    return date_literal(values.as_of.text() + "-" + std::to_string(values.as_of.days()));
  }
  if (name == "months_back") {
    const auto months = parse_integer(argument);
    if (!months || *months < 1 || *months > kLongestWindow) return std::nullopt;
    return date_literal(values.as_of.plus(1 - static_cast<int>(*months)).first_date());
  }
  const std::string entity(argument);
  if (name == "months" && values.known.contains(entity)) {
    const auto found = values.months.find(entity);
    return std::to_string(found == values.months.end() ? 0 : found->second);
  }
  if (name == "setting") {
    const auto found = values.settings.find(entity);
    return found == values.settings.end() ? std::nullopt : std::optional(found->second);
  }
  if (name == "loaded" && values.known.contains(entity)) return values.loaded.contains(entity) ? "TRUE" : "FALSE";
  return std::nullopt;
}

}  // namespace

std::string with_present(std::string sql, const std::string& present) {
  constexpr std::string_view kPresent = "${present}";
  for (auto at = sql.find(kPresent); at != std::string::npos; at = sql.find(kPresent, at + present.size())) {
    sql.replace(at, kPresent.size(), present);
  }
  return sql;
}

Result<std::string> fill_template(std::string_view sql, const std::string& origin, const TemplateValues& values) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const auto open = sql.find("${", at);
    out += sql.substr(at, open - at);
    if (open == std::string_view::npos) return out;
    const auto close = sql.find('}', open);
    const auto placeholder =
        close == std::string_view::npos ? sql.substr(open, 20) : sql.substr(open + 2, close - open - 2);
    const auto value = close == std::string_view::npos ? std::nullopt : value_of(placeholder, values);
    if (!value) {
      const auto line = 1 + std::count(sql.begin(), sql.begin() + static_cast<std::ptrdiff_t>(open), '\n');
      return fail(ErrorCode::BadData, "features.placeholder",
                  {{"file", origin}, {"line", std::to_string(line)}, {"value", std::string(placeholder)}});
    }
    out += *value;
    at = close + 1;
  }
}

}  // namespace fenqun::features
