// reader/byte_source.hpp - bytes that come, and bytes that go, piece by piece. Level 1.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <functional>
#include <string_view>

namespace fenqun::reader {

/// Fills `into` (of `size` bytes) from the text; returns how many bytes it gave, 0 at the end.
using ByteSource = std::function<std::size_t(char* into, std::size_t size)>;
/// A source that gives `bytes`, which must outlive it.
ByteSource bytes_of(std::string_view bytes);

/// Where made bytes go.
using ByteSink = std::function<Result<void>(std::string_view bytes)>;

}  // namespace fenqun::reader
