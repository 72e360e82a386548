// reader/xlsx_part.cpp
#include "reader/xlsx_part.hpp"

#include "reader/xlsx_limits.hpp"
#include "reader/xml_balance.hpp"

#include <minizip/unzip.h>

#include <array>
#include <vector>

namespace fenqun::reader {
namespace {

bool ends_name(char c) { return c == ' ' || c == '>' || c == '/' || c == '\t' || c == '\n' || c == '\r'; }

// Finds `<name` or `<prefix:name` from `from` on; npos when there is none.
std::size_t find_open(std::string_view text, std::string_view name, std::size_t from) {
  for (auto at = text.find(name, from); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto after = at + name.size();
    if (after >= text.size()) return std::string_view::npos;
    if (!ends_name(text[after]) || at == 0) continue;
    if (text[at - 1] == '<') return at - 1;
    if (text[at - 1] != ':') continue;
    const auto open = text.rfind('<', at);
    if (open == std::string_view::npos || open < from) continue;
    if (text.substr(open + 1, at - open - 2).find_first_of(" />\"'=") == std::string_view::npos) return open;
  }
  return std::string_view::npos;
}

// Cuts a stream of XML into its elements of one name without holding more than one of them.
class ElementCutter {
 public:
  ElementCutter(std::string_view name, TextArgs where, const std::function<Result<bool>(std::string_view)>& on_element)
      : name_(name), where_(std::move(where)), on_element_(on_element) {}

  // False: enough.
  Result<bool> add(std::string_view piece) {
    held_.append(piece);
    std::size_t done = 0;
    while (true) {
      const auto open = find_open(held_, name_, done);
      if (open == std::string_view::npos) {
        // A name could be cut in two at the end of the piece.
        done = std::max(done, held_.size() - std::min(held_.size(), kTail));
        break;
      }
      const auto end = end_of(open);
      if (end == std::string::npos) {
        done = open;
        break;
      }
      FENQUN_TRY(const bool goes_on, on_element_(std::string_view(held_).substr(open, end - open)));
      if (!goes_on) return false;
      done = end;
    }
    held_.erase(0, done);
    if (static_cast<std::int64_t>(held_.size()) > kXlsxMaxRowBytes) {
      auto args = where_;
      args.push_back({"limit", std::to_string(kXlsxMaxRowBytes)});
      return fail(ErrorCode::BadData, "reader.xlsx_large_element", std::move(args));
    }
    return true;
  }

 private:
  static constexpr std::size_t kTail = 128;

  [[nodiscard]] std::size_t end_of(std::size_t open) const {
    const auto tag_end = held_.find('>', open);
    if (tag_end == std::string::npos) return std::string::npos;
    if (held_[tag_end - 1] == '/') return tag_end + 1;
    const auto blank = held_.find_first_of(" >/\t\r\n", open);
    const auto closing = "</" + held_.substr(open + 1, blank - open - 1);
    for (auto at = held_.find(closing, tag_end); at != std::string::npos; at = held_.find(closing, at + 1)) {
      const auto stop = held_.find('>', at);
      if (stop == std::string::npos) return std::string::npos;
      if (ends_name(held_[at + closing.size()])) return stop + 1;
    }
    return std::string::npos;
  }

  std::string_view name_;
  TextArgs where_;  // file and part
  const std::function<Result<bool>(std::string_view)>& on_element_;
  std::string held_;
};

}  // namespace

struct XlsxArchive::State {
  std::string file;  // its name in messages
  unzFile zip = nullptr;

  State(const std::filesystem::path& path, std::string name) : file(std::move(name)), zip(unzOpen64(path.c_str())) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (zip != nullptr) unzClose(zip);
  }
  [[nodiscard]] tl::unexpected<Error> damaged(const std::string& part) const {
    return fail(ErrorCode::BadData, "ingest.not_xlsx", {{"file", file}, {"part", part}});
  }
};

XlsxArchive::XlsxArchive(std::unique_ptr<State> state) : state_(std::move(state)) {}
XlsxArchive::XlsxArchive(XlsxArchive&&) noexcept = default;
XlsxArchive& XlsxArchive::operator=(XlsxArchive&&) noexcept = default;
XlsxArchive::~XlsxArchive() = default;

Result<XlsxArchive> XlsxArchive::open(const std::filesystem::path& file, const std::string& name) {
  auto state = std::make_unique<State>(file, name);
  if (state->zip == nullptr) return state->damaged("zip");
  return XlsxArchive(std::move(state));
}

Result<void> XlsxArchive::unpack(const std::string& part, std::int64_t max_bytes,
                                 const std::function<Result<bool>(std::string_view)>& on_piece, bool& found) {
  found = unzLocateFile(state_->zip, part.c_str(), 2) == UNZ_OK;
  if (!found) return {};
  if (unzOpenCurrentFile(state_->zip) != UNZ_OK) return state_->damaged(part);
  std::vector<char> piece(1U << 18U);
  std::int64_t total = 0;
  Result<bool> outcome = true;
  while (outcome && *outcome) {
    const int got = unzReadCurrentFile(state_->zip, piece.data(), static_cast<unsigned>(piece.size()));
    if (got == 0) break;
    if (got < 0) {
      outcome = state_->damaged(part);
      break;
    }
    total += got;
    if (total > max_bytes) {
      outcome = fail(ErrorCode::BadData, "reader.xlsx_large_part",
                     {{"file", state_->file}, {"part", part}, {"limit", std::to_string(max_bytes)}});
      break;
    }
    outcome = on_piece({piece.data(), static_cast<std::size_t>(got)});
  }
  // Closing tells whether the checksum was right, where all of the part was read.
  const bool intact = unzCloseCurrentFile(state_->zip) == UNZ_OK;
  if (!outcome) return fail(std::move(outcome).error());
  if (*outcome && !intact) return state_->damaged(part);
  return {};
}

Result<std::optional<std::string>> XlsxArchive::read(const std::string& part) {
  std::string text;
  bool found = false;
  FENQUN_CHECK(unpack(
      part, kXlsxMaxPartBytes,
      [&](std::string_view piece) {
        text.append(piece);
        return Result<bool>(true);
      },
      found));
  if (!found) return std::optional<std::string>();
  return std::optional<std::string>(std::move(text));
}

Result<void> XlsxArchive::for_elements(const std::string& part, std::string_view name, std::int64_t max_part_bytes,
                                       const std::function<Result<bool>(std::string_view)>& on_element) {
  ElementCutter cutter(name, {{"file", state_->file}, {"part", part}}, on_element);
  XmlBalance balance;
  bool found = false;
  bool is_enough = false;
  FENQUN_CHECK(unpack(
      part, max_part_bytes,
      [&](std::string_view piece) -> Result<bool> {
        if (!balance.add(piece)) return state_->damaged(part);
        FENQUN_TRY(const bool goes_on, cutter.add(piece));
        is_enough = !goes_on;
        return goes_on;
      },
      found));
  // An element that is cut is not handed on, and those behind the cut are lost.
  if (found && !is_enough && !balance.is_whole()) return state_->damaged(part);
  return {};
}

}  // namespace fenqun::reader
