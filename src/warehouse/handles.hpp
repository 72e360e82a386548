// warehouse/handles.hpp - move-only owners of the database's C handles; private to this room. Level 1.
#pragma once

#include <duckdb.h>

#include <utility>

namespace fenqun::warehouse {

/// Owns one C handle and destroys it with `Destroy`.
template <class Handle, void (*Destroy)(Handle*)>
class Owned {
 public:
  Owned() = default;
  Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, Handle{})) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { Destroy(&handle_); }
  [[nodiscard]] Handle get() const noexcept { return handle_; }
  Handle* out() noexcept { return &handle_; }

 private:
  Handle handle_{};
};

using OwnedDatabase = Owned<duckdb_database, duckdb_close>;
using OwnedConnection = Owned<duckdb_connection, duckdb_disconnect>;
using OwnedConfig = Owned<duckdb_config, duckdb_destroy_config>;
using OwnedChunk = Owned<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using OwnedLogicalType = Owned<duckdb_logical_type, duckdb_destroy_logical_type>;
using OwnedPrepared = Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;
using OwnedExtracted = Owned<duckdb_extracted_statements, duckdb_destroy_extracted>;
using OwnedValue = Owned<duckdb_value, duckdb_destroy_value>;
using OwnedPending = Owned<duckdb_pending_result, duckdb_destroy_pending>;

/// A result is a struct that the library fills in place, so it is neither copied nor moved.
class OwnedResult {
 public:
  OwnedResult() = default;
  OwnedResult(const OwnedResult&) = delete;
  OwnedResult& operator=(const OwnedResult&) = delete;
  ~OwnedResult() { duckdb_destroy_result(&result_); }
  duckdb_result* get() noexcept { return &result_; }

 private:
  duckdb_result result_{};
};

}  // namespace fenqun::warehouse
