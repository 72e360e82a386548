// fuzz/serve_request.hpp - requests of every route, made and spoilt by choice; answers taken apart.
#pragma once

#include "serve_place.hpp"

#include <optional>

namespace fenqun::fuzz {

/// What the caller may see of what comes back depends on who it is.
struct Asked {
  std::string bytes;
  const Caller* caller = nullptr;
};

/// Text that begins with a letter is a request as it stands; in it @key ROLE@, @session ROLE@ and @csrf ROLE@ stand
/// for those of a role. Everything else is choices, out of which a request of some route is made.
Asked request_of(const Place& place, std::string_view input);

struct Answered {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool is_whole = true;
};

/// One after the other as they came on a connection. `bodiless`: what was asked has answers without a body (HEAD).
/// Absent: it is not HTTP. A stream that was left early ends where it was left. `may_be_cut`: the body of the last one
/// may be shorter than was said, it is not whole then.
std::optional<std::vector<Answered>> answers_in(std::string_view bytes, bool bodiless, bool may_be_cut = false);

}  // namespace fenqun::fuzz
