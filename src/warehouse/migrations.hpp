// warehouse/migrations.hpp - the tables of a workspace's database and how older ones become them. Level 1.
#pragma once

#include "warehouse/contract.hpp"
#include "warehouse/database.hpp"

namespace fenqun::warehouse {

/// Brings the database to the present layout: numbered steps, each run once in a transaction, then one table
/// `m_<entity>` per master of the contracts (a new field becomes a new column). Writes nothing when nothing is new.
/// Errors: Database; Conflict when the database was made by a newer program.
/// Would migrate() find nothing to do? Writes nothing. Errors: Database.
Result<bool> is_migrated(Connection& connection, const ContractSet& contracts);

Result<void> migrate(Connection& connection, const ContractSet& contracts);

}  // namespace fenqun::warehouse
