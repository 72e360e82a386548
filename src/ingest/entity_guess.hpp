// ingest/entity_guess.hpp - which entity a canonical file holds. Level 2.
#pragma once

#include "ingest/ingest.hpp"
#include "ingest/source.hpp"

#include <string>
#include <vector>

namespace fenqun::ingest {

/// The contract named by the request, else by the file's name, else by its folder's; null: none of them does.
const warehouse::Contract* stated_entity(const warehouse::ContractSet& contracts, const IngestRequest& request);

/// The stated one, else the one that the header fits (all required fields there, no column unknown). Errors: BadData
/// "ingest.unknown_entity" (the header and the entities there are).
Result<const warehouse::Contract*> guess_entity(const warehouse::ContractSet& contracts, const IngestRequest& request,
                                                const Source& source);

/// Every required field has its column. Errors: BadData "ingest.missing_columns" (which, and the file's columns).
Result<void> check_required(const warehouse::Contract& contract, const Source& source);

}  // namespace fenqun::ingest
