// warehouse/database_errors.cpp
#include "warehouse/database_errors.hpp"

#include <array>

namespace fenqun::warehouse {
namespace {

bool mentions(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

std::string head_of(std::string_view sql) {
  constexpr std::size_t kLongest = 160;
  std::string out(sql.substr(0, kLongest));
  for (char& c : out) {
    if (c == '\n') c = ' ';
  }
  return sql.size() > kLongest ? out + "..." : out;
}

std::string between(const std::string& text, std::string_view before, char after) {
  const auto at = text.find(before);
  if (at == std::string::npos) return "?";
  const auto from = at + before.size();
  return text.substr(from, text.find(after, from) - from);
}

}  // namespace

bool is_no_space(std::string_view reason) noexcept {
  constexpr std::array kWords = {"No space left on device", "File too large", "Disk quota exceeded",
                                 "failed to offload data block", "Could not write all bytes"};
  for (const auto* word : kWords) {
    if (mentions(reason, word)) return true;
  }
  return false;
}

Error open_error(const std::filesystem::path& path, const std::string& reason) {
  if (mentions(reason, "Could not set lock on file")) {
    return {ErrorCode::Conflict,
            {"warehouse.in_use", {{"path", path.string()}, {"process", between(reason, "(PID ", ')')}}},
            {}};
  }
  if (mentions(reason, "IO Error")) {
    return {ErrorCode::Io, {"warehouse.cannot_open", {{"path", path.string()}, {"reason", reason}}}, {}};
  }
  return {ErrorCode::Database, {"warehouse.cannot_open", {{"path", path.string()}, {"reason", reason}}}, {}};
}

bool ends_database(std::string_view reason) noexcept {
  return reason.starts_with("FATAL Error") || reason.starts_with("INTERNAL Error");
}

Error statement_error(const char* reason, std::string_view sql) {
  const std::string text = reason != nullptr ? reason : "";
  if (text.starts_with("INTERRUPT") || mentions(text, "Interrupted!"))
    return {ErrorCode::Cancelled, {"base.cancelled", {}}, {}};
  if (is_no_space(text)) return {ErrorCode::Io, {"warehouse.disk_full", {{"reason", text}}}, {}};
  // The first line tells what it was, the others are its stack.
  if (ends_database(text))
    return {ErrorCode::Unavailable, {"warehouse.lost", {{"reason", text.substr(0, text.find('\n'))}}}, {}};
  if (mentions(text, "IO Error")) return {ErrorCode::Io, {"warehouse.io", {{"reason", text}}}, {}};
  return {ErrorCode::Database, {"warehouse.statement", {{"reason", text}, {"statement", head_of(sql)}}}, {}};
}

Error not_one_value(std::string_view sql, std::size_t rows) {
  return {ErrorCode::Internal,
          {"warehouse.not_one_value", {{"statement", head_of(sql)}, {"rows", std::to_string(rows)}}},
          {}};
}

}  // namespace fenqun::warehouse
