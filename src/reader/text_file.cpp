// reader/text_file.cpp
#include "reader/text_file.hpp"

#include "reader/mixed_lines.hpp"
#include "reader/utf8.hpp"

#include <algorithm>

namespace fenqun::reader {
namespace {

constexpr std::size_t kSampleBytes = 1U << 20U;

tl::unexpected<Error> mixed(const TextRequest& request, const MixedLines& lines) {
  return fail(ErrorCode::BadData, "reader.encodings_mixed",
              {{"file", request.name},
               {"utf8_line", std::to_string(lines.first_utf8())},
               {"other_line", std::to_string(lines.first_other())}});
}

// GB18030 has a character for nearly any two bytes: what is of another encoding has to be looked for. Private-use
// characters may be meant (rare characters of names) where somebody stated the encoding.
Result<void> convert_gb18030(const TextRequest& request, const ByteSource& source, OutputFile& out) {
  MixedLines lines;
  PrivateCharacters rare;
  const ByteSource watched = [&](char* into, std::size_t size) {
    const auto got = source(into, size);
    lines.add({into, got});
    return got;
  };
  auto converted = convert_to_utf8(
      watched, request.name, Encoding::Gb18030,
      [&](std::string_view bytes) {
        rare.add(bytes);
        return out.write(bytes);
      },
      request.stop);
  if (!converted && converted.error().code != ErrorCode::BadData) return converted;
  lines.finish();
  if (lines.is_mixed()) return mixed(request, lines);
  if (converted && !request.stated && rare.first_line() > 0) {
    return fail(ErrorCode::BadData, "reader.private_characters",
                {{"file", request.name}, {"line", std::to_string(rare.first_line())}});
  }
  return converted;
}

Result<TextFile> decode(const TextRequest& request, Encoding encoding) {
  FENQUN_TRY(const auto file, open_shared(request.file));
  FENQUN_TRY(auto out, OutputFile::create(request.twin));
  if (encoding == Encoding::Gb18030) {
    FENQUN_CHECK(convert_gb18030(request, bytes_of(file), out));
  } else {
    FENQUN_CHECK(convert_to_utf8(
        bytes_of(file), request.name, encoding, [&](std::string_view bytes) { return out.write(bytes); },
        request.stop));
  }
  FENQUN_CHECK(file->check(request.name));
  FENQUN_CHECK(out.close());
  TextFile text;
  text.path = request.twin;
  text.encoding = encoding;
  return text;
}

// Where the line begins that holds the first fault: a place between two characters.
Result<std::string> sample_around(const TextRequest& request, std::int64_t fault, bool is_binary) {
  constexpr std::int64_t kBefore = 65536;
  // NULs mean UTF-16 or nothing, and its characters lie at even offsets.
  if (is_binary || fault <= kBefore) return read_part(request.file, 0, kSampleBytes);
  FENQUN_TRY(auto part, read_part(request.file, fault - kBefore, kSampleBytes));
  const auto line_end = part.rfind('\n', static_cast<std::size_t>(kBefore));
  if (line_end != std::string::npos) part.erase(0, line_end + 1);
  return part;
}

// Whether the lines of the sample that are not UTF-8 are GB18030.
bool has_lines_of_gb18030(std::string_view sample) {
  std::string others;
  while (!sample.empty()) {
    const auto line = sample.substr(0, std::min(sample.find('\n'), sample.size() - 1) + 1);
    sample.remove_prefix(line.size());
    Utf8Check check;
    check.add(line);
    if (!sample.empty()) check.finish();
    if (check.first_fault() >= 0) others += line;
  }
  return guess_encoding(others) == Encoding::Gb18030;
}

// What a sample of both is taken for, nobody can say; line by line it is clear.
Result<void> check_mixed(const TextRequest& request, std::string_view sample) {
  if (!has_lines_of_gb18030(sample)) return {};
  FENQUN_TRY(const auto file, open_shared(request.file));
  MixedLines lines;
  std::string piece(1U << 18U, '\0');
  while (const auto got = file->read(piece.data(), piece.size())) {
    if (request.stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    lines.add({piece.data(), got});
  }
  lines.finish();
  FENQUN_CHECK(file->check(request.name));
  return lines.is_mixed() ? Result<void>(mixed(request, lines)) : Result<void>();
}

}  // namespace

Result<std::shared_ptr<InputFile>> open_shared(const std::filesystem::path& path) {
  FENQUN_TRY(auto file, InputFile::open(path));
  return std::make_shared<InputFile>(std::move(file));
}

ByteSource bytes_of(std::shared_ptr<InputFile> file) {
  return [file = std::move(file)](char* into, std::size_t size) { return file->read(into, size); };
}

Result<std::string> read_part(const std::filesystem::path& path, std::int64_t offset, std::size_t bytes) {
  FENQUN_TRY(auto file, InputFile::open(path));
  FENQUN_CHECK(file.seek(offset, path.string()));
  constexpr std::size_t kPieceBytes = 1U << 16U;
  std::string part;
  while (part.size() < bytes) {
    const auto filled = part.size();
    part.resize(std::min(bytes, filled + std::max(kPieceBytes, filled)));
    const auto got = file.read(part.data() + filled, part.size() - filled);
    part.resize(filled + got);
    if (got == 0) break;
  }
  FENQUN_CHECK(file.check(path.string()));
  return part;
}

Result<TextFile> open_text(const TextRequest& request) {
  FENQUN_TRY(const auto beginning, read_part(request.file, 0, kSampleBytes));
  const auto mark = marked_encoding(beginning);
  TextFile text;
  text.path = request.file;
  text.has_mark = mark.has_value();
  if (mark == Encoding::Utf8) return text;
  if (mark || (request.stated && *request.stated != Encoding::Utf8)) {
    FENQUN_TRY(text, decode(request, mark.value_or(request.stated.value_or(Encoding::Utf8))));
    text.has_mark = mark.has_value();
    return text;
  }
  Utf8Check check;
  check.add(beginning);
  if (beginning.size() < kSampleBytes) check.finish();
  const auto nul = beginning.find('\0');
  text.is_assumed = true;
  if (check.first_fault() < 0 && nul == std::string::npos) return text;
  return decode_by_guess(request, check.first_fault(), nul == std::string::npos ? -1 : static_cast<std::int64_t>(nul));
}

Result<TextFile> decode_by_guess(const TextRequest& request, std::int64_t first_not_utf8, std::int64_t first_nul) {
  const bool is_binary = first_nul >= 0;
  const auto byte = first_not_utf8 >= 0 && !is_binary ? first_not_utf8 : first_nul;
  FENQUN_TRY(const auto sample, sample_around(request, byte, is_binary));
  const auto guess = guess_encoding(sample);
  const auto at = std::to_string(byte);
  if (guess && request.stated) {
    return fail(ErrorCode::BadData, "ingest.not_utf8",
                {{"file", request.name}, {"byte", at}, {"encoding", std::string(name_of(*guess))}});
  }
  if (!guess && is_binary)
    return fail(ErrorCode::BadData, "ingest.binary_file", {{"file", request.name}, {"byte", at}});
  if (guess) {
    auto decoded = decode(request, *guess);
    const bool is_vague = !decoded && decoded.error().line.key == "ingest.not_decodable";
    if (!is_vague) return decoded;
  }
  if (!is_binary) FENQUN_CHECK(check_mixed(request, sample));
  return fail(ErrorCode::BadData, "reader.encoding_unclear", {{"file", request.name}, {"byte", at}});
}

}  // namespace fenqun::reader
