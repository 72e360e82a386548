// reader/gzip.cpp
#include "reader/gzip.hpp"

#include <zlib.h>

#include <cstdint>
#include <vector>

namespace fenqun::reader {
namespace {

constexpr std::size_t kPieceBytes = 1U << 18U;
constexpr int kGzipWindow = 15 + 16;  // the largest window, with gzip's head and tail

class Inflater {
 public:
  Inflater() : ready_(inflateInit2(&stream_, kGzipWindow) == Z_OK) {}
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  [[nodiscard]] bool is_ready() const { return ready_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

class Unpacking {
 public:
  Unpacking(const ByteSource& source, const std::string& name, const ByteSink& sink, const std::stop_token& stop)
      : source_(source), name_(name), sink_(sink), stop_(stop) {}

  Result<void> run() {
    if (!inflater_.is_ready()) return fail(ErrorCode::Unavailable, "reader.gzip_unready", {{"file", name_}});
    while (true) {
      if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
      auto& stream = inflater_.stream();
      if (stream.avail_in == 0 && !refill()) {
        if (between_members_) return {};
        return bad("reader.gzip_cut");
      }
      if (between_members_ && members_ > 0 && in_[consumed()] == 0) {
        // Padding, unless something else follows.
        --stream.avail_in;
        ++stream.next_in;
        padded_ = true;
        continue;
      }
      if (padded_) return bad("reader.gzip_damaged");
      FENQUN_CHECK(inflate_piece());
    }
  }

 private:
  [[nodiscard]] std::size_t consumed() const {
    return static_cast<std::size_t>(reinterpret_cast<const char*>(inflater_.stream().next_in) - in_.data());
  }
  [[nodiscard]] tl::unexpected<Error> bad(const char* key) const {
    const auto byte = read_ - static_cast<std::int64_t>(inflater_.stream().avail_in);
    return fail(ErrorCode::BadData, key, {{"file", name_}, {"byte", std::to_string(byte)}});
  }

  bool refill() {
    const auto got = source_(in_.data(), in_.size());
    read_ += static_cast<std::int64_t>(got);
    inflater_.stream().next_in = reinterpret_cast<Bytef*>(in_.data());
    inflater_.stream().avail_in = static_cast<uInt>(got);
    return got > 0;
  }

  Result<void> inflate_piece() {
    auto& stream = inflater_.stream();
    between_members_ = false;
    stream.next_out = reinterpret_cast<Bytef*>(out_.data());
    stream.avail_out = static_cast<uInt>(out_.size());
    const int state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) return bad("reader.gzip_damaged");
    FENQUN_CHECK(sink_({out_.data(), out_.size() - stream.avail_out}));
    if (state != Z_STREAM_END) return {};
    ++members_;
    between_members_ = true;
    if (inflateReset(&stream) != Z_OK) return bad("reader.gzip_damaged");
    return {};
  }

  const ByteSource& source_;
  const std::string& name_;
  const ByteSink& sink_;
  const std::stop_token& stop_;
  mutable Inflater inflater_;
  std::vector<char> in_ = std::vector<char>(kPieceBytes);
  std::vector<char> out_ = std::vector<char>(4 * kPieceBytes);
  std::int64_t read_ = 0;
  std::int64_t members_ = 0;
  bool between_members_ = false;
  bool padded_ = false;
};

}  // namespace

bool is_gzip(std::string_view beginning) noexcept { return beginning.starts_with("\x1F\x8B\x08"); }

Result<void> gunzip(const ByteSource& source, const std::string& name, const ByteSink& sink,
                    const std::stop_token& stop) {
  return Unpacking(source, name, sink, stop).run();
}

}  // namespace fenqun::reader
