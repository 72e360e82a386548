// ingest/mapping.hpp - how a foreign file's columns become the contract's fields; read from YAML and checked when
// loaded. The format is described in docs/mapping.md. Level 2.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"
#include "ingest/cell_series.hpp"
#include "reader/source_layout.hpp"
#include "warehouse/contract.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::ingest {

using reader::SourceFormat;
using reader::SourceLayout;

/// Where a field's value comes from.
struct FieldSource {
  enum class Kind : std::uint8_t {
    Column,      // a column of the file
    Constant,    // the same for all rows
    Join,        // several parts put together
    Occurrence,  // 1, 2, 3... among the rows that agree in `fields`, in the order of the file
    Field,       // a part of a join: another field of the entity, in canonical form
    CellName,    // wide layouts: the name of the column the cell stands in
    CellValue,   // wide layouts: the cell
    Composed,    // a time of a day and its time, a day of a month and its day, a month of a year and its month
  };
  Kind kind = Kind::Column;
  std::vector<std::string> columns;   // Column, Composed: the first of them that the file has
  std::vector<std::string> within;    // Composed: column of the time, day or month within; empty: the cell's name
  std::string text;                   // Constant; Field: its name; Join: the separator
  std::vector<std::string> formats;   // of dates, as strptime writes them; empty: ISO
  std::string factor;                 // exact decimal by which numbers are multiplied; empty: 1
  bool multiplied = false;            // the factor is the mapping's own, not that of a unit
  Stamp stamp = Stamp::Unsaid;        // times: what of its interval a time names
  std::int32_t interval_minutes = 0;  // times: of the interval, where the columns do not say it
  std::vector<std::pair<std::string, std::optional<std::string>>> values;  // source value -> value; nothing: empty
  std::vector<FieldSource> parts;                                          // Join
  std::vector<std::string> fields;                                         // Occurrence
};

struct FieldMapping {
  std::string field;
  FieldSource source;
};

/// A table with one column per customer, day, measure ...: each filled cell becomes a row.
struct WideLayout {
  enum class Pick : std::uint8_t { All, Listed, Except, Series };  // All: every column not in `keep`
  std::vector<std::string> keep;                                   // columns that belong to the record as a whole
  Pick pick = Pick::All;
  std::vector<std::pair<std::string, std::string>> columns;  // Listed, Except: column and the name it stands for
  SeriesChoice series;                                       // Series
  bool has_value = false;                                    // an empty cell is no row when cells are read
};

/// Which records of the file count.
struct RecordFilter {
  std::string column;
  std::optional<std::string> equals;  // nothing: any value
};

/// One entity to load from the file. Several entries may load one entity: their rows are taken together.
struct LoadEntry {
  std::string entity;
  std::optional<RecordFilter> where;
  bool distinct = false;  // equal rows are one row
  std::optional<WideLayout> wide;
  std::vector<FieldMapping> fields;  // in the order of the contract
  int line = 0;                      // in the mapping file
};

struct Mapping {
  std::string name;    // "residential_payments"; "canonical" without a mapping file
  std::string origin;  // the file it was read from
  std::string text;    // as read; empty without a mapping file
  std::string hash;    // of its text
  SourceLayout source;
  std::optional<double> max_rejected_share;
  std::optional<std::vector<std::string>> empty;  // texts that mean no value; absent: default_empty_texts()
  std::vector<LoadEntry> load;
};

/// Reads and checks a mapping. Errors: BadData, naming file and line: unknown entity, unknown field (with the near
/// ones), a required field without a source, a unit that does not lead to the field's, a constant that the field
/// cannot be, a join of joins.
Result<Mapping> read_mapping(const Asset& asset, std::string name, const warehouse::ContractSet& contracts);

/// The mapping that `named` means: a file's path, or config/mappings/<named>.yaml of the store.
/// Errors: NotFound (lists the mappings there are), and those of read_mapping.
Result<Mapping> find_mapping(const std::string& named, const AssetStore& assets,
                             const warehouse::ContractSet& contracts);

/// Each field from the column of its name, for those of `columns` that the contract knows.
Mapping canonical_mapping(const warehouse::Contract& contract, const std::vector<std::string>& columns);

}  // namespace fenqun::ingest
