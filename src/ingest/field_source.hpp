// ingest/field_source.hpp - one entry under `fields:` of a mapping. Level 2.
#pragma once

#include "base/settings.hpp"
#include "ingest/mapping.hpp"

namespace fenqun::ingest {

/// Reads where `field` of `contract` comes from. Errors: BadData, naming file and line.
Result<FieldSource> read_field_source(const Settings& node, const warehouse::Contract& contract,
                                      const warehouse::Field& field);

/// Joins refer to fields that are there and are no joins themselves. Errors: BadData at `node`.
Result<void> check_references(const Settings& node, const std::vector<FieldMapping>& fields);

/// Names of the contract's fields.
std::vector<std::string> field_names(const warehouse::Contract& contract);

}  // namespace fenqun::ingest
