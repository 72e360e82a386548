// cli/output_strategy.hpp - strategies, plans and work orders on standard output. Level 8.
#pragma once

#include "app/strategies.hpp"
#include "cli/output.hpp"

#include <string>
#include <vector>

namespace fenqun::cli {

/// Null where there is none; and the error that says so.
const strategy::Book* find_book(const strategy::Library& library, const std::string& name);
tl::unexpected<Error> refuse_book(const strategy::Library& library, const std::string& name);

// For people: finished text with line ends.
std::string show_check(const strategy::CheckedLibrary& checked, const Texts& texts);
std::string show_books(const strategy::Library& library, const Texts& texts);
std::string show_book(const strategy::Book& book, const strategy::Library& library, const Texts& texts);
std::string show_plan(const app::ServicePlan& plan, const Texts& texts);
std::string show_suppressed(const strategy::SuppressedList& found, const Texts& texts);
std::string show_orders(const strategy::OrderList& found, const strategy::Library& library, const Texts& texts);
std::string show_order(const strategy::WorkOrder& order, const std::vector<strategy::OrderEvent>& events,
                       const strategy::Library& library, const Texts& texts);
std::string show_move(const strategy::MoveOutcome& done, const strategy::Library& library, const Texts& texts);
std::string show_clock(const strategy::DisconnectionClock& clock, const Texts& texts);

// For programs.
Json json_of(const strategy::CheckedLibrary& checked, const Texts& texts);
Json json_of(const strategy::Library& library);
Json json_of(const strategy::Book& book, const strategy::Library& library);
Json json_of(const app::ServicePlan& plan);
Json json_of(const strategy::SuppressedList& found);
Json json_of(const strategy::OrderList& found);
Json json_of(const strategy::WorkOrder& order, const std::vector<strategy::OrderEvent>& events);
Json json_of(const strategy::MoveOutcome& done);
Json json_of(const strategy::DisconnectionClock& clock, const Texts& texts);

}  // namespace fenqun::cli
