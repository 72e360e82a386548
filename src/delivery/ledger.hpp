// delivery/ledger.hpp - what was planted, and what is to become of it: truth/planted.csv and truth/deliveries.csv.
// Level 4.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fenqun::delivery {

/// One planted thing. `line` as a reader counts it; 0 where there is none.
struct Planted {
  std::string file;
  std::int64_t line = 0;
  std::string sheet;
  std::string entity;
  std::string key;     // values of the key fields in canonical form, joined by " / "
  std::string column;  // as a message names it: the file's header
  std::string value;   // as it stands in the cell
  std::string fault;
  std::string fate;    // loaded, duplicate, superseded, rejected, already_loaded, refused, absent
  std::string reason;  // of the quarantine, where the fate is rejected
};

/// What is to become of one file.
struct Expected {
  std::string file;
  std::string mapping;  // below mappings/; empty: none
  std::string entity;
  std::string outcome;  // loaded, already_loaded, refused
  std::int64_t rows_in = 0;
  std::int64_t loaded = 0;
  std::int64_t duplicate = 0;
  std::int64_t superseded = 0;
  std::int64_t rejected = 0;
};

class Ledger {
 public:
  void plant(Planted item) { planted_.push_back(std::move(item)); }
  void expect(Expected file) { expected_.push_back(std::move(file)); }
  [[nodiscard]] const std::vector<Planted>& planted() const noexcept { return planted_; }
  [[nodiscard]] const std::vector<Expected>& expected() const noexcept { return expected_; }
  /// Writes both files into a folder that is there: deliveries in their order, planted things in the order of the
  /// files. Errors: Io.
  Result<void> write(const std::filesystem::path& folder) const;

 private:
  std::vector<Planted> planted_;
  std::vector<Expected> expected_;
};

}  // namespace fenqun::delivery
