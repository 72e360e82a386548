// report/preparation_tables.hpp - the tables of each step of a preparation, and how they name things. Level 5, inside
// the room.
#pragma once

#include "report/preparation.hpp"

#include <string>
#include <vector>

namespace fenqun::report {

/// Names of what a record speaks of, in the reader's language; what nothing names stands as it is. Looks at both, which
/// must outlive it.
class PreparationTitles {
 public:
  PreparationTitles(const PreparationModel& model, const Wording& words) : model_(&model), words_(&words) {}

  [[nodiscard]] const PreparationModel& model() const noexcept { return *model_; }
  [[nodiscard]] const Wording& words() const noexcept { return *words_; }

  [[nodiscard]] std::string entity_title(const std::string& entity) const;
  [[nodiscard]] std::string field_title(const std::string& entity, const std::string& field) const;
  /// Of a column in quarantine: as the file names it, or of our own name ("customer_id / day") the fields' titles.
  [[nodiscard]] std::string columns_title(const std::string& entity, const std::string& columns) const;
  [[nodiscard]] std::string family_title(const std::string& name) const;
  [[nodiscard]] std::string rejection(const std::string& reason) const;
  /// Why a customer is not comparable or not in the wide table.
  [[nodiscard]] std::string reason_of(const std::string& code) const;
  [[nodiscard]] Cell state_of(const features::StepItem& item) const;
  [[nodiscard]] std::string share_of(std::int64_t part, std::int64_t whole) const;

 private:
  const PreparationModel* model_;
  const Wording* words_;
};

/// Tables without rows are left out by the caller.
std::vector<PreparationTable> tables_of_selecting(const PreparationTitles& titles, const features::StepRecord& step);
std::vector<PreparationTable> tables_of_cleaning(const PreparationTitles& titles, const features::StepRecord& step);
std::vector<PreparationTable> tables_of_reconstructing(const PreparationTitles& titles,
                                                       const features::StepRecord& step);
std::vector<PreparationTable> tables_of_integrating(const PreparationTitles& titles, const features::StepRecord& step);
std::vector<PreparationTable> tables_of_formatting(const PreparationTitles& titles, const features::StepRecord& step);
PreparationSection sufficiency_of(const PreparationTitles& titles, const features::StepRecord& step);
PreparationSection comparability_of(const PreparationTitles& titles, const features::StepRecord& step);

}  // namespace fenqun::report
