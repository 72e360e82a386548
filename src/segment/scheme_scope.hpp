// segment/scheme_scope.hpp - parts of a scheme's file that say where it looks and how it differs from place to place:
// parameters, overrides, within, strata. Level 3, inside the room.
#pragma once

#include "base/problems.hpp"
#include "base/settings.hpp"
#include "segment/scheme.hpp"

#include <vector>

namespace fenqun::segment {

inline constexpr std::size_t kMostStrata = 50;

/// `parameters` and `overrides`.
void read_parameters(const Settings& root, const features::FeatureCatalogue& catalogue, Scheme& scheme,
                     Problems& problems);
/// The same names, and the parameters as numbers; what `names` refers to must outlive it.
NameLookup with_parameters(NameLookup names, const std::vector<Parameter>& parameters);

void read_within(const Settings& root, Scheme& scheme, Problems& problems);
void read_strata(const Settings& root, const NameLookup& names, Scheme& scheme, Problems& problems);
void read_refresh(const Settings& root, Scheme& scheme, Problems& problems);

/// Fills in Scheme::uses from all conditions that were read.
void collect_uses(const Settings& root, Scheme& scheme);

}  // namespace fenqun::segment
