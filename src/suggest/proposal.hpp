// suggest/proposal.hpp - what a mapping for a file could say: each line with how sure it is and why. Level 3.
#pragma once

#include "suggest/field_match.hpp"
#include "suggest/wide_shape.hpp"
#include "warehouse/contract.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::suggest {

/// A file as far as it was looked at.
struct Table {
  std::string file;   // its name without folder and ending: 缴费明细
  std::string sheet;  // of a workbook
  std::vector<std::string> headers;
  Columns columns;  // a sample, one entry per header
};

/// What is known of the workspace that the file is for.
struct Surroundings {
  bool has_customers = false;  // it has a list of customers already
};

struct ProposedField {
  std::string field;
  std::vector<std::size_t> columns;  // that it is read from
  std::string source;                // as it stands in the mapping: `户号`, `{constant: residential}`
  double confidence = 0;             // 0..1
  std::vector<Reason> reasons;
  bool is_open = false;  // required, and the file does not say it: a person has to
};

struct ProposedWide {
  std::vector<std::size_t> keep;
  std::vector<std::size_t> except;                          // all columns but these and `keep` are cells ...
  std::vector<std::pair<std::size_t, std::string>> listed;  // ... or, where not empty, these, under these names ...
  std::string series;                                       // ... or those that ingest finds: "hours"
  std::string name_to;                                      // empty: the name goes into a field with another column
  std::string name_format;
  std::string value_to;  // empty: the cells are not read
  std::string value_unit;
  double confidence = 0;
  std::vector<Reason> reasons;
};

struct ProposedEntry {
  const warehouse::Contract* contract = nullptr;
  bool distinct = false;
  std::optional<ProposedWide> wide;
  std::vector<ProposedField> fields;  // in the order of the contract
  double confidence = 0;
  std::vector<Reason> reasons;

  [[nodiscard]] const ProposedField* find(std::string_view field) const;
  [[nodiscard]] bool is_complete() const;
};

/// A column that no entry reads.
struct LeftColumn {
  std::size_t column = 0;
  Reason reason;
};

struct Proposal {
  std::vector<ProposedEntry> entries;  // the first is what the file is about; empty: nobody can tell
  std::vector<LeftColumn> left;
  std::vector<Reason> remarks;  // what was decided against, and why

  [[nodiscard]] bool is_complete() const;
};

/// Proposes entries for the table. Pure: the same table gives the same proposal. Cost: columns x fields of the
/// contracts, and the cells of the sample.
Proposal propose(const Table& table, const warehouse::ContractSet& contracts, const Surroundings& surroundings);

/// A scalar as YAML writes it on one line, quoted where it has to be.
std::string yaml_scalar(std::string_view text);

}  // namespace fenqun::suggest
