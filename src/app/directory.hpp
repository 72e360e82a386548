// app/directory.hpp - all customers in memory: found by number, name, phone or address, with their published groups.
// Level 6. A snapshot is never changed: a new one takes its place.
#pragma once

#include "access/visible_data.hpp"
#include "app/context.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::app {

/// Texts one after the other, each ended by '\n': small, and searched at the speed of memory. At most 4 GiB.
class TextColumn {
 public:
  void add(std::string_view text);
  [[nodiscard]] std::string_view at(std::uint32_t row) const;
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return all_.capacity() + ends_.capacity() * sizeof(std::uint32_t);
  }
  /// Rows that hold `part`, in order, until `take` returns false.
  template <typename Take>
  void search(std::string_view part, const Take& take) const;

 private:
  [[nodiscard]] std::optional<std::uint32_t> next(std::string_view part, std::uint32_t from) const;
  std::string all_;
  std::vector<std::uint32_t> ends_;
};

/// A group as it was published.
struct PublishedGroup {
  std::string scheme;
  BilingualText scheme_title;
  std::string group;
  BilingualText title;
};

/// A condition on table `membership`: it is in force in the month, as Directory has it.
std::string in_force(Month month);

/// What the groups of a caller mean: config/routing.yaml.
struct RoutingRule {
  std::string scheme;
  std::string group;
  std::string queue;
  bool green_channel = false;
  std::vector<BilingualText> say;
  std::vector<BilingualText> do_not;
};
struct RoutingQueue {
  std::string code;
  std::int64_t rank = 0;
  BilingualText title;
};
struct Routing {
  std::vector<RoutingQueue> queues;
  std::string otherwise;
  std::vector<RoutingRule> rules;
  [[nodiscard]] const RoutingQueue* find_queue(std::string_view code) const;
};
/// Errors: BadData naming file and line; NotFound.
Result<Routing> load_routing(const AssetStore& assets);

/// Where something that was searched for was found.
enum class FoundIn : std::uint8_t { Id, Name, Phone, Address };
std::string_view name_of(FoundIn found) noexcept;  // "customer_id", "name", "phone", "address"

struct Hit {
  std::uint32_t row = 0;
  FoundIn found = FoundIn::Id;
};

struct StaffEntry {
  std::string id;
  std::string name;
  std::string phone;
};

/// Which fields may be searched.
struct SearchScope {
  bool names = false;
  bool phones = false;
  bool addresses = false;
};

/// From any thread. Rows are in the order of customer ids. What it holds is in clear: whoever shows it does so through
/// access::VisibleData.
class Directory {
 public:
  /// From the customers and what is published for the month (or, where all was published for later ones, the first).
  /// Cost: one pass over customers, contacts and the ledger; about 150 bytes a customer. Errors: Database, BadData.
  static Result<std::shared_ptr<const Directory>> create(Session& session, Month month);

  [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view customer_id) const;
  /// Customers with this number as their own or a contact's; blanks, signs and the country are left out of account.
  [[nodiscard]] std::vector<std::uint32_t> by_phone(std::string_view phone) const;

  [[nodiscard]] std::string_view id(std::uint32_t row) const { return ids_.at(row); }
  [[nodiscard]] std::string_view name(std::uint32_t row) const { return names_.at(row); }
  [[nodiscard]] std::string_view phone(std::uint32_t row) const { return phones_.at(row); }
  [[nodiscard]] std::string_view address(std::uint32_t row) const { return addresses_.at(row); }
  [[nodiscard]] const std::string& category(std::uint32_t row) const { return words_[categories_[row]]; }
  /// The station, else the lowest unit that is known; empty: none.
  [[nodiscard]] const std::string& station(std::uint32_t row) const;
  [[nodiscard]] const std::string& unit_name(const std::string& unit) const;
  /// Account manager, else who is in charge of the transformer area, else of the station.
  [[nodiscard]] const StaffEntry* manager(std::uint32_t row) const;
  /// Those in force, in the order of the schemes' names.
  [[nodiscard]] std::vector<const PublishedGroup*> groups(std::uint32_t row) const;
  /// The first of config/primary_group.yaml that the customer is in; nullptr: none.
  [[nodiscard]] const PublishedGroup* primary_group(std::uint32_t row) const;
  [[nodiscard]] const Routing& routing() const noexcept { return routing_; }

  /// Is this customer's station, community or transformer area one of these units or below, or everybody's? The same as
  /// access::VisibleData says in SQL.
  class Scope {
   public:
    Scope(const Directory& directory, const access::Scope& scope);
    [[nodiscard]] bool covers(std::uint32_t row) const;

   private:
    const Directory& directory_;
    bool everybody_;
    std::vector<bool> units_;  // by word
  };

  /// Customers in scope below each of these units, all and by group of a scheme; one who is below two counts for the
  /// lowest. A pass over all rows.
  struct Count {
    std::int64_t customers = 0;
    std::map<std::string, std::int64_t> groups;
  };
  [[nodiscard]] std::map<std::string, Count> count_below(const std::vector<std::string>& units,
                                                         const std::string& scheme, const Scope& scope) const;
  /// The same of all customers in scope together, by scheme.
  [[nodiscard]] std::map<std::string, Count> count_all(const Scope& scope) const;
  [[nodiscard]] const std::vector<PublishedGroup>& published() const noexcept { return published_; }

  /// At most `limit` in scope, best first: number, beginning of a number, name, phone, address.
  [[nodiscard]] std::vector<Hit> search(std::string_view words, const SearchScope& fields, const Scope& scope,
                                        std::size_t limit) const;

 private:
  using Word = std::uint32_t;  // of words_; 0 is the empty one
  Word word(const std::string& text);
  Result<void> read_customers(Session& session);
  Result<void> read_contacts(Session& session);
  Result<void> read_units(Session& session);
  Result<void> read_groups(Session& session, Month month);
  void add_phone(std::string_view text, std::uint32_t row);

  TextColumn ids_;
  TextColumn names_;
  TextColumn phones_;
  TextColumn addresses_;
  std::vector<std::string> words_ = {""};
  std::map<std::string, Word, std::less<>> word_of_ = {{"", 0}};
  std::vector<Word> categories_;
  std::vector<Word> stations_;
  std::vector<Word> communities_;
  std::vector<Word> areas_;
  std::vector<Word> managers_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_phone_;
  std::map<Word, Word> parents_;    // of units
  std::map<Word, Word> in_charge_;  // of units: staff
  std::map<std::string, std::string, std::less<>> unit_names_;
  std::map<Word, StaffEntry> staff_;
  std::vector<PublishedGroup> published_;             // 1, 2 ...: index into it plus one
  std::vector<std::vector<std::uint16_t>> group_of_;  // by scheme, by row; 0: none
  std::vector<std::uint16_t> places_;                 // of published_: place in the order of primary groups; 0: none
  Routing routing_;
};

/// The digits of a phone number without the country; 0 where there are too few to be one.
std::uint64_t phone_digits(std::string_view text);

}  // namespace fenqun::app
