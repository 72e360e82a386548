// strategy/library.hpp - what each group of customers means for those who serve it: books of cells (for whom, what,
// when, by which channel), kinds of work orders, services, and the rules of arbitration, from config/strategies.
// Level 5.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"
#include "base/texts.hpp"
#include "features/catalogue.hpp"
#include "segment/expression.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::strategy {

/// When an action is called for: every so many months, when something happens, or once by a campaign.
enum class Occasion : std::uint8_t {
  Month,
  Campaign,
  PlannedOutage,
  PriceChange,
  BillChange,
  SpecialDay,
  Application,
  Closing,
  IncomingCall,
  Ticket,
  Payment,
  Arrears,
  Disconnection,
  MeterReading
};
enum class Channel : std::uint8_t { OnSite, Phone, Sms, Wechat, Email, Paper, Bulletin, Online, Counter };
/// As the role of a member of staff in the contract.
enum class Role : std::uint8_t {
  AccountManager,
  AreaManager,
  MeterReader,
  Collector,
  Agent,
  Counter,
  Inspector,
  Repair,
  Supervisor,
  Manager
};
/// "month", "planned_outage" ...; "on_site", "phone" ...; "account_manager", "area_manager" ...
std::string_view name_of(Occasion occasion) noexcept;
std::string_view name_of(Channel channel) noexcept;
std::string_view name_of(Role role) noexcept;

enum class FieldKind : std::uint8_t { Text, Number, Flag, Date, Choice };
std::string_view name_of(FieldKind kind) noexcept;

struct FieldChoice {
  std::string code;
  BilingualText title;
};
/// A field of the form that belongs to an order.
struct FormField {
  std::string name;
  BilingualText title;
  FieldKind kind = FieldKind::Text;
  bool required = false;
  std::vector<FieldChoice> choices;  // Choice: at least two
};

/// What an outcome of a checking order means for the order that it checked.
enum class Finding : std::uint8_t { Nothing, InOrder, AtFault };

/// Something that may happen on the way, and what to do then.
struct Contingency {
  BilingualText when;
  BilingualText then;
};

struct OrderOutcome {
  std::string code;
  BilingualText title;
  bool settles = true;  // false: the matter stays open
  Finding finds = Finding::Nothing;
};

struct OrderType {
  std::string code;
  BilingualText title;
  std::vector<std::string> requirements;
  Role owner = Role::AccountManager;
  int team_of = 1;         // 1 or 2
  int effort_minutes = 0;  // 0..1440, of each employee
  int by_days = 10;        // 1..60 working days
  Channel channel = Channel::OnSite;
  bool is_contact = true;   // the customer notices it
  bool is_together = true;  // several reasons for a customer in a month make one order
  std::string verified_by;  // order type; empty: nothing checks it
  bool by_program = false;  // the program makes them, no action does
  std::vector<BilingualText> checklist;
  std::vector<BilingualText> script;  // what to say, in this order
  std::vector<Contingency> contingencies;
  std::vector<FormField> form;
  std::vector<OrderOutcome> outcomes;  // at least one that settles
};

struct Service {
  std::string code;
  std::vector<std::string> requirements;
  BilingualText title;
  BilingualText text;
  segment::Expression offered_to;
  int effort_minutes = 0;
  bool is_marketing = false;
};

struct Action {
  int line = 0;
  std::string name;       // unique within the cell
  std::size_t order = 0;  // place among the types
  Occasion on = Occasion::Month;
  int every_months = 1;                     // Month: 1, 2, 3, 6 or 12; customers are spread over the months
  std::optional<std::pair<int, int>> days;  // of the month, 1..28
  Channel channel = Channel::OnSite;
  Role owner = Role::AccountManager;
  int by_days = 10;
  bool is_urgent = false;
  bool is_marketing = false;  // needs the customer's consent
  BilingualText text;         // what the employee is to do
  BilingualText message;      // what the customer is told, with {variables}; notices only
  std::string service;        // of the catalogue; empty: none
  std::vector<BilingualText> checklist;
};

struct Cell {
  int line = 0;
  std::string name;
  std::vector<std::string> requirements;
  std::string class_code;    // group of the book's scheme; empty: not a cell of a table
  std::string attribute;     // usage, interaction, excitement, expected, basic; empty: not a cell of a table
  bool is_authored = false;  // not in the source: written by us
  segment::Expression when;
  std::vector<std::string> yields_to;  // cells before which this one gives way
  BilingualText text;
  std::vector<Action> actions;
};

struct Book {
  std::string name;
  int version = 1;
  BilingualText title;
  BilingualText source;
  std::size_t department = 0;  // place among the rules' departments, the first counts most
  std::string scheme;          // whose groups are the classes; empty: none
  std::vector<Cell> cells;
  std::string origin;
};

/// What a campaign wants customers to do.
enum class Goal : std::uint8_t { PaidBy, ContactedBy, AppliedFor, Holds };
std::string_view name_of(Goal goal) noexcept;  // "paid_by", "contacted_by", "applied_for", "holds"
struct Conversion {
  Goal goal = Goal::PaidBy;
  std::vector<std::string> codes;  // channels of payments or contacts by the customer, kinds of applications
  segment::Expression condition;   // Holds: of the latest month prepared in those days
  int within_days = 60;            // 7..366, from the first day
};

/// A promotion for a group of customers, once, with some held out so that what it did can be seen.
struct Campaign {
  int line = 0;
  std::string name;
  int version = 1;
  std::vector<std::string> requirements;
  BilingualText title;
  BilingualText source;
  std::size_t department = 0;
  segment::Expression target;       // names at least one group
  double hold_out_share = 0.1;      // 0..0.5, of those who could be asked
  std::int64_t most_customers = 0;  // drawn of them, held out ones among them; 0: all
  Action action;
  Conversion conversion;
  std::string origin;
};

struct Department {
  std::string code;
  BilingualText title;
};
/// Customers with a lower cap.
struct Quieter {
  segment::Expression when;
  int month = 1;
  BilingualText title;
};
/// Where a customer has an order of `first`, one of `second` (or any promotion) yields.
struct Collision {
  std::size_t first = 0;
  std::optional<std::size_t> second;  // absent: marketing
  BilingualText title;
};

/// Who is told of an order that is overdue for so many working days.
struct EscalationStep {
  int days = 1;  // 1..60, more than the step before
  Role to = Role::Supervisor;
};

struct ArbitrationRules {
  std::vector<Department> departments;  // the first counts most
  int month_cap = 3;                    // contacts of a customer in a month
  std::vector<std::pair<Channel, int>> channel_caps;
  std::vector<Quieter> quieter;  // the first that holds
  std::vector<Collision> collisions;
  bool unknown_consent_allows = false;
  std::vector<std::size_t> floor;  // order types that are never held back
  std::vector<EscalationStep> escalation;
  int month_hours = 160;   // that an employee has for orders in a month, >= 1
  std::string quiet_from;  // "21:00"
  std::string quiet_to;
  std::string hotline;
};

/// What earns or costs employees points.
enum class Merit : std::uint8_t { InOrder, InTime, AtFault, MissedDeadline };
struct PointRule {
  std::string code;
  Merit when = Merit::InOrder;
  std::vector<std::size_t> orders;  // of these types; empty: all that are checked
  int points = 0;                   // -100..100
  BilingualText title;
};
struct PointRules {
  int rectify_days = 5;  // 1..60 working days, to put right what a check opened again
  std::vector<PointRule> rules;
};

/// How likely what is owed is lost: the first weight whose condition holds, 0..1.
struct ArrearsWeight {
  segment::Expression when;
  double weight = 0;
  BilingualText title;
};
/// Why customers owe, as far as the data tells, and what helps: the first cause whose condition holds.
struct ArrearsCause {
  std::string code;
  std::vector<std::string> requirements;
  BilingualText title;
  segment::Expression when;
  BilingualText treatment;
  Channel channel = Channel::Phone;
};
/// Arrears work: the days of a month, whom to turn to first, what to do.
struct ArrearsRules {
  int reading_from = 17;  // days of the month, 1..28
  int reading_to = 20;
  int bill_day = 22;
  int dunning_days = 8;      // from the bill on, 1..28
  double cover_share = 0.8;  // of the money at risk that the customers to turn to first hold, above 0, at most 1
  std::vector<ArrearsWeight> weights;
  std::vector<ArrearsCause> causes;
};

struct Library {
  std::vector<OrderType> types;
  ArbitrationRules rules;
  PointRules points;
  ArrearsRules arrears;
  std::vector<Service> services;
  std::vector<Book> books;  // by name
  std::vector<Campaign> campaigns;
  std::string text;         // of all its files, one after the other
  std::string fingerprint;  // hash of the text

  /// Null where there is none.
  [[nodiscard]] const OrderType* find_type(std::string_view code) const;
  [[nodiscard]] const Campaign* find_campaign(std::string_view name) const;
  [[nodiscard]] const Service* find_service(std::string_view code) const;
  /// Of "cell.action" or "campaign.action"; null where there is none any more.
  [[nodiscard]] const Action* find_action(std::string_view reason) const;
  /// What there is to do for an order of a kind and of reasons ("cell.action, cell.action").
  [[nodiscard]] std::vector<BilingualText> checklist_of(std::string_view order_type, const std::string& reasons) const;
  /// Its own word or its service's: it needs the customer's consent.
  [[nodiscard]] bool is_marketing(const Action& action) const;
};

/// What a library's files say: everything that is wrong with them, and what is doubtful.
struct CheckedLibrary {
  Library library;              // as far as it was read
  std::vector<Error> problems;  // each with file and line; empty: it can be worked with
  std::vector<Error> doubts;    // cells that never or always hold, order types that nothing uses
};

/// The variables that messages may name.
const std::vector<std::string>& message_variables();

/// Reads config/strategies. Refused are: wrong or unknown keys, names used twice, order types, services, schemes,
/// groups and cells that are not there, cells that give way in a circle, conditions that are none, unknown variables in
/// a message, variables of an occasion that the action does not have. Errors: Io.
Result<CheckedLibrary> check_library(const AssetStore& assets, const features::FeatureCatalogue& catalogue);

/// What `Library::text` is of the files as they are now. Errors: Io.
Result<std::string> library_text(const AssetStore& assets);

/// The same, refused with the first problem. Errors: BadData, Io.
Result<Library> load_library(const AssetStore& assets, const features::FeatureCatalogue& catalogue);

/// Whether a condition can hold for nobody, or holds for everybody, as far as its own text shows: tried on values
/// around all that it compares with. Gives up (Sometimes) where that is too many.
enum class Reach : std::uint8_t { Never, Sometimes, Always };
Reach reach_of(const segment::Expression& condition, const segment::NameLookup& names);

}  // namespace fenqun::strategy
