// delivery/header.hpp - what the columns of a delivery are called, and the mapping that says so. Level 4.
#pragma once

#include "delivery/plan.hpp"

#include <string>
#include <vector>

namespace fenqun::delivery {

/// One for each field. Names differ within a file. The same spec and fields give the same names.
std::vector<HeaderCell> header_of(const DeliverySpec& spec, const Fields& fields);

/// As a reader joins it: "电量/峰电量" for a cell with a group, but 电量 for 电量 below 电量.
std::string full_name(const HeaderCell& cell);

/// The mapping file. Every rejected row goes to quarantine, however many there are.
std::string mapping_of(const DeliverySpec& spec, const Fields& fields, const std::vector<HeaderCell>& header);

}  // namespace fenqun::delivery
