// ingest/entity_guess.cpp
#include "ingest/entity_guess.hpp"

#include "base/near_names.hpp"

#include <algorithm>

namespace fenqun::ingest {
namespace {

using warehouse::Contract;
using warehouse::ContractSet;

std::vector<std::string> missing_fields(const Contract& contract, const Source& source) {
  std::vector<std::string> missing;
  for (const auto& field : contract.fields) {
    if (field.required && !source.find(field.name)) missing.push_back(field.name);
  }
  return missing;
}

bool fits(const Contract& contract, const Source& source) {
  return missing_fields(contract, source).empty() &&
         std::all_of(source.columns.begin(), source.columns.end(),
                     [&](const std::string& column) { return contract.find(column) != nullptr; });
}

tl::unexpected<Error> unknown(const ContractSet& contracts, const Source& source, const std::string& named) {
  std::vector<std::string> entities;
  for (const auto& contract : contracts.all()) entities.push_back(contract.entity);
  return fail(ErrorCode::BadData, "ingest.unknown_entity",
              {{"file", source.file.string()},
               {"entity", named},
               {"columns", name_list(source.columns)},
               {"entities", name_list(entities)}});
}

}  // namespace

const Contract* stated_entity(const ContractSet& contracts, const IngestRequest& request) {
  if (!request.entity.empty()) return contracts.find(request.entity);
  if (const auto* by_name = contracts.find(reader::bare_name(request.file))) return by_name;
  return contracts.find(request.file.parent_path().filename().string());
}

Result<const Contract*> guess_entity(const ContractSet& contracts, const IngestRequest& request, const Source& source) {
  if (const auto* stated = stated_entity(contracts, request)) return stated;
  const auto name = reader::bare_name(request.file);
  if (!request.entity.empty()) return unknown(contracts, source, request.entity);
  const Contract* only = nullptr;
  for (const auto& contract : contracts.all()) {
    if (!fits(contract, source)) continue;
    if (only != nullptr) return unknown(contracts, source, name);
    only = &contract;
  }
  if (only == nullptr) return unknown(contracts, source, name);
  return only;
}

Result<void> check_required(const Contract& contract, const Source& source) {
  const auto missing = missing_fields(contract, source);
  if (missing.empty()) return {};
  return fail(ErrorCode::BadData, "ingest.missing_columns",
              {{"file", source.file.string()},
               {"entity", contract.entity},
               {"missing", name_list(missing)},
               {"columns", name_list(source.columns)}});
}

}  // namespace fenqun::ingest
