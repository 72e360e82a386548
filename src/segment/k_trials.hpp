// segment/k_trials.hpp - the trials of k as a run keeps them. Level 3, inside the room.
#pragma once

#include "cluster/choose_k.hpp"
#include "segment/methods.hpp"
#include "segment/result.hpp"

namespace fenqun::segment {

/// What the scheme asks of the choice of k.
cluster::ChooseKOptions choice_options(const MethodInput& input, std::uint64_t seed);

/// Trials, recommendation and the warnings that go with them.
void keep_trials(const cluster::KChoice& choice, RunResult& result);

}  // namespace fenqun::segment
