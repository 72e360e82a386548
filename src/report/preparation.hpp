// report/preparation.hpp - what a preparation did, told in sections: for the terminal and as an HTML page. Level 5.
#pragma once

#include "features/catalogue.hpp"
#include "features/preparation.hpp"
#include "report/page.hpp"
#include "report/wording.hpp"

#include <string>
#include <vector>

namespace fenqun::report {

/// Customers that are not comparable for one reason; a few of their numbers, in order.
struct ExcludedCustomers {
  std::string code;
  std::int64_t customers = 0;
  std::vector<std::string> examples;
};

/// The catalogue and the contracts must outlive it.
struct PreparationModel {
  std::string workspace_name;
  std::string generated_at;  // local time, passed in by the caller
  std::string build;
  bool synthetic = false;
  features::PreparationRecord record;
  const features::FeatureCatalogue* catalogue = nullptr;
  const warehouse::ContractSet* contracts = nullptr;
  std::vector<ExcludedCustomers> excluded;
  std::string customers_csv;  // name of the list of customers beside the page; empty: there is none
};

struct PreparationTable {
  Table table;
  std::string note = {};   // above it; may be empty
  bool is_detail = false;  // long: for who looks closer
};

struct PreparationSection {
  std::string anchor;  // "select" .. "format", "sufficiency", "comparable"
  std::string title;   // 1 选择数据
  std::string lead;    // what it came to, in a sentence
  std::vector<PreparationTable> tables;
};

/// One section per step of the record, then, when the last step is among them, how much of what is needed is there and
/// who is not comparable. Computes no number beyond sums of what the record holds.
std::vector<PreparationSection> describe_preparation(const PreparationModel& model, const Wording& words);

/// The page: overview of the five steps, then the sections. Needs no network and no script. Errors: BadData, NotFound
/// (a faulty skeleton or style in the workspace).
Result<std::string> render_preparation(const PreparationModel& model, const Texts& texts, const AssetStore& assets);

}  // namespace fenqun::report
