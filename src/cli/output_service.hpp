// cli/output_service.hpp - events, notices and points on standard output. Level 8.
#pragma once

#include "app/strategies.hpp"
#include "cli/output.hpp"

#include <string>
#include <vector>

namespace fenqun::cli {

// For people: finished text with line ends.
std::string show_event(const strategy::EventOutcome& outcome, const strategy::Library& library, const Texts& texts);
std::string show_events(const std::vector<strategy::KeptEvent>& events, const Texts& texts);
std::string show_notices_sent(const app::NoticesOutcome& outcome, bool rehearsed, const Texts& texts);
std::string show_notices(const outbox::NoticeList& found, const Texts& texts);
std::string show_points(const strategy::PointsOfMonth& points, const strategy::Library& library, const Texts& texts);
std::string show_arrears(const app::ArrearsWork& work, const Texts& texts);
std::string show_escalated(const std::vector<strategy::EscalationCount>& steps, const strategy::Library& library,
                           const Texts& texts);

// For programs.
Json json_of(const std::vector<strategy::KeptEvent>& events);
Json json_of(const app::NoticesOutcome& outcome);
Json json_of(const outbox::NoticeList& found);
Json json_of(const strategy::PointsOfMonth& points);
Json json_of(const app::ArrearsWork& work);

}  // namespace fenqun::cli
