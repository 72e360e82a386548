// warehouse/shared_database.hpp - what all workspaces on one open database share; private to this room. Level 1.
#pragma once

#include "warehouse/lake_views.hpp"
#include "warehouse/workspace.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace fenqun::warehouse {

/// Safe from several threads, but for `database.connect()`, which the database guards itself.
struct Workspace::Shared {
  Shared(Database opened, std::filesystem::path folder, const ContractSet& contracts)
      : views(std::move(folder), contracts), database(std::move(opened)) {
    database.answer_names([this](std::string_view name) { return views.query_of(name); });
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  LakeViews views;  // before the database, which asks it until it is closed
  Database database;
  std::atomic<bool> keeps_customer_rows = false;  // customers.duckdb is attached
  std::mutex commits;                             // one commit at a time: they share the journal
  std::atomic<std::uint64_t> shares = 0;          // workspaces made by share(), for names of their own
};

}  // namespace fenqun::warehouse
