// delivery/plan.hpp - config/datagen/deliveries.yaml: which files an office sends, how, and with what faults. Level 4.
// The meaning of each key stands at the head of that file.
#pragma once

#include "base/asset.hpp"
#include "delivery/fault.hpp"
#include "delivery/record_sink.hpp"
#include "delivery/style.hpp"
#include "warehouse/contract.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::delivery {

/// Wide: a column for each day (2026-06-01 ...), each customer, each day of the month (1日 ...), each hour or quarter.
enum class Layout : std::uint8_t { Long, WideDays, WideCustomers, WideMonthDays, WideHours, WideQuarters };
enum class Headers : std::uint8_t { Name, Chinese, Synonym };

/// Rows of another delivery that come again.
struct Again {
  std::string from;            // its file
  std::int64_t changed = 0;    // with another content: they take the old row's place
  std::int64_t unchanged = 0;  // as they were: duplicates
  bool repairs = false;        // and all rows of it that were rejected, put right
  std::string field;           // that changes
};

struct SheetSpec {
  std::string name;
  std::string where;  // SQL; empty: all
};

struct DeliverySpec {
  std::string file;  // its ending says the format
  std::string entity;
  std::string mapping;  // file below mappings/; empty: the file needs none
  Format format = Format::Csv;
  bool packed = false;
  Encoding encoding = Encoding::Utf8;
  char delimiter = ',';
  std::string line_end = "\n";
  std::string where;                       // SQL; empty: all
  std::optional<std::array<int, 2>> back;  // months before the last one: from (older), to
  std::vector<std::string> columns;        // fields, in the order of the file
  Headers headers = Headers::Chinese;
  Layout layout = Layout::Long;
  std::string measure = "energy_kwh";                                    // wide: the field of the cells
  std::vector<SheetSpec> sheets;                                         // Xlsx; one without a name where absent
  std::vector<std::string> titles;                                       // lines above the header
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;  // header over several columns
  std::int64_t repeat_header_every = 0;                                  // records; 0: never
  bool has_totals = false, has_count = false, has_blank_column = false;
  Styles styles;
  std::vector<std::pair<Fault, double>> faults;  // weight: 1 is the usual number
  std::optional<Again> again;
  bool adds = false;     // further fields of rows that are known: each takes the old row's place
  std::string same_as;   // the bytes of another delivery under this name
  bool is_cut = false;   // a packed file that lost its end
  bool is_late = false;  // its months come after later ones
  std::string lacks;     // a required field that the file does not have at all
  int line = 0;          // in the plan
};

/// Reads the plan. Errors: BadData (unknown entity, field, fault, style, earlier delivery ...), naming file and line.
Result<std::vector<DeliverySpec>> read_plan(const AssetStore& assets, const warehouse::ContractSet& contracts);

}  // namespace fenqun::delivery
