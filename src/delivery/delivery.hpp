// delivery/delivery.hpp - the synthetic utility as the files that offices really send: encodings, layouts, faults.
// Level 4: may include base/, warehouse/, datagen/.
//   DIR/<name>                  the files of config/datagen/deliveries.yaml
//   DIR/mappings/<name>.yaml    how each is to be read
//   DIR/truth/deliveries.csv    the order of delivery, and what is to become of each file's rows
//   DIR/truth/planted.csv       every planted fault: where it stands, and its fate
//   DIR/truth/customer_class.parquet, DIR/synthetic.yaml    as datagen has them
#pragma once

#include "datagen/datagen.hpp"
#include "delivery/ledger.hpp"

#include <cstdint>
#include <vector>

namespace fenqun::delivery {

struct DirtOptions {
  std::uint64_t seed = 1;  // of the faults and of the ways of writing
  double share = 0.002;    // 0..0.1: of a file's rows that get a fault of weight 1; at least one
};

struct DirtOutcome {
  datagen::DatagenOutcome utility;  // its files are those delivered; rows without their faults
  std::int64_t planted = 0;
  std::vector<Expected> files;  // in the order of delivery; empty when already there
};

/// Makes the utility of `options` (its format is not looked at) and writes it as the plan says. The same options give
/// the same bytes. All or nothing, and nothing twice, as datagen::generate. Memory: the database's and a workbook's.
/// Errors: those of datagen::generate; BadData (the plan, "delivery.no_place").
Result<DirtOutcome> deliver(const AssetStore& assets, const warehouse::ContractSet& contracts,
                            const datagen::DatagenOptions& options, const DirtOptions& dirt, WorkerPool& pool,
                            Progress& progress, const std::stop_token& stop = {});

}  // namespace fenqun::delivery
