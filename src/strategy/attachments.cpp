// strategy/attachments.cpp
#include "strategy/attachments.hpp"

#include "base/file.hpp"
#include "strategy/new_order.hpp"
#include "strategy/orders.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace fenqun::strategy {
namespace {

using warehouse::sql_text;
using warehouse::Workspace;

constexpr std::size_t kLongestName = 120;
constexpr std::size_t kIdLength = 24;

struct Kind {
  std::string_view media_type;
  std::string_view ending;
};
constexpr Kind kJpeg = {"image/jpeg", ".jpg"};
constexpr Kind kPng = {"image/png", ".png"};
constexpr Kind kWebp = {"image/webp", ".webp"};
constexpr Kind kPdf = {"application/pdf", ".pdf"};

// By how the bytes begin; null: none of them.
const Kind* kind_of(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return &kJpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return &kPng;
  constexpr std::size_t kWebpAt = 8;
  if (bytes.starts_with("RIFF") && bytes.size() > kWebpAt && bytes.substr(kWebpAt).starts_with("WEBP")) return &kWebp;
  if (bytes.starts_with("%PDF-")) return &kPdf;
  return nullptr;
}

std::string_view ending_of(std::string_view media_type) {
  for (const auto& kind : {kJpeg, kPng, kWebp, kPdf}) {
    if (kind.media_type == media_type) return kind.ending;
  }
  return "";
}

// Without folders and what a terminal or a header would obey, not longer than allowed.
std::string plain_name(const std::string& name) {
  auto out = name.substr(std::min(name.find_last_of("/\\") + 1, name.size()));
  std::erase_if(out, [](unsigned char c) { return c < ' ' || c == 0x7F || c == '"'; });
  if (out.size() > kLongestName) {
    std::size_t end = kLongestName;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;  // not within a character
    out.resize(end);
  }
  return out.empty() ? "file" : out;
}

std::filesystem::path place_of(const Workspace& workspace, const Attachment& one) {
  return workspace.folder() / "attachments" / one.order_id / (one.file_id + std::string(ending_of(one.media_type)));
}

Attachment read_row(const warehouse::RowSet& found, std::size_t r) {
  return {found.text(r, 0),    found.text(r, 1), found.text(r, 2), found.text(r, 3),
          found.integer(r, 4), found.text(r, 5), found.text(r, 6), found.text(r, 7)};
}

constexpr const char* kColumns =
    "SELECT file_id, order_id, file_name, media_type, bytes, content_hash, added_by, strftime(added_at, '%Y-%m-%d "
    "%H:%M:%S') FROM order_file WHERE order_id = ";

}  // namespace

Result<Attachment> add_attachment(Workspace& workspace, const std::string& order_id, const std::string& name,
                                  const std::string& bytes, const std::string& by, const std::string& now) {
  if (by.find_first_not_of(" \t") == std::string::npos) {
    return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
  }
  FENQUN_TRY(const auto order, find_order(workspace, order_id));
  if (bytes.size() > kLargestAttachmentBytes) {
    return fail(ErrorCode::InvalidArgument, "strategy.attachment_large",
                {{"name", plain_name(name)}, {"most", std::to_string(kLargestAttachmentBytes / 1024 / 1024)}});
  }
  const auto* const kind = kind_of(bytes);
  if (kind == nullptr) {
    return fail(ErrorCode::InvalidArgument, "strategy.attachment_kind", {{"name", plain_name(name)}});
  }
  const auto held = hold_orders();
  Attachment out{"",
                 order.order_id,
                 plain_name(name),
                 std::string(kind->media_type),
                 static_cast<std::int64_t>(bytes.size()),
                 hash_text(bytes),
                 by,
                 now};
  out.file_id = hash_text(order.order_id + out.content_hash).substr(0, kIdLength);
  FENQUN_TRY(const auto before, list_attachments(workspace, order.order_id));
  for (const auto& one : before) {
    if (one.file_id == out.file_id) return one;
  }
  if (static_cast<std::int64_t>(before.size()) >= kMostAttachments) {
    return fail(ErrorCode::InvalidArgument, "strategy.attachments_many",
                {{"order", order.order_id}, {"most", std::to_string(kMostAttachments)}});
  }
  const auto place = place_of(workspace, out);
  std::error_code ec;
  std::filesystem::create_directories(place.parent_path(), ec);
  std::filesystem::permissions(place.parent_path().parent_path(), std::filesystem::perms::owner_all, ec);
  FENQUN_CHECK(write_file_atomically(place, bytes));
  FENQUN_CHECK(workspace.connection().execute(
      fmt::format("INSERT INTO order_file VALUES ({}, {}, {}, {}, {}, {}, {}, TIMESTAMP {})", sql_text(out.file_id),
                  sql_text(out.order_id), sql_text(out.name), sql_text(out.media_type), out.bytes,
                  sql_text(out.content_hash), sql_text(by), sql_text(now))));
  return out;
}

Result<std::vector<Attachment>> list_attachments(Workspace& workspace, const std::string& order_id) {
  FENQUN_TRY(const auto found,
             workspace.connection().query(kColumns + sql_text(order_id) + " ORDER BY added_at, file_id"));
  std::vector<Attachment> out;
  for (std::size_t r = 0; r < found.rows.size(); ++r) out.push_back(read_row(found, r));
  return out;
}

Result<Attachment> find_attachment(Workspace& workspace, const std::string& order_id, const std::string& file_id) {
  FENQUN_TRY(const auto found,
             workspace.connection().query(kColumns + sql_text(order_id) + " AND file_id = " + sql_text(file_id)));
  if (!found.rows.empty()) return read_row(found, 0);
  return fail(ErrorCode::NotFound, "strategy.no_attachment", {{"order", order_id}, {"file", file_id}});
}

Result<std::string> read_attachment(const Workspace& workspace, const Attachment& attachment) {
  const auto place = place_of(workspace, attachment);
  FENQUN_TRY(auto bytes, read_file(place));
  if (hash_text(bytes) == attachment.content_hash) return bytes;
  return fail(ErrorCode::Io, "strategy.attachment_changed", {{"path", place.string()}, {"name", attachment.name}});
}

}  // namespace fenqun::strategy
