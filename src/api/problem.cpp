// api/problem.cpp
#include "api/problem.hpp"

#include "base/error_table.hpp"

#include <array>
#include <utility>

namespace fenqun::api {
namespace {

constexpr int kFaultOfOurs = 500;
constexpr std::array<std::pair<std::string_view, int>, 11> kStatusOfKey = {{{"api.not_logged_in", 401},
                                                                            {"access.wrong_login", 403},
                                                                            {"api.no_such_method", 405},
                                                                            {"api.too_large", 413},
                                                                            {"api.too_long", 414},
                                                                            {"api.no_json_type", 415},
                                                                            {"api.no_parts", 415},
                                                                            {"api.upload_type", 415},
                                                                            {"access.locked_out", 429},
                                                                            {"api.too_many_requests", 429},
                                                                            {"app.all_busy", 503}}};

bool tells_cause(const Error& error) { return status_of(error) < kFaultOfOurs || error.code == ErrorCode::Unavailable; }

}  // namespace

int status_of(const Error& error) {
  for (const auto& [key, status] : kStatusOfKey) {
    if (error.line.key == key) return status;
  }
  return traits_of(error.code).http_status;
}

Json problem_of(const Error& error, const Texts& texts, const std::string& trace_id) {
  const auto& traits = traits_of(error.code);
  const std::string name(traits.name);
  Json out = {
      {"type", "about:blank"},
      {"title", texts("api.title_" + name)},
      {"status", status_of(error)},
      {"detail", tells_cause(error) ? render_error(error, texts) : texts("api.fault", {{"trace_id", trace_id}})},
      {"code", name},
      {"trace_id", trace_id},
      {"retryable", traits.retryable}};
  if (tells_cause(error)) out["key"] = error.line.key;
  if (const auto field = error.arg("field"); !field.empty()) out["field"] = field;
  return out;
}

Response answer_of(const Error& error, const Texts& texts, const std::string& trace_id) {
  auto out = Response::json(problem_of(error, texts, trace_id), status_of(error));
  out.type = "application/problem+json; charset=utf-8";
  if (const auto wait = error.arg("wait_s"); !wait.empty()) out.headers.emplace_back("Retry-After", wait);
  return out;
}

}  // namespace fenqun::api
