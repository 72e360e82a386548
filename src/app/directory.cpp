// app/directory.cpp - making a snapshot and looking things up. Searching: directory_search.cpp.
#include "app/directory.hpp"

#include "app/schemes.hpp"
#include "ledger/primary_group.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::app {
namespace {

using warehouse::Chunk;
using warehouse::sql_text;

constexpr const char* kRoutingFile = "config/routing.yaml";

Result<BilingualText> read_text(const Settings& settings) {
  BilingualText out;
  FENQUN_CHECK(settings.allow_only({"zh", "en"}));
  FENQUN_TRY(out.zh, settings.text("zh"));
  FENQUN_TRY(out.en, settings.text("en"));
  return out;
}

Result<std::vector<BilingualText>> read_texts(const Settings& settings, std::string_view key) {
  std::vector<BilingualText> out;
  const auto found = settings.find(key);
  if (!found) return out;
  FENQUN_TRY(const auto items, found->items());
  for (const auto& item : items) {
    FENQUN_TRY(auto text, read_text(item));
    out.push_back(std::move(text));
  }
  return out;
}

Result<RoutingRule> read_rule(const Settings& settings, const Routing& routing) {
  FENQUN_CHECK(settings.allow_only({"scheme", "group", "queue", "green_channel", "say", "do_not"}));
  RoutingRule rule;
  FENQUN_TRY(rule.scheme, settings.text("scheme"));
  FENQUN_TRY(rule.group, settings.text("group"));
  FENQUN_TRY(rule.queue, settings.text("queue"));
  FENQUN_TRY(rule.green_channel, settings.boolean("green_channel", false));
  FENQUN_TRY(rule.say, read_texts(settings, "say"));
  FENQUN_TRY(rule.do_not, read_texts(settings, "do_not"));
  if (routing.find_queue(rule.queue) == nullptr) return settings.refuse("app.unknown_queue", {{"queue", rule.queue}});
  return rule;
}

}  // namespace

const RoutingQueue* Routing::find_queue(std::string_view code) const {
  const auto at = std::find_if(queues.begin(), queues.end(), [&](const RoutingQueue& one) { return one.code == code; });
  return at == queues.end() ? nullptr : &*at;
}

Result<Routing> load_routing(const AssetStore& assets) {
  FENQUN_TRY(const auto asset, assets.read(kRoutingFile));
  FENQUN_TRY(const auto settings, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(settings.allow_only({"queues", "otherwise", "rules"}));
  Routing out;
  FENQUN_TRY(const auto queues, settings.child("queues"));
  FENQUN_TRY(const auto entries, queues.entries());
  for (const auto& [code, one] : entries) {
    RoutingQueue queue{code, 0, {}};
    FENQUN_TRY(queue.rank, one.integer("rank"));
    FENQUN_TRY(const auto title, one.child("title"));
    FENQUN_TRY(queue.title, read_text(title));
    out.queues.push_back(std::move(queue));
  }
  FENQUN_TRY(out.otherwise, settings.text("otherwise"));
  if (out.find_queue(out.otherwise) == nullptr) return settings.refuse("app.unknown_queue", {{"queue", out.otherwise}});
  FENQUN_TRY(const auto rules, settings.child("rules"));
  FENQUN_TRY(const auto items, rules.items());
  for (const auto& item : items) {
    FENQUN_TRY(auto rule, read_rule(item, out));
    out.rules.push_back(std::move(rule));
  }
  return out;
}

std::uint64_t phone_digits(std::string_view text) {
  constexpr std::size_t kFewest = 7;
  constexpr std::size_t kMost = 15;
  constexpr std::size_t kMobile = 11;
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  for (const std::string_view country : {"0086", "86"}) {
    if (digits.size() == kMobile + country.size() && digits.starts_with(country)) digits.erase(0, country.size());
  }
  if (digits.size() < kFewest || digits.size() > kMost) return 0;
  // A one in front keeps leading zeros apart.
  return std::stoull("1" + digits);
}

std::string in_force(Month month) {
  return fmt::format(
      "(superseded_by IS NULL AND valid_from <= {0} AND (valid_to IS NULL OR valid_to > {0}))",
      "greatest(DATE " + sql_text(month.first_date()) + ", (SELECT min(p.valid_from) FROM publication p))");
}

Directory::Word Directory::word(const std::string& text) {
  const auto [at, fresh] = word_of_.emplace(text, static_cast<Word>(words_.size()));
  if (fresh) words_.push_back(text);
  return at->second;
}

void Directory::add_phone(std::string_view text, std::uint32_t row) {
  if (const auto digits = phone_digits(text); digits != 0) by_phone_.emplace_back(digits, row);
}

Result<void> Directory::read_customers(Session& session) {
  const auto text = [](const char* column) { return fmt::format("coalesce({}, '')", column); };
  const auto sql = fmt::format(
      "SELECT customer_id, replace({}, chr(10), ' '), replace({}, chr(10), ' '), replace({}, chr(10), ' '), {}, {}, "
      "{}, {}, {} "
      "FROM customer ORDER BY customer_id",
      text("customer_name"), text("contact_phone"), text("address"), text("category"), text("station_id"),
      text("community_id"), text("transformer_area_id"), text("account_manager_id"));
  return session.workspace.connection().stream(sql, [&](const Chunk& chunk) -> Result<void> {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      const auto row = static_cast<std::uint32_t>(ids_.size());
      ids_.add(chunk.text(0, r));
      names_.add(chunk.text(1, r));
      phones_.add(chunk.text(2, r));
      addresses_.add(chunk.text(3, r));
      categories_.push_back(word(std::string(chunk.text(4, r))));
      stations_.push_back(word(std::string(chunk.text(5, r))));
      communities_.push_back(word(std::string(chunk.text(6, r))));
      areas_.push_back(word(std::string(chunk.text(7, r))));
      managers_.push_back(word(std::string(chunk.text(8, r))));
      add_phone(chunk.text(2, r), row);
    }
    return {};
  });
}

Result<void> Directory::read_contacts(Session& session) {
  const std::string sql =
      "SELECT customer_id, coalesce(phone, ''), coalesce(second_phone, '') FROM contact WHERE valid_to IS NULL OR "
      "valid_to "
      ">= current_date";
  FENQUN_CHECK(session.workspace.connection().stream(sql, [&](const Chunk& chunk) -> Result<void> {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      const auto row = find(chunk.text(0, r));
      if (!row) continue;
      add_phone(chunk.text(1, r), *row);
      add_phone(chunk.text(2, r), *row);
    }
    return {};
  }));
  std::sort(by_phone_.begin(), by_phone_.end());
  by_phone_.erase(std::unique(by_phone_.begin(), by_phone_.end()), by_phone_.end());
  by_phone_.shrink_to_fit();
  return {};
}

Result<void> Directory::read_units(Session& session) {
  auto& connection = session.workspace.connection();
  FENQUN_TRY(const auto units,
             connection.query("SELECT org_unit_id, coalesce(parent_id, ''), coalesce(manager_id, ''), "
                              "coalesce(unit_name, '') FROM org_unit"));
  for (std::size_t r = 0; r < units.rows.size(); ++r) {
    const auto unit = word(units.text(r, 0));
    parents_[unit] = word(units.text(r, 1));
    in_charge_[unit] = word(units.text(r, 2));
    unit_names_[units.text(r, 0)] = units.text(r, 3);
  }
  FENQUN_TRY(const auto staff,
             connection.query("SELECT staff_id, coalesce(staff_name, ''), coalesce(phone, '') FROM staff"));
  for (std::size_t r = 0; r < staff.rows.size(); ++r) {
    staff_[word(staff.text(r, 0))] = {staff.text(r, 0), staff.text(r, 1), staff.text(r, 2)};
  }
  return {};
}

Result<void> Directory::read_groups(Session& session, Month month) {
  auto& connection = session.workspace.connection();
  FENQUN_TRY(
      const auto titles,
      connection.query("SELECT p.scheme, n.code, arg_max(n.title_zh, p.sequence), arg_max(n.title_en, p.sequence), "
                       "arg_max(n.position, p.sequence) FROM publication_name n JOIN publication p USING (sequence) "
                       "GROUP BY 1, 2 ORDER BY 1, 5, 2"));
  FENQUN_TRY(const auto schemes, list_schemes(session));
  std::map<std::pair<std::string, std::string>, std::uint16_t> index;
  std::map<std::string, std::size_t> scheme_index;
  FENQUN_TRY(const auto primary, ledger::load_primary_rules(session.workspace.assets(), session.catalogue));
  for (std::size_t r = 0; r < titles.rows.size(); ++r) {
    PublishedGroup group{titles.text(r, 0),
                         {titles.text(r, 0), titles.text(r, 0)},
                         titles.text(r, 1),
                         {titles.text(r, 2), titles.text(r, 3)}};
    for (const auto& entry : schemes) {
      if (entry.name == group.scheme && entry.scheme) group.scheme_title = entry.scheme->title;
    }
    const auto place =
        std::find(primary.priority.begin(), primary.priority.end(), ledger::GroupName{group.scheme, group.group});
    places_.push_back(
        place == primary.priority.end() ? 0 : static_cast<std::uint16_t>(place - primary.priority.begin() + 1));
    scheme_index.emplace(group.scheme, scheme_index.size());
    published_.push_back(group);
    index[{group.scheme, group.group}] = static_cast<std::uint16_t>(published_.size());
  }
  group_of_.assign(scheme_index.size(), std::vector<std::uint16_t>(size(), 0));
  const auto sql =
      "SELECT scheme, customer_id, group_code FROM membership WHERE group_code IS NOT NULL AND " + in_force(month);
  return connection.stream(sql, [&](const Chunk& chunk) -> Result<void> {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      const auto row = find(chunk.text(1, r));
      const auto group = index.find({std::string(chunk.text(0, r)), std::string(chunk.text(2, r))});
      if (row && group != index.end()) group_of_[scheme_index[group->first.first]][*row] = group->second;
    }
    return {};
  });
}

Result<std::shared_ptr<const Directory>> Directory::create(Session& session, Month month) {
  // Shared: an answer goes on with the snapshot that it began with, while a newer one takes its place.
  auto out = std::make_shared<Directory>();
  FENQUN_TRY(out->routing_, load_routing(session.workspace.assets()));
  FENQUN_CHECK(out->read_units(session));
  FENQUN_CHECK(out->read_customers(session));
  FENQUN_CHECK(out->read_contacts(session));
  FENQUN_CHECK(out->read_groups(session, month));
  return std::shared_ptr<const Directory>(std::move(out));
}

std::size_t Directory::bytes() const {
  auto out = ids_.bytes() + names_.bytes() + phones_.bytes() + addresses_.bytes();
  for (const auto* column : {&categories_, &stations_, &communities_, &areas_, &managers_}) {
    out += column->capacity() * sizeof(Word);
  }
  for (const auto& column : group_of_) out += column.capacity() * sizeof(std::uint16_t);
  return out + by_phone_.capacity() * sizeof(by_phone_[0]);
}

std::vector<std::uint32_t> Directory::by_phone(std::string_view phone) const {
  const auto digits = phone_digits(phone);
  std::vector<std::uint32_t> out;
  if (digits == 0) return out;
  for (auto at = std::lower_bound(by_phone_.begin(), by_phone_.end(), std::pair(digits, 0U));
       at != by_phone_.end() && at->first == digits; ++at) {
    out.push_back(at->second);
  }
  return out;
}

const std::string& Directory::station(std::uint32_t row) const {
  for (const auto* column : {&stations_, &communities_, &areas_}) {
    if ((*column)[row] != 0) return words_[(*column)[row]];
  }
  return words_[0];
}

const std::string& Directory::unit_name(const std::string& unit) const {
  const auto at = unit_names_.find(unit);
  return at == unit_names_.end() || at->second.empty() ? unit : at->second;
}

const StaffEntry* Directory::manager(std::uint32_t row) const {
  if (const auto own = staff_.find(managers_[row]); own != staff_.end() && own->first != 0) return &own->second;
  for (const auto* column : {&areas_, &communities_, &stations_}) {
    const auto charge = in_charge_.find((*column)[row]);
    if (charge == in_charge_.end() || charge->second == 0) continue;
    if (const auto one = staff_.find(charge->second); one != staff_.end()) return &one->second;
  }
  return nullptr;
}

std::vector<const PublishedGroup*> Directory::groups(std::uint32_t row) const {
  std::vector<const PublishedGroup*> out;
  for (const auto& column : group_of_) {
    if (column[row] != 0) out.push_back(&published_[column[row] - 1U]);
  }
  return out;
}

const PublishedGroup* Directory::primary_group(std::uint32_t row) const {
  const PublishedGroup* best = nullptr;
  std::uint16_t best_place = 0;
  for (const auto& column : group_of_) {
    if (column[row] == 0) continue;
    const auto place = places_[column[row] - 1U];
    if (place == 0 || (best != nullptr && place >= best_place)) continue;
    best = &published_[column[row] - 1U];
    best_place = place;
  }
  return best;
}

Directory::Scope::Scope(const Directory& directory, const access::Scope& scope)
    : directory_(directory), everybody_(scope.everybody), units_(directory.words_.size(), false) {
  for (const auto& unit : scope.units) {
    const auto at = directory.word_of_.find(unit);
    if (at != directory.word_of_.end() && at->second != 0) units_[at->second] = true;
  }
  // A unit is covered when one above it is. As many rounds as there are levels; a circle of units ends them too.
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [unit, parent] : directory.parents_) {
      if (units_[unit] || !units_[parent]) continue;
      units_[unit] = true;
      grown = true;
    }
  }
}

bool Directory::Scope::covers(std::uint32_t row) const {
  return everybody_ || units_[directory_.stations_[row]] || units_[directory_.communities_[row]] ||
         units_[directory_.areas_[row]];
}

}  // namespace fenqun::app
