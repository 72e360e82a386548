// api/route.cpp
#include "api/route.hpp"

#include "base/month.hpp"
#include "reader/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace fenqun::api {
namespace {

constexpr double kLargestPage = 1'000'000;
constexpr double kLargestPageSize = 500;
constexpr std::size_t kLongestId = 256;
constexpr std::size_t kMostTexts = 1000;
constexpr std::size_t kMostFields = 100;
constexpr std::size_t kLongestField = 8000;

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    path.remove_prefix(path.front() == '/' ? 1 : 0);
    const auto end = std::min(path.find('/'), path.size());
    out.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return out;
}

// Parts that are spelt out, or nullopt when the path is not of the pattern.
std::optional<std::size_t> match(std::string_view pattern, const std::vector<std::string_view>& path, Values& values) {
  const auto parts = segments(pattern);
  if (parts.size() != path.size()) return std::nullopt;
  std::size_t exact = 0;
  for (std::size_t n = 0; n < parts.size(); ++n) {
    if (parts[n].starts_with('{')) {
      if (path[n].empty()) return std::nullopt;
      values[std::string(parts[n].substr(1, parts[n].size() - 2))] = std::string(path[n]);
    } else if (parts[n] == path[n]) {
      exact += 1;
    } else {
      return std::nullopt;
    }
  }
  return exact;
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20U && c != '\n' && c != '\t' && c != '\r'; });
}

// The database takes no other text, and what it refuses would be a fault of ours.
bool is_utf8(std::string_view text) {
  reader::Utf8Check check;
  check.add(text);
  check.finish();
  return check.first_fault() < 0;
}

tl::unexpected<Error> bad(const Parameter& p, const char* key) {
  std::string choices;
  for (const auto& one : p.choices) choices += (choices.empty() ? "" : ", ") + one;
  const auto plain = [](double v) {
    return std::abs(v) < 1e15 ? std::to_string(static_cast<std::int64_t>(v)) : std::string("∞");
  };
  return fail(ErrorCode::InvalidArgument, key,
              {{"field", p.name},
               {"least", p.least < 0 ? "0" : plain(p.least)},
               {"most", plain(p.most)},
               {"choices", choices}});
}

Result<void> check_number(const Parameter& p, double value) {
  if (!(value >= p.least && value <= p.most)) return bad(p, "api.out_of_range");
  return {};
}

Result<void> check_text(const Parameter& p, const std::string& value) {
  switch (p.kind) {
    case Kind::Integer: {
      std::int64_t number = 0;
      const auto* const end = value.data() + value.size();
      const auto read = std::from_chars(value.data(), end, number);
      if (read.ec != std::errc() || read.ptr != end) return bad(p, "api.no_integer");
      return check_number(p, static_cast<double>(number));
    }
    case Kind::Month:
      if (!Month::parse(value)) return bad(p, "api.no_month");
      return {};
    case Kind::Day:
      if (value.size() != 10 || !Month::parse(value.substr(0, 7)) || value[7] != '-') return bad(p, "api.no_day");
      return {};
    case Kind::Choice:
      if (std::find(p.choices.begin(), p.choices.end(), value) == p.choices.end()) return bad(p, "api.no_choice");
      return {};
    default:
      break;
  }
  if (has_control(value)) return bad(p, "api.control_characters");
  if (!is_utf8(value)) return bad(p, "api.no_utf8");
  const auto length = static_cast<double>(character_count(value));
  if (length < p.least || length > p.most) return bad(p, "api.text_length");
  return {};
}

Result<void> check_json(const Parameter& p, const Json& value) {
  switch (p.kind) {
    case Kind::Boolean:
      return value.is_boolean() ? Result<void>{} : bad(p, "api.no_boolean");
    case Kind::Integer:
      if (!value.is_number_integer()) return bad(p, "api.no_integer");
      return check_number(p, value.get<double>());
    case Kind::Number:
      if (!value.is_number()) return bad(p, "api.no_number");
      return check_number(p, value.get<double>());
    case Kind::Texts: {
      if (!value.is_array() || value.size() > kMostTexts) return bad(p, "api.no_texts");
      for (const auto& one : value) {
        if (!one.is_string() || one.get_ref<const std::string&>().size() > kLongestId ||
            has_control(one.get_ref<const std::string&>())) {
          return bad(p, "api.no_texts");
        }
      }
      return {};
    }
    case Kind::Fields: {
      if (!value.is_object() || value.size() > kMostFields) return bad(p, "api.no_fields");
      for (const auto& [name, one] : value.items()) {
        if (!one.is_string() || name.size() > kLongestId || has_control(name) ||
            one.get_ref<const std::string&>().size() > kLongestField ||
            has_control(one.get_ref<const std::string&>())) {
          return bad(p, "api.no_fields");
        }
      }
      return {};
    }
    default:
      if (!value.is_string()) return bad(p, "api.no_text");
      return check_text(p, value.get<std::string>());
  }
}

const Parameter* find(const Route& route, std::string_view name, Place place) {
  const auto at = std::find_if(route.parameters.begin(), route.parameters.end(),
                               [&](const Parameter& p) { return p.place == place && p.name == name; });
  return at == route.parameters.end() ? nullptr : &*at;
}

// Forms of other sites cannot send this type without asking first.
Result<void> check_type(const RawRequest& raw) {
  const auto type = raw.headers.find("content-type");
  if (type != raw.headers.end() && type->second.starts_with("application/json")) return {};
  return fail(ErrorCode::InvalidArgument, "api.no_json_type", {{"field", "Content-Type"}});
}

Result<void> read_body(const Route& route, const RawRequest& raw, Request& request) {
  request.body = Json::parse(raw.body, nullptr, false);
  if (request.body.is_discarded() || !request.body.is_object()) {
    return fail(ErrorCode::InvalidArgument, "api.no_json", {{"field", "body"}});
  }
  for (const auto& [name, value] : request.body.items()) {
    const auto* const parameter = find(route, name, Place::Body);
    if (parameter == nullptr) return fail(ErrorCode::InvalidArgument, "api.unknown_field", {{"field", name}});
    if (!value.is_null()) FENQUN_CHECK(check_json(*parameter, value));
  }
  for (const auto& p : route.parameters) {
    const bool missing = p.place == Place::Body && p.need == Need::Required &&
                         (!request.body.contains(p.name) || request.body[p.name].is_null());
    if (missing) return fail(ErrorCode::InvalidArgument, "api.missing", {{"field", p.name}});
  }
  return {};
}

}  // namespace

Parameter page_parameter() { return {"page", Place::Query, Kind::Integer, Need::Optional, 1, kLargestPage}; }
Parameter page_size_parameter() {
  return {"page_size", Place::Query, Kind::Integer, Need::Optional, 1, kLargestPageSize};
}
Parameter month_parameter() { return {"month", Place::Query, Kind::Month}; }
Parameter in_path(const std::string& name) {
  return {name, Place::Path, Kind::Text, Need::Required, 1, static_cast<double>(kLongestId)};
}
Parameter text_query(const std::string& name, std::size_t most) {
  return {name, Place::Query, Kind::Text, Need::Optional, 0, static_cast<double>(most)};
}
Parameter text_field(const std::string& name, Need need, std::size_t least, std::size_t most) {
  return {name, Place::Body, Kind::Text, need, static_cast<double>(least), static_cast<double>(most)};
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  const auto parts = segments(path);
  Match best;
  std::size_t best_exact = 0;
  for (const auto& route : routes_) {
    Values values;
    const auto exact = match(route.pattern, parts, values);
    if (!exact) continue;
    if (route.method != method) {
      best.other_method = true;
      continue;
    }
    // What is spelt out goes before what stands for anything.
    if (best.route != nullptr && *exact <= best_exact) continue;
    best.route = &route;
    best.values = std::move(values);
    best_exact = *exact;
  }
  return best;
}

Result<void> read_parameters(const Route& route, const RawRequest& raw, Request& request) {
  if (route.body == BodyKind::Object) FENQUN_CHECK(check_type(raw));
  for (const auto& [name, value] : request.values) {
    const auto* const parameter = find(route, name, Place::Path);
    if (parameter != nullptr) FENQUN_CHECK(check_text(*parameter, value));
  }
  for (const auto& [name, value] : raw.query) {
    const auto* const parameter = find(route, name, Place::Query);
    if (parameter == nullptr) return fail(ErrorCode::InvalidArgument, "api.unknown_field", {{"field", name}});
    if (request.values.contains(name)) return fail(ErrorCode::InvalidArgument, "api.twice", {{"field", name}});
    if (value.empty() && parameter->need == Need::Optional) continue;
    FENQUN_CHECK(check_text(*parameter, value));
    request.values.emplace(name, value);
  }
  for (const auto& p : route.parameters) {
    if (p.place == Place::Query && p.need == Need::Required && !request.values.contains(p.name)) {
      return fail(ErrorCode::InvalidArgument, "api.missing", {{"field", p.name}});
    }
  }
  if (route.body == BodyKind::Object) return read_body(route, raw, request);
  if (route.body == BodyKind::Stream) request.read_body = raw.read_body;
  return {};
}

}  // namespace fenqun::api
