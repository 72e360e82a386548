// warehouse/lake_views.cpp
#include "warehouse/lake_views.hpp"

#include "warehouse/entity_rows.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace fenqun::warehouse {
namespace {

// Views of what is derived for each customer and month, and the entities that hold it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kDerivedViews = {
    {{"wide", "wide"}, {"readiness", "_readiness"}}};

bool comes_before(const LakeFile& one, const LakeFile& other) {
  return std::tuple(one.month, std::string_view(one.path)) < std::tuple(other.month, std::string_view(other.path));
}

std::string rows_of_master(const Contract& contract) {
  std::string columns;
  for (const auto& field : contract.fields) columns += (columns.empty() ? "" : ", ") + sql_name(field.name);
  return "SELECT " + columns + " FROM " + sql_name("m_" + contract.entity);
}

constexpr std::string_view kByCustomer = " by customer";
// Fewer rows in a single file are found as quickly there.
constexpr std::int64_t kRowsWorthATable = 100'000;

bool is_worth_a_table(const std::vector<LakeFile>& files) {
  return files.size() > 1 || files.front().rows > kRowsWorthATable;
}

}  // namespace

std::string entity_of(const std::filesystem::path& path) { return std::next(path.begin())->string(); }

std::string by_customer(std::string_view entity) { return std::string(entity) + std::string(kByCustomer); }

std::string year_table(std::string_view entity, int year) {
  return std::string(kCustomerRows) + "." + sql_name(std::string(entity) + " " + std::to_string(year));
}

void LakeViews::change(const std::vector<LakeFile>& added, const std::vector<std::string>& removed) {
  const std::scoped_lock lock(mutex_);
  forget_queries();
  for (const auto& path : removed) {
    const auto files = files_.find(entity_of(path));
    if (files != files_.end()) std::erase_if(files->second, [&](const LakeFile& file) { return file.path == path; });
  }
  for (const auto& file : added) {
    auto& files = files_[file.entity];
    files.insert(std::upper_bound(files.begin(), files.end(), file, comes_before), file);
  }
}

std::vector<LakeFile> LakeViews::files_of(std::string_view entity) const {
  const std::scoped_lock lock(mutex_);
  const auto found = files_.find(entity);
  return found == files_.end() ? std::vector<LakeFile>() : found->second;
}

void LakeViews::set_arranged(const std::string& entity, int year, std::string content) {
  const std::scoped_lock lock(mutex_);
  forget_queries();
  if (content.empty())
    arranged_.erase({entity, year});
  else
    arranged_[{entity, year}] = std::move(content);
}

std::vector<LakeViews::Year> LakeViews::years_of(std::string_view entity) const {
  std::vector<Year> out;
  for (auto& file : files_of(entity)) {
    if (out.empty() || out.back().year != file.month.year())
      out.push_back({std::string(entity), file.month.year(), {}, {}});
    out.back().files.push_back(std::move(file));
  }
  std::erase_if(out, [](const Year& year) { return !is_worth_a_table(year.files); });
  const std::scoped_lock lock(mutex_);
  for (auto& year : out) {
    year.content = content_of(year.files);
    const auto made_of = arranged_.find({year.entity, year.year});
    year.is_arranged = made_of != arranged_.end() && made_of->second == year.content;
  }
  return out;
}

std::vector<std::pair<std::string, int>> LakeViews::leftover_years() const {
  std::vector<std::pair<std::string, int>> out;
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, content] : arranged_) {
    const auto found = files_.find(key.first);
    const bool stands = found != files_.end() &&
                        std::any_of(found->second.begin(), found->second.end(),
                                    [&, year = key.second](const LakeFile& file) { return file.month.year() == year; });
    if (!stands) out.push_back(key);
  }
  return out;
}

std::string LakeViews::rows_by_customer(const Contract& contract) const {
  auto others = files_of(contract.entity);
  std::string tables;
  for (const auto& year : years_of(contract.entity)) {
    if (!year.is_arranged) continue;
    tables += " UNION ALL BY NAME SELECT * FROM " + year_table(year.entity, year.year);
    std::erase_if(others, [&](const LakeFile& file) { return file.month.year() == year.year; });
  }
  return "SELECT * FROM (" + entity_rows(folder_, contract, others) + ")" + tables;
}

void LakeViews::forget_queries() {
  queries_.clear();
  changes_ += 1;
}

std::optional<std::string> LakeViews::query_of(std::string_view name) const {
  std::uint64_t seen = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = queries_.find(name); found != queries_.end()) return found->second;
    seen = changes_;
  }
  auto made = make_query(name);
  const std::scoped_lock lock(mutex_);
  if (made && seen == changes_) queries_.emplace(name, *made);
  return made;
}

std::optional<std::string> LakeViews::make_query(std::string_view name) const {
  if (name.ends_with(kByCustomer)) {
    name.remove_suffix(kByCustomer.size());
    const auto* const contract = contracts_.find(name);
    if (contract == nullptr) return std::nullopt;
    if (contract->kind == EntityKind::Fact) return rows_by_customer(*contract);
  }
  if (const auto* const contract = contracts_.find(name)) {
    if (contract->kind == EntityKind::Master) return rows_of_master(*contract);
    return entity_rows(folder_, *contract, files_of(name));
  }
  for (const auto& [view, entity] : kDerivedViews) {
    if (view != name) continue;
    const auto files = files_of(entity);
    if (files.empty()) return "SELECT NULL::DATE AS as_of, NULL::VARCHAR AS customer_id WHERE false";
    return "SELECT * FROM " + lake_table(folder_, files);
  }
  return std::nullopt;
}

}  // namespace fenqun::warehouse
