// segment/k_trials.hpp - the trials of k as a run keeps them. Level 3, inside the room.
#pragma once

#include "cluster/choose_k.hpp"
#include "segment/result.hpp"

namespace fenqun::segment {

/// Trials, recommendation and the warnings that go with them.
void keep_trials(const cluster::KChoice& choice, RunResult& result);

}  // namespace fenqun::segment
