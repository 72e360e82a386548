// strategy/event_json.hpp - the kept answer of an event read again. Level 5, inside the room.
#pragma once

#include "strategy/events.hpp"

#include <string>

namespace fenqun::strategy {

/// Errors: BadData.
Result<EventOutcome> event_from_json(const std::string& text);

}  // namespace fenqun::strategy
