// cli/output_ledger.hpp - what commands on runs and on the ledger print, where several need it. Level 8.
#pragma once

#include "cli/output.hpp"
#include "ledger/life.hpp"
#include "ledger/publication.hpp"
#include "ledger/run_diff.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fenqun::cli {

/// "2026-01 … 2026-03" with the last month that belongs to it, or open end.
std::string period_text(Month from, const std::optional<Month>& to, const Texts& texts);
std::string periods_text(const std::vector<ledger::InForce>& times, const Texts& texts);
std::string state_text(ledger::RunState state, const Texts& texts);
std::string decision_text(ledger::Decision decision, const Texts& texts);
std::string kind_text(ledger::PublicationKind kind, const Texts& texts);
/// "2026-07-01 09:30" of "2026-07-01 09:30:00.123456".
std::string minute_of(const std::string& time);
std::string percent_text(double share);

Json json_of(const ledger::RunDecision& decision);
Json json_of(const ledger::Publication& publication);
Json json_of(const std::optional<Month>& month);
Json json_of(const ledger::RunDiff& diff);

}  // namespace fenqun::cli
