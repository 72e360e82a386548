// reader/byte_source.cpp
#include "reader/byte_source.hpp"

#include <algorithm>
#include <cstring>

namespace fenqun::reader {

ByteSource bytes_of(std::string_view bytes) {
  return [bytes, at = std::size_t{0}](char* into, std::size_t size) mutable {
    const auto count = std::min(size, bytes.size() - at);
    if (count > 0) std::memcpy(into, bytes.data() + at, count);
    at += count;
    return count;
  };
}

}  // namespace fenqun::reader
