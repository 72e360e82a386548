// datagen/workshop.hpp - the files to be made, and their making on several threads. Level 3.
#pragma once

#include "base/progress.hpp"
#include "base/worker_pool.hpp"
#include "datagen/entity_writers.hpp"
#include "datagen/out_folder.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::datagen {

/// One file to be made.
struct Job {
  const EntityWriter* writer;
  const warehouse::Contract* contract;
  std::string path;
  Portion portion;
  double expected_rows;
};

/// "parquet" or "csv": a file's ending and the manifest's word.
std::string_view extension(FileFormat format);

/// Every file of the utility, bulkiest first. `contracts` must outlive the jobs.
std::vector<Job> plan_jobs(const World& world, const warehouse::ContractSet& contracts, FileFormat format);

/// Makes them below `folder`, several at a time, each alone on its own session: a file's bytes cannot depend on the
/// threads. Returns the rows of each job in the order of the jobs; a job without rows leaves no file. Memory: one
/// job's rows per thread. Errors: BadData (a contract that cannot be filled), Io, Database, Cancelled.
Result<std::vector<std::int64_t>> make_files(const World& world, const std::vector<Job>& jobs, const OutFolder& folder,
                                             FileFormat format, WorkerPool& pool, Progress& progress,
                                             const std::stop_token& stop);

}  // namespace fenqun::datagen
