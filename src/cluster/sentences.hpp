// cluster/sentences.hpp - what an error of the engine says to a person, for programs that link the engine alone.
// Level 1: may include base/.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace fenqun::cluster {

/// The error in words, its values filled in; each line of its context follows on a line of its own, indented by two
/// blanks. `language`: whatever begins with "zh" ("zh", "zh-CN", "zh_CN.UTF-8") gives Chinese, anything else English.
/// UTF-8, no newline at the end. Knows every error that a function of cluster/ returns, base.cancelled among them; a
/// key of another room gives the key and its values. The texts are compiled in: no file is read. Safe from several
/// threads.
std::string sentence(const Error& error, std::string_view language);

}  // namespace fenqun::cluster
