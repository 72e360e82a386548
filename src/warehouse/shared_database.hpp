// warehouse/shared_database.hpp - what all workspaces on one open database share; private to this room. Level 1.
#pragma once

#include "warehouse/workspace.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace fenqun::warehouse {

/// Safe from several threads, but for `database.connect()`, which the database guards itself.
struct Workspace::Shared {
  explicit Shared(Database opened) : database(std::move(opened)) {}

  Database database;
  std::mutex commits;                      // one commit at a time: they share the journal
  std::atomic<std::uint64_t> changes = 0;  // of the lake, by whichever workspace
  std::atomic<std::uint64_t> shares = 0;   // workspaces made by share(), for names of their own
};

}  // namespace fenqun::warehouse
