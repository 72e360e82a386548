// datagen/datagen.hpp - a synthetic utility with planted truth, written as the files an office would deliver.
// Level 3: may include base/ and warehouse/.
//   DIR/<entity>.parquet                   masters, and facts of few rows
//   DIR/<entity>/YYYY-MM.parquet           facts, one file per month (large places: YYYY-MM_02.parquet and so on,
//                                          each for the next block of customers)
//   DIR/truth/customer_class.parquet       the planted classes, one row per customer; never among the data
//   DIR/synthetic.yaml                     manifest: synthetic: true, what it was made from, files with rows
// With CSV the names end in .csv. Columns are fields of the contract in its order; those that are not
// made are left out.
#pragma once

#include "base/asset.hpp"
#include "base/month.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "warehouse/contract.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::datagen {

enum class FileFormat : std::uint8_t { Parquet, Csv };

/// "parquet" or "csv". Errors: InvalidArgument.
Result<FileFormat> parse_file_format(std::string_view text);

struct DatagenOptions {
  std::string profile = "tianhe";         // config/datagen/profiles/<profile>.yaml
  std::filesystem::path out;              // made by generate; its parent must exist or be creatable
  std::optional<std::int64_t> customers;  // 500..9,000,000; absent: the profile's
  std::uint64_t seed = 1;
  FileFormat format = FileFormat::Parquet;
  std::optional<Month> end_month;     // last month of data; absent: the profile's
  std::optional<int> months;          // 1..120 months of bills and payments; absent: the profile's
  std::optional<int> reading_months;  // 0..months, the last ones have daily readings; absent: the profile's
};

struct DatagenFile {
  std::string entity;
  std::string path;  // relative to out
  std::int64_t rows = 0;
};

/// One class of one planted dimension.
struct PlantedClass {
  std::string dimension;  // "revenue", "influence", "growth", "arrears", "abcd", "payment_method"
  std::string name;       // "1".."4", "A".."D", or a payment method's code; "none": not classifiable
  std::int64_t customers = 0;
  double share = 0;  // of all customers, 0..1
};

struct DatagenOutcome {
  bool already_there = false;  // the same utility stood in `out` complete: nothing was done
  std::filesystem::path out;
  std::string profile;
  std::uint64_t seed = 0;
  std::int64_t customers = 0;
  Month first_month;
  Month end_month;
  std::int64_t rows = 0;  // over all files, truth included
  std::int64_t bytes = 0;
  std::vector<DatagenFile> files;     // in the order of their paths
  std::vector<PlantedClass> planted;  // by dimension, then class
};

/// Makes the utility. The same options and the same program give the same bytes in every file, for any number of
/// threads. Everything is written into a hidden folder beside `out`, which is renamed at the end: an interrupted
/// call leaves nothing. If `out` holds the same utility with all its files, nothing is done (already_there).
/// Calls progress.update only, once per file, with the file's name; the caller begins and ends the stage.
/// Memory: about 150 bytes per customer and one file's rows per thread; one file holds at most the profile's
/// customers_per_file customers.
/// Errors: InvalidArgument (option out of range), NotFound (no such profile), BadData (a profile's content),
/// Conflict (`out` holds other files or another utility), Io, Database, Cancelled.
Result<DatagenOutcome> generate(const AssetStore& assets, const warehouse::ContractSet& contracts,
                                const DatagenOptions& options, WorkerPool& pool, Progress& progress,
                                const std::stop_token& stop = {});

}  // namespace fenqun::datagen
