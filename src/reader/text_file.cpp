// reader/text_file.cpp
#include "reader/text_file.hpp"

#include "reader/utf8.hpp"

#include <algorithm>

namespace fenqun::reader {
namespace {

constexpr std::size_t kSampleBytes = 1U << 20U;

Result<TextFile> decode(const TextRequest& request, Encoding encoding) {
  FENQUN_TRY(const auto file, open_shared(request.file));
  FENQUN_TRY(auto out, OutputFile::create(request.twin));
  FENQUN_CHECK(convert_to_utf8(
      bytes_of(file), request.name, encoding, [&](std::string_view bytes) { return out.write(bytes); }, request.stop));
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
    if (decoded || decoded.error().code != ErrorCode::BadData) return decoded;
  }
  return fail(ErrorCode::BadData, "reader.encoding_unclear", {{"file", request.name}, {"byte", at}});
}

}  // namespace fenqun::reader
