// report/skeleton.cpp
#include "report/skeleton.hpp"

#include <set>

namespace fenqun::report {

Result<std::string> fill_slots(const Asset& skeleton, const Slots& slots) {
  std::string out;
  std::string_view rest = skeleton.text;
  std::set<std::string, std::less<>> filled;
  for (auto open = rest.find("{{"); open != std::string_view::npos; open = rest.find("{{")) {
    const auto close = rest.find("}}", open);
    if (close == std::string_view::npos) break;
    const auto name = rest.substr(open + 2, close - open - 2);
    const auto slot = slots.find(name);
    if (slot == slots.end()) {
      return fail(ErrorCode::BadData, "report.unknown_slot", {{"file", skeleton.origin}, {"slot", std::string(name)}});
    }
    out.append(rest.substr(0, open)).append(slot->second);
    rest.remove_prefix(close + 2);
    filled.insert(slot->first);
  }
  for (const auto& [name, content] : slots) {
    if (!filled.contains(name)) {
      return fail(ErrorCode::BadData, "report.missing_slot", {{"file", skeleton.origin}, {"slot", name}});
    }
  }
  return out.append(rest);
}

std::string to_script_data(const nlohmann::json& value) {
  std::string out;
  for (const char c : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace fenqun::report
