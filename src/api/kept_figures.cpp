// api/kept_figures.cpp
#include "api/kept_figures.hpp"

namespace fenqun::api {
namespace {

constexpr std::size_t kMostEntries = 1000;  // of some kilobytes each

}  // namespace

std::shared_ptr<KeptFigures::Entry> KeptFigures::entry(const std::string& data, const std::string& key) {
  const std::scoped_lock lock(mutex_);
  if (data != data_ || entries_.size() >= kMostEntries) entries_.clear();
  data_ = data;
  auto& found = entries_[key];
  if (!found) found = std::make_shared<Entry>();
  return found;
}

Result<Json> KeptFigures::get(const std::string& data, const std::string& key, const Work& work) {
  const auto wanted = entry(data, key);
  const std::scoped_lock lock(wanted->mutex);
  if (wanted->figures) return *wanted->figures;
  FENQUN_TRY(auto worked, work());
  if (worked.of_this_data) wanted->figures = worked.figures;
  return std::move(worked.figures);
}

}  // namespace fenqun::api
