// api/problem.hpp - errors as application/problem+json. Level 7.
#pragma once

#include "api/message.hpp"
#include "base/texts.hpp"

namespace fenqun::api {

/// The status of an error: that of its code, but for those that HTTP has a word of its own for (401, 405, 413, 429).
int status_of(const Error& error);

/// The problem in the caller's language. Faults of ours (500) keep their cause to themselves: the log has it under the
/// trace id.
Json problem_of(const Error& error, const Texts& texts, const std::string& trace_id);
Response answer_of(const Error& error, const Texts& texts, const std::string& trace_id);

}  // namespace fenqun::api
