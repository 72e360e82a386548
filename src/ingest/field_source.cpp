// ingest/field_source.cpp
#include "ingest/field_source.hpp"

#include "base/month.hpp"
#include "base/near_names.hpp"
#include "base/number.hpp"
#include "ingest/units.hpp"

#include <algorithm>
#include <array>

namespace fenqun::ingest {
namespace {

using warehouse::Contract;
using warehouse::Field;
using warehouse::FieldType;

bool is_number(const Field& field) { return field.type == FieldType::Decimal || field.type == FieldType::Integer; }
bool is_time(const Field& field) {
  return field.type == FieldType::Date || field.type == FieldType::Month || field.type == FieldType::Timestamp;
}

// An exact decimal, as it goes into the SQL: sign, digits, point.
bool is_decimal(const std::string& text) {
  return parse_number(text).has_value() && text.find_first_not_of("-0123456789.") == std::string::npos &&
         text.size() <= 12;
}

bool fits(const Field& field, const std::string& text) {
  switch (field.type) {
    case FieldType::Code:
      return std::find(field.values.begin(), field.values.end(), text) != field.values.end();
    case FieldType::Decimal:
      return parse_number(text).has_value();
    case FieldType::Integer:
      return parse_integer(text).has_value();
    case FieldType::Boolean:
      return text == "true" || text == "false";
    case FieldType::Month:
    case FieldType::Date:
    case FieldType::Timestamp:
      return Month::parse(text).has_value();
    case FieldType::Id:
    case FieldType::Text:
      return !text.empty();
  }
  return false;
}

std::string expected_of(const Field& field) {
  switch (field.type) {
    case FieldType::Code:
      return name_list(field.values);
    case FieldType::Boolean:
      return "true, false";
    case FieldType::Month:
      return "YYYY-MM";
    case FieldType::Date:
      return "YYYY-MM-DD";
    case FieldType::Timestamp:
      return "YYYY-MM-DD HH:MM:SS";
    default:
      return is_number(field) ? "1234.5" : "...";
  }
}

tl::unexpected<Error> wrong(const Settings& node, const char* key, std::string value, const char* expected) {
  return node.refuse("base.setting_wrong", {{"key", key}, {"value", std::move(value)}, {"expected", expected}});
}

Result<std::string> read_factor(const Settings& node, const Field& field) {
  if (node.has("multiply")) {
    FENQUN_TRY(auto factor, node.text("multiply"));
    if (!is_number(field) || !is_decimal(factor)) {
      return wrong(node, "multiply", factor, "0.001, 1000");
    }
    return factor;
  }
  if (!node.has("unit")) return std::string();
  FENQUN_TRY(const auto unit, node.text("unit"));
  auto factor = is_number(field) ? unit_factor(unit, unit_of(field)) : std::nullopt;
  if (!factor) {
    return node.refuse("ingest.mapping_unit", {{"unit", unit}, {"field", field.name}, {"expected", field.unit}});
  }
  return *std::move(factor);
}

Result<void> read_values(const Settings& node, FieldSource& source) {
  const auto list = node.find("values");
  if (!list) return {};
  FENQUN_TRY(const auto entries, list->entries());
  for (const auto& [from, to] : entries) {
    const bool is_null = !to.is_scalar() && !to.is_list() && !to.is_map();
    if (is_null) {
      source.values.emplace_back(from, std::nullopt);
    } else {
      FENQUN_TRY(auto value, to.text());
      source.values.emplace_back(from, std::move(value));
    }
  }
  return {};
}

// The letters that the database's strptime knows.
bool is_format(std::string_view format) {
  constexpr std::string_view kLetters = "aAwdbBmyYHIpMSgfnzZjUWuVGcxX%";
  bool has_any = false;
  for (auto at = format.find('%'); at != std::string_view::npos; at = format.find('%', at + 1)) {
    ++at;
    if (at < format.size() && format[at] == '-') ++at;
    if (at >= format.size() || kLetters.find(format[at]) == std::string_view::npos) return false;
    has_any = has_any || format[at] != '%';
  }
  return has_any;
}

Result<std::vector<std::string>> read_formats(const Settings& node, const Field& field) {
  FENQUN_TRY(auto formats, node.texts("format"));
  for (const auto& format : formats) {
    if (!is_format(format))
      return node.refuse("ingest.mapping_format_unknown", {{"field", field.name}, {"format", format}});
  }
  return formats;
}

// What all sources that read a text have in common: formats, units, values.
Result<void> read_reading(const Settings& node, const Field& field, FieldSource& source) {
  FENQUN_TRY(source.formats, read_formats(node, field));
  if (!source.formats.empty() && !is_time(field)) {
    return node.refuse("ingest.mapping_format", {{"field", field.name}});
  }
  FENQUN_TRY(source.factor, read_factor(node, field));
  source.multiplied = node.has("multiply");
  return read_values(node, source);
}

// What of its interval a time names, and how long that is.
Result<void> read_stamp(const Settings& node, const Field& field, FieldSource& source) {
  if (!node.has("stamp") && !node.has("every")) return {};
  if (field.type != FieldType::Timestamp) return node.refuse("ingest.mapping_stamp", {{"field", field.name}});
  FENQUN_TRY(const auto every, node.text("every", ""));
  if (every == "hour")
    source.interval_minutes = minutes_of(SeriesKind::Hours);
  else if (every == "half_hour")
    source.interval_minutes = minutes_of(SeriesKind::HalfHours);
  else if (every == "quarter_hour")
    source.interval_minutes = minutes_of(SeriesKind::QuarterHours);
  else if (!every.empty())
    return wrong(node, "every", every, "hour, half_hour, quarter_hour");
  FENQUN_TRY(const auto stamp, node.text("stamp", ""));
  if (stamp == "begin")
    source.stamp = Stamp::Begin;
  else if (stamp == "end")
    source.stamp = Stamp::End;
  else if (!stamp.empty())
    return wrong(node, "stamp", stamp, "begin, end");
  const bool series_says = source.kind == FieldSource::Kind::Composed && source.within.empty();
  if (series_says && source.interval_minutes > 0)
    return node.refuse("base.setting_unknown", {{"key", "every"}, {"expected", "date, time, format, stamp"}});
  if (source.stamp == Stamp::End && source.interval_minutes == 0 && !series_says)
    return node.refuse("base.setting_missing", {{"key", "every"}});
  return {};
}

// {date, time}, {month, day}, {year, month}: of columns, or of a column and the name of the one a cell stands in.
Result<FieldSource> read_composed(const Settings& node, const Field& field) {
  struct Parts {
    FieldType type;
    const char* whole;
    const char* within;
  };
  constexpr std::array kParts = {Parts{FieldType::Timestamp, "date", "time"}, Parts{FieldType::Date, "month", "day"},
                                 Parts{FieldType::Month, "year", "month"}};
  const auto parts = std::find_if(kParts.begin(), kParts.end(), [&](const Parts& each) {
    return each.type == field.type && node.has(each.whole) && node.has(each.within);
  });
  if (parts == kParts.end()) return node.refuse("ingest.mapping_composed", {{"field", field.name}});
  FENQUN_CHECK(node.allow_only({parts->whole, parts->within, "format", "stamp", "every"}));
  FieldSource source;
  source.kind = FieldSource::Kind::Composed;
  FENQUN_TRY(source.columns, node.texts(parts->whole));
  FENQUN_TRY(source.within, node.texts(parts->within));
  if (source.within == std::vector<std::string>{"cell_name"}) source.within.clear();
  FENQUN_TRY(source.formats, read_formats(node, field));
  if (!source.formats.empty() && field.type == FieldType::Month)
    return node.refuse("ingest.mapping_format", {{"field", field.name}});
  FENQUN_CHECK(read_stamp(node, field, source));
  return source;
}

Result<FieldSource> read_cell(const Settings& node, const Field& field) {
  FENQUN_CHECK(node.allow_only({"cell", "format", "unit", "multiply", "values", "stamp", "every"}));
  FENQUN_TRY(const auto which, node.text("cell"));
  FieldSource source;
  if (which == "name")
    source.kind = FieldSource::Kind::CellName;
  else if (which == "value")
    source.kind = FieldSource::Kind::CellValue;
  else
    return wrong(node, "cell", which, "name, value");
  FENQUN_CHECK(read_reading(node, field, source));
  FENQUN_CHECK(read_stamp(node, field, source));
  return source;
}

Result<FieldSource> read_part(const Settings& node, const Contract& contract, const Field& field) {
  if (node.is_scalar()) {
    FieldSource part;
    part.kind = FieldSource::Kind::Field;
    FENQUN_TRY(part.text, node.text());
    if (contract.find(part.text) != nullptr) return part;
    return node.refuse(
        "ingest.mapping_unknown_field",
        {{"field", part.text}, {"entity", contract.entity}, {"near", near_names(part.text, field_names(contract))}});
  }
  FENQUN_TRY(auto part, read_field_source(node, contract, field));
  if (part.kind == FieldSource::Kind::Join) return node.refuse("ingest.mapping_join", {{"field", field.name}});
  return part;
}

Result<FieldSource> read_join(const Settings& node, const Contract& contract, const Field& field) {
  FENQUN_CHECK(node.allow_only({"join", "separator"}));
  FieldSource source;
  source.kind = FieldSource::Kind::Join;
  FENQUN_TRY(source.text, node.text("separator", "-"));
  FENQUN_TRY(const auto list, node.child("join"));
  FENQUN_TRY(const auto parts, list.items());
  for (const auto& entry : parts) {
    FENQUN_TRY(auto part, read_part(entry, contract, field));
    source.parts.push_back(std::move(part));
  }
  if (field.type != FieldType::Id && field.type != FieldType::Text) {
    return node.refuse("ingest.mapping_join", {{"field", field.name}});
  }
  return source;
}

Result<FieldSource> read_constant(const Settings& node, const Field& field) {
  FENQUN_CHECK(node.allow_only({"constant"}));
  FieldSource source;
  source.kind = FieldSource::Kind::Constant;
  FENQUN_TRY(source.text, node.text("constant"));
  if (!fits(field, source.text)) {
    return node.refuse("ingest.mapping_constant",
                       {{"field", field.name}, {"value", source.text}, {"expected", expected_of(field)}});
  }
  return source;
}

}  // namespace

std::vector<std::string> field_names(const Contract& contract) {
  std::vector<std::string> names;
  for (const auto& field : contract.fields) names.push_back(field.name);
  return names;
}

Result<FieldSource> read_field_source(const Settings& node, const Contract& contract, const Field& field) {
  FieldSource source;
  if (node.is_scalar()) {
    FENQUN_TRY(auto column, node.text());
    source.columns.push_back(std::move(column));
    return source;
  }
  if (node.has("join")) return read_join(node, contract, field);
  if (node.has("constant")) return read_constant(node, field);
  if (node.has("occurrence_of")) {
    FENQUN_CHECK(node.allow_only({"occurrence_of"}));
    source.kind = FieldSource::Kind::Occurrence;
    FENQUN_TRY(source.fields, node.texts("occurrence_of"));
    return source;
  }
  if (node.has("cell")) return read_cell(node, field);
  if (node.has("date") || node.has("day") || node.has("year")) return read_composed(node, field);
  if (node.has("month_of")) {
    FENQUN_CHECK(node.allow_only({"month_of", "format"}));
    if (field.type != FieldType::Month) return node.refuse("ingest.mapping_month_of", {{"field", field.name}});
    FENQUN_TRY(source.columns, node.texts("month_of"));
  } else {
    FENQUN_CHECK(node.allow_only({"column", "format", "unit", "multiply", "values", "stamp", "every"}));
    FENQUN_CHECK(node.child("column"));
    FENQUN_TRY(source.columns, node.texts("column"));
  }
  FENQUN_CHECK(read_reading(node, field, source));
  FENQUN_CHECK(read_stamp(node, field, source));
  return source;
}

Result<void> check_references(const Settings& node, const std::vector<FieldMapping>& fields) {
  const auto is_plain = [&](const std::string& name) {
    return std::any_of(fields.begin(), fields.end(), [&](const FieldMapping& mapped) {
      return mapped.field == name && mapped.source.kind != FieldSource::Kind::Join &&
             mapped.source.kind != FieldSource::Kind::Occurrence;
    });
  };
  const auto check = [&](const FieldSource& source) -> Result<void> {
    std::vector<std::string> names = source.fields;
    if (source.kind == FieldSource::Kind::Field) names.push_back(source.text);
    for (const auto& name : names) {
      if (!is_plain(name)) return node.refuse("ingest.mapping_join", {{"field", name}});
    }
    return {};
  };
  for (const auto& mapped : fields) {
    FENQUN_CHECK(check(mapped.source));
    for (const auto& part : mapped.source.parts) FENQUN_CHECK(check(part));
  }
  return {};
}

}  // namespace fenqun::ingest
