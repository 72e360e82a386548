// cli/output.hpp - results on standard output: tables for people, one JSON document for programs. Level 8.
#pragma once

#include "app/batches.hpp"
#include "app/drop_folder.hpp"
#include "app/pipeline.hpp"
#include "app/quarantine.hpp"
#include "app/suggestion.hpp"
#include "base/stages.hpp"
#include "datagen/datagen.hpp"
#include "delivery/delivery.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace fenqun::cli {

using Json = nlohmann::ordered_json;

/// What people call an entity of the manifest: of a contract, kept aside, or derived.
std::string title_of(const warehouse::ContractSet& contracts, const std::string& entity, const Texts& texts);

// For people: finished text with line ends.
std::string show_datagen(const datagen::DatagenOutcome& outcome, const Texts& texts);
std::string show_ingest(const ingest::FolderOutcome& outcomes, const warehouse::ContractSet& contracts,
                        const Texts& texts);
/// What a file turned out to be and which of its lines are no rows; empty for a plain one.
std::string show_source(const ingest::IngestOutcome& outcome, const Texts& texts);
std::string show_source(const reader::SourceReport& report, const std::string& file, const Texts& texts);
std::string show_batches(const std::vector<ingest::Batch>& batches, const warehouse::ContractSet& contracts,
                         const Texts& texts);
std::string show_undo(const ingest::UndoOutcome& outcome, const warehouse::ContractSet& contracts, const Texts& texts);
std::string show_arrival(const app::Arrival& arrival, const Texts& texts);
std::string show_quarantine(const std::vector<app::QuarantineLine>& lines, const Texts& texts);
std::string show_prepare(const app::PreparedMonths& outcome, const features::FeatureCatalogue& catalogue,
                         const Texts& texts);
/// The sections of a preparation's record as tables: of one step with all details, or of all of them without.
std::string show_steps(const app::StepsOutcome& outcome, const features::FeatureCatalogue& catalogue,
                       const Texts& texts, std::optional<features::Step> step);
std::string show_runs(const std::vector<app::PortraitOutcome>& outcomes, const Texts& texts);
/// One line per scheme: how many customers in how many groups, how many without and why.
std::string show_summary(const app::SegmentOutcome& outcome, const Texts& texts);
std::string show_not_comparable(const app::SegmentOutcome& outcome, const Texts& texts);
std::string show_portrait(const app::PortraitOutcome& outcome, const features::FeatureCatalogue& catalogue,
                          const Texts& texts);
std::string show_report(const app::ReportOutcome& outcome, const Texts& texts);
std::string show_suggestion(const app::SuggestOutcome& outcome, const Texts& texts);
std::string show_stages(const std::vector<StageCost>& stages, const Texts& texts);

// For programs.
Json json_of(const datagen::DatagenOutcome& outcome);
Json json_of(const ingest::IngestOutcome& outcome);
Json json_of(const ingest::FolderOutcome& outcomes);
Json json_of(const reader::SourceReport& report);
Json json_of(const std::vector<ingest::Batch>& batches);
Json json_of(const ingest::UndoOutcome& outcome);
Json json_of(const app::Arrival& arrival, const Texts& texts);
Json json_of(const std::vector<app::QuarantineLine>& lines);
Json json_of(const app::PreparedMonths& outcome);
Json json_of(const app::StepsOutcome& outcome);
Json json_of(const app::SegmentOutcome& outcome);
Json json_of(const std::vector<app::PortraitOutcome>& outcomes);
Json json_of(const app::ReportOutcome& outcome);
Json json_of(const std::vector<StageCost>& stages);
Json json_of(const warehouse::ContractSet& contracts);
Json json_of(const app::SuggestOutcome& outcome, const Texts& texts);
Json json_of(const Error& error, const Texts& texts);

}  // namespace fenqun::cli
