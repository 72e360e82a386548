// base/placeholders.cpp
#include "base/placeholders.hpp"

#include <algorithm>

namespace fenqun {

std::string fill_placeholders(std::string_view pattern, const TextArgs& args) {
  std::string out;
  out.reserve(pattern.size() + 64);
  for (std::size_t at = 0; at < pattern.size();) {
    const auto close = pattern[at] == '{' ? pattern.find('}', at) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += pattern[at++];
      continue;
    }
    const auto name = pattern.substr(at + 1, close - at - 1);
    const auto arg = std::find_if(args.begin(), args.end(), [&](const TextArg& a) { return a.name == name; });
    out += arg == args.end() ? pattern.substr(at, close - at + 1) : std::string_view(arg->value);
    at = close + 1;
  }
  return out;
}

std::string name_values(std::string_view key, const TextArgs& args) {
  std::string out(key);
  for (const auto& arg : args) out += " " + arg.name + "=" + arg.value;
  return out;
}

}  // namespace fenqun
