// fuzz/serve_fuzz.cpp - bytes on a connection to the server: requests of every route, and what they become when spoilt.
#include "serve_request.hpp"

#include <algorithm>
#include <array>

namespace {

using namespace fenqun;
using fuzz::expect;

constexpr std::array kStatuses = {100, 200, 201, 202, 204, 206, 400, 401, 403, 404, 405,
                                  409, 413, 414, 415, 416, 417, 422, 429, 499, 503};

void show(const fuzz::Asked& asked, const std::string& heard) {
  std::cerr << "--- asked as " << asked.caller->role << "\n"
            << asked.bytes << "\n--- heard\n"
            << heard.substr(0, 4000) << "\n---\n";
}

void check(const fuzz::Answered& answer) {
  expect(answer.status != 500, "what is asked wrongly is no fault of the server");
  expect(std::find(kStatuses.begin(), kStatuses.end(), answer.status) != kStatuses.end(), "a status that is told of");
  if (answer.status == 100) return;
  const auto header = [&](const char* name) {
    const auto at = answer.headers.find(name);
    return at == answer.headers.end() ? std::string() : at->second;
  };
  expect(header("x-content-type-options") == "nosniff", "every answer has the headers that protect");
  const auto type = header("content-type");
  if (answer.status >= 400) {
    if (answer.status == 404 && type.starts_with("text/html")) return;  // a page for a browser that is not there
    expect(type.starts_with("application/problem+json"), "an error is a problem");
    const auto problem = api::Json::parse(answer.body, nullptr, false);
    expect(problem.is_object() && !problem.value("detail", std::string()).empty(), "a problem says what it is");
  } else if (type.starts_with("application/json") && answer.status != 206 && header("content-encoding").empty()) {
    expect(api::Json::accept(answer.body), "an answer is whole");
  }
}

// Each is told only to who may see it, or to who said it.
void check_secrets(const fuzz::Place& place, const fuzz::Asked& asked, const std::string& heard) {
  if (asked.caller->sees_clear) return;
  for (const auto& secret : place.secrets()) {
    expect(heard.find(secret) == std::string::npos || asked.bytes.find(secret) != std::string::npos,
           "personal fields stay masked");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::Place place;
  const auto asked = fuzz::request_of(place, {reinterpret_cast<const char*>(data), size});
  const bool bodiless = asked.bytes.find("HEAD") != std::string::npos;
  const auto heard = fuzz::speak(place.port(), asked.bytes, [&](std::string_view bytes) {
    const auto answers = fuzz::answers_in(bytes, bodiless);
    return answers && !answers->empty() && answers->back().status != 100;
  });
  const auto answers = fuzz::answers_in(heard.bytes, bodiless, heard.may_be_cut);
  const bool is_sound = heard.answered && answers && std::all_of(answers->begin(), answers->end(), [](const auto& one) {
                          return one.status != 500;
                        });
  if (!is_sound || std::getenv("FENQUN_FUZZ_SHOW") != nullptr) show(asked, heard.bytes);
  expect(heard.answered, "an answer comes in time");
  expect(answers.has_value(), "what comes back is HTTP");
  if (!bodiless) {
    for (const auto& answer : *answers) {
      if (answer.is_whole) check(answer);
    }
  }
  check_secrets(place, asked, heard.bytes);
  expect(place.is_undisturbed(), "nothing is written outside of the workspace");
  place.tidy();
  return 0;
}
