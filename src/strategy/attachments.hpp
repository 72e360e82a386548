// strategy/attachments.hpp - photos and papers that belong to an order. Level 5.
#pragma once

#include "base/result.hpp"
#include "warehouse/workspace.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fenqun::strategy {

inline constexpr std::size_t kLargestAttachmentBytes = 10UL * 1024 * 1024;
inline constexpr std::int64_t kMostAttachments = 20;  // of an order

struct Attachment {
  std::string file_id;  // the same content in an order has the same
  std::string order_id;
  std::string name;        // as it was given, without folders; at most 120 bytes
  std::string media_type;  // "image/jpeg", "image/png", "image/webp", "application/pdf"
  std::int64_t bytes = 0;
  std::string content_hash;
  std::string added_by;
  std::string added_at;  // "2026-07-14 09:30:00"
};

/// Keeps bytes with an order; what they are follows from themselves, not from the name. The same bytes again are there
/// once. `now`: "2026-07-14 09:30:00". Errors: NotFound (order), InvalidArgument (nobody named, empty, too large, none
/// of the kinds, too many), Io, Database; nothing is kept then.
Result<Attachment> add_attachment(warehouse::Workspace& workspace, const std::string& order_id, const std::string& name,
                                  const std::string& bytes, const std::string& by, const std::string& now);
/// Oldest first. Errors: Database.
Result<std::vector<Attachment>> list_attachments(warehouse::Workspace& workspace, const std::string& order_id);
/// Errors: NotFound, Database.
Result<Attachment> find_attachment(warehouse::Workspace& workspace, const std::string& order_id,
                                   const std::string& file_id);
/// Its bytes. Errors: Io (gone, or not what was kept).
Result<std::string> read_attachment(const warehouse::Workspace& workspace, const Attachment& attachment);

}  // namespace fenqun::strategy
