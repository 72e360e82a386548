// strategy/events.hpp - what other systems report, and what follows from it for one customer, at once. Level 5.
#pragma once

#include "base/result.hpp"
#include "strategy/disconnection.hpp"
#include "strategy/library.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::strategy {

/// "application" ...; all occasions but "month". Errors: InvalidArgument naming them.
Result<Occasion> parse_event(std::string_view text);

struct EventRequest {
  std::string event_id;  // the sender's: the same one again changes nothing and is answered the same
  Occasion on = Occasion::Ticket;
  std::string customer_id;      // may be empty for an application
  std::string identity_number;  // Application: of who applies
  std::string address;          // Application: where
  std::string account_id;       // Application: that is to pay
  std::string kind;             // IncomingCall: "missed", else answered; others: for the record
  std::string amount_cny;       // Payment: "120.50"
  std::string by;               // who reports it
  std::string now;              // "2026-07-14 09:30"
};

/// What the reporting system is to do.
enum class Verdict : std::uint8_t {
  Noted,      // nothing
  Proceed,    // Application, Closing: nothing stands against it
  ClearDebt,  // Application: debts are to be settled first
  Blocked     // Closing: until debt and inspection are settled
};
std::string_view name_of(Verdict verdict) noexcept;  // "noted" ...

/// What somebody owes that the applicant is or may be.
struct RelatedDebt {
  std::string customer_id;
  std::vector<std::string> via;  // customer, identity, address, account
  std::string owed_cny;          // bills past their due date, less what was paid
  std::string oldest_due_on;
};
struct EventAction {
  std::string cell;
  std::string action;
  std::string order_type;
  BilingualText text;
  std::string order_id;  // made, or one that was open already; empty: only to be said, or held back
  std::string held;      // reason, as of plans; empty: not held back
};
struct EventOutcome {
  std::string event_id;
  Occasion on = Occasion::Ticket;
  std::string customer_id;
  Verdict verdict = Verdict::Noted;
  int priority = 3;  // 1 at once, 2 before others, 3 as it comes; of tickets and calls
  std::vector<RelatedDebt> debts;
  std::vector<EventAction> actions;
  std::vector<std::string> blocking;   // Closing: orders that have to be settled first
  std::vector<std::string> cancelled;  // Payment: dunning that is needed no longer
  std::string reconnection;            // Payment: order to connect again; empty: none
  bool again = false;                  // it was reported before
};

/// Works out what follows, makes the orders and keeps the answer, all or nothing. Cells whose condition holds for the
/// customer (latest prepared month, groups in force) give the actions; consent, refusals and contact caps hold them
/// back as in a plan. An order of a kind that is open for the customer already is taken instead of a new one.
/// Cost: reads of one customer. Errors: NotFound (customer), InvalidArgument (no id, no customer, a number that is
/// none), Conflict (the id was used for something else), Database.
Result<EventOutcome> handle_event(warehouse::Workspace& workspace, const Library& library, const DisconnectionLaw& law,
                                  const EventRequest& request);

struct KeptEvent {
  std::string event_id;
  std::string on;
  std::string customer_id;
  std::string by;
  std::string at;
  EventOutcome outcome;
};
/// Latest first; `customer` empty: of all. Errors: Database, BadData.
Result<std::vector<KeptEvent>> list_events(warehouse::Workspace& workspace, const std::string& customer,
                                           std::int64_t limit);

/// As it is kept and answered. Errors of the other way: BadData.
std::string to_json(const EventOutcome& outcome);

}  // namespace fenqun::strategy
