// access/lock_out.cpp
#include "access/lock_out.hpp"

#include <algorithm>

namespace fenqun::access {

Moment LockOut::open_at(const std::string& name, Moment now) const {
  const std::scoped_lock lock(mutex_);
  const auto at = tries_.find(name);
  return at == tries_.end() ? now : std::max(now, at->second.open);
}

LockOut::Tries LockOut::tries_of(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  const auto at = tries_.find(name);
  return at == tries_.end() ? Tries{} : at->second;
}

void LockOut::put_back(const std::string& name, const Tries& tries) {
  const std::scoped_lock lock(mutex_);
  tries_.insert_or_assign(name, tries);
}

void LockOut::note_failure(const std::string& name, Moment now) {
  const std::scoped_lock lock(mutex_);
  forget_old(now);
  auto& one = tries_[name];
  one.failures += 1;
  one.last = now;
  if (one.failures < allowed_) return;
  auto wait = first_;
  for (auto n = allowed_; n < one.failures && wait < longest_; ++n) wait *= 2;
  one.open = now + std::min(wait, longest_);
}

void LockOut::note_success(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  tries_.erase(name);
}

void LockOut::forget_old(Moment now) {
  std::erase_if(tries_, [&](const auto& one) { return one.second.open <= now && one.second.last + longest_ <= now; });
}

}  // namespace fenqun::access
