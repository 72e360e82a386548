// warehouse/database_errors.hpp - turns the database's words into our errors; private to this room. Level 1.
#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace fenqun::warehouse {

/// Conflict when another process holds the file, else NotFound, Io or Database.
Error open_error(const std::filesystem::path& path, const std::string& reason);
/// Cancelled when it was interrupted, Io when the disk is full or refuses, Unavailable when the database ended by a
/// fault of its own, else Database, with the statement's head.
Error statement_error(const char* reason, std::string_view sql);
Error not_one_value(std::string_view sql, std::size_t rows);
/// Does the database complain that it cannot write: no space, file too large, quota?
bool is_no_space(std::string_view reason) noexcept;
/// Is it a fault after which the database refuses whatever comes, until it is opened anew?
bool ends_database(std::string_view reason) noexcept;

}  // namespace fenqun::warehouse
