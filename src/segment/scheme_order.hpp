// segment/scheme_order.hpp - schemes that look at each other's groups, in the order in which they can be run. Level 3.
#pragma once

#include "segment/scheme.hpp"

#include <span>
#include <string>
#include <vector>

namespace fenqun::segment {

/// Loads the schemes named and all they use, directly or not: every scheme after those whose groups it looks at, else
/// in the order named. Errors: as load_scheme; BadData naming file and line: a scheme that uses itself, through however
/// many others (the whole path is told); a scheme or a group that is not there.
Result<std::vector<Scheme>> load_in_order(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                                          const std::vector<std::string>& names);

/// The same for a scheme that is no file of the registry yet; it comes last. It may look at schemes `beside` it that
/// are none either; they count before those of the registry.
Result<std::vector<Scheme>> order_with(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                                       Scheme scheme, std::span<const Scheme> beside = {});

/// The codes that groups of a scheme can have, as far as its file says; empty: that is known after a run only.
std::vector<std::string> group_codes(const Scheme& scheme);

}  // namespace fenqun::segment
