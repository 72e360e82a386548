// access/role.cpp
#include "access/role.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace fenqun::access {
namespace {

constexpr std::string_view kFile = "config/access/roles.yaml";
constexpr std::array<std::pair<std::string_view, Sight>, 3> kSights = {
    {{"clear", Sight::Clear}, {"masked", Sight::Masked}, {"hidden", Sight::Hidden}}};
constexpr std::array<std::pair<std::string_view, Mask>, 4> kMasks = {
    {{"name", Mask::Name}, {"phone", Mask::Phone}, {"number", Mask::Number}, {"address", Mask::Address}}};

template <typename T, std::size_t N>
std::optional<T> named(const std::array<std::pair<std::string_view, T>, N>& table, std::string_view name) {
  for (const auto& [known, value] : table) {
    if (known == name) return value;
  }
  return std::nullopt;
}

Result<BilingualText> read_title(const Settings& settings) {
  BilingualText out;
  FENQUN_CHECK(settings.allow_only({"zh", "en"}));
  FENQUN_TRY(out.zh, settings.text("zh"));
  FENQUN_TRY(out.en, settings.text("en"));
  return out;
}

Result<Sight> read_sight(const Settings& settings, std::string_view key) {
  FENQUN_TRY(const auto text, settings.text(key));
  const auto sight = named(kSights, text);
  if (!sight) return settings.refuse("access.unknown_sight", {{"value", text}});
  return *sight;
}

// A number that has to be at least one.
Result<std::int64_t> positive(const Settings& settings, std::string_view key) {
  FENQUN_TRY(const auto value, settings.integer(key));
  if (value < 1) return settings.refuse("access.not_positive", {{"setting", std::string(key)}});
  return value;
}

}  // namespace

std::string_view name_of(Sight sight) noexcept { return kSights[static_cast<std::size_t>(sight)].first; }

Result<void> RoleSet::read_limits(const Settings& settings) {
  FENQUN_TRY(smallest_cell, positive(settings, "smallest_cell"));
  FENQUN_TRY(const auto length, positive(settings, "least_password_length"));
  least_password_length = static_cast<std::size_t>(length);
  FENQUN_TRY(const auto session, settings.child("session"));
  FENQUN_CHECK(session.allow_only({"idle_minutes", "longest_hours"}));
  FENQUN_TRY(const auto idle_minutes, positive(session, "idle_minutes"));
  FENQUN_TRY(const auto longest_hours, positive(session, "longest_hours"));
  idle = std::chrono::minutes(idle_minutes);
  longest = std::chrono::hours(longest_hours);
  FENQUN_TRY(const auto lock, settings.child("lock_out"));
  FENQUN_CHECK(lock.allow_only({"after_failures", "first_wait_s", "longest_wait_s"}));
  FENQUN_TRY(const auto failures, positive(lock, "after_failures"));
  FENQUN_TRY(const auto first_s, positive(lock, "first_wait_s"));
  FENQUN_TRY(const auto longest_s, positive(lock, "longest_wait_s"));
  failures_allowed = static_cast<std::size_t>(failures);
  first_wait = std::chrono::seconds(first_s);
  longest_wait = std::chrono::seconds(longest_s);
  return {};
}

Result<void> RoleSet::read_masks(const Settings& settings) {
  FENQUN_TRY(const auto entries, settings.entries());
  for (const auto& [name, fields] : entries) {
    const auto mask = named(kMasks, name);
    if (!mask) return settings.refuse("access.unknown_mask", {{"value", name}});
    FENQUN_TRY(const auto items, fields.items());
    for (const auto& item : items) {
      FENQUN_TRY(const auto field, item.text());
      masks_.emplace(field, *mask);
    }
  }
  return {};
}

Result<Role> RoleSet::read_role(const std::string& name, const Settings& settings) const {
  FENQUN_CHECK(settings.allow_only({"title", "rights", "sees"}));
  Role role;
  role.name = name;
  FENQUN_TRY(const auto title, settings.child("title"));
  FENQUN_TRY(role.title, read_title(title));
  FENQUN_TRY(const auto rights, settings.texts("rights"));
  for (const auto& right : rights) {
    if (!knows_right(right)) return settings.refuse("access.unknown_right", {{"value", right}});
    role.rights.insert(right);
  }
  FENQUN_TRY(const auto sees, settings.child("sees"));
  FENQUN_CHECK(sees.allow_only({"personal", "sensitive", "staff"}));
  FENQUN_TRY(role.personal, read_sight(sees, "personal"));
  FENQUN_TRY(role.sensitive, read_sight(sees, "sensitive"));
  FENQUN_TRY(role.staff, read_sight(sees, "staff"));
  return role;
}

Result<RoleSet> RoleSet::create(const AssetStore& assets) {
  FENQUN_TRY(const auto asset, assets.read(kFile));
  FENQUN_TRY(const auto settings, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(settings.allow_only(
      {"smallest_cell", "session", "lock_out", "least_password_length", "masks", "rights", "roles"}));
  RoleSet set;
  FENQUN_CHECK(set.read_limits(settings));
  FENQUN_TRY(const auto masks, settings.child("masks"));
  FENQUN_CHECK(set.read_masks(masks));
  FENQUN_TRY(const auto rights, settings.child("rights"));
  FENQUN_TRY(const auto known, rights.entries());
  for (const auto& [name, title] : known) {
    FENQUN_TRY(auto words, read_title(title));
    set.rights_.push_back({name, std::move(words)});
  }
  FENQUN_TRY(const auto roles, settings.child("roles"));
  FENQUN_TRY(const auto entries, roles.entries());
  for (const auto& [name, one] : entries) {
    FENQUN_TRY(auto role, set.read_role(name, one));
    set.roles_.push_back(std::move(role));
  }
  return set;
}

const Role* RoleSet::find(std::string_view name) const {
  const auto at = std::find_if(roles_.begin(), roles_.end(), [&](const Role& role) { return role.name == name; });
  return at == roles_.end() ? nullptr : &*at;
}

bool RoleSet::knows_right(std::string_view name) const {
  return std::any_of(rights_.begin(), rights_.end(), [&](const Right& right) { return right.name == name; });
}

const Mask* RoleSet::mask_of(std::string_view field) const {
  const auto at = masks_.find(field);
  return at == masks_.end() ? nullptr : &at->second;
}

}  // namespace fenqun::access
