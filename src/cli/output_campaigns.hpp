// cli/output_campaigns.hpp - campaigns on standard output. Level 8.
#pragma once

#include "app/strategies.hpp"
#include "cli/output.hpp"

#include <string>
#include <vector>

namespace fenqun::cli {

// For people: finished text with line ends.
std::string show_campaigns(const strategy::Library& library, const std::vector<strategy::CampaignLaunch>& launches,
                           const Texts& texts);
std::string show_reach(const app::CampaignPlan& plan, bool kept, const Texts& texts);
std::string show_result(const strategy::CampaignResult& result, const strategy::Library& library, const Texts& texts);

// For programs.
Json json_of(const strategy::Library& library, const std::vector<strategy::CampaignLaunch>& launches);
Json json_of(const strategy::CampaignReach& reach);
Json json_of(const strategy::CampaignResult& result);

}  // namespace fenqun::cli
