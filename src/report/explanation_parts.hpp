// report/explanation_parts.hpp - what the sentences of an explanation share. Level 5, inside the room.
#pragma once

#include "report/wording.hpp"
#include "segment/explain.hpp"
#include "segment/result.hpp"

#include <string>
#include <vector>

namespace fenqun::report {

inline std::string group_title(const segment::RunResult& run, const std::string& code, const Wording& words) {
  for (const auto& group : run.groups) {
    if (group.code == code) return words.in(group.title);
  }
  return code;
}

inline std::string joined(const std::vector<std::string>& parts, const std::string& between) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : between) + part;
  return out;
}

/// Why a customer's days have the shape that they have, and what would give them another.
void say_shapes(const segment::Explanation& told, const segment::RunResult& run, const Wording& words,
                std::vector<std::string>& out);

}  // namespace fenqun::report
