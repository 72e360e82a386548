// datagen/paying.hpp - when a bill is paid, and who is reminded of it. Level 3.
#pragma once

#include "datagen/calendar.hpp"
#include "datagen/customer.hpp"
#include "datagen/streams.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace fenqun::datagen {

struct BillDates {
  std::int32_t issued = 0;  // days since 1970
  std::int32_t due = 0;
};

/// One reminder.
struct Reminder {
  std::int32_t day = 0;
  std::int32_t second = 0;   // of the day
  const char* channel = "";  // code of dunning_event.channel
};

struct Reminders {
  std::array<Reminder, 4> items;
  std::size_t count = 0;
};

/// A bill paid in two: the first part's day and its share of the amount; the rest comes on paid_on.
struct FirstPart {
  std::int32_t day = 0;
  double share = 0;
};

/// A direct debit that did not succeed.
struct FailedDebit {
  std::int32_t day = 0;
  const char* reason = "";  // code of payment.failure_reason
};

/// All that comes of a bill. The first part comes after the bill was issued and before paid_on; without it the bill is
/// paid at once, or never. Direct debits fail for bills that are paid late or never, in the bill's month before its due
/// date: the account is not the household's own, or is empty.
struct BillOutcome {
  std::optional<std::int32_t> paid_on;  // in full; empty: never
  std::optional<FirstPart> first;
  std::optional<FailedDebit> failed;
};

/// The first part of a bill, in fen: some of it always remains.
std::int64_t first_part_fen(const FirstPart& part, std::int64_t amount_fen) noexcept;

/// A bill's fate depends on (seed, customer number, month) alone. Of each twelve months, counted back from the last
/// one, exactly late_bills are paid late and unpaid_bills never, in an order drawn anew for each twelve.
/// Immutable: safe from several threads.
class PayingModel {
 public:
  /// No payment comes more months after its bill's month than this.
  static constexpr int kMonthsToWait = 3;

  PayingModel(const Parameters& parameters, const Timeline& timeline, std::uint64_t seed)
      : parameters_(parameters), timeline_(timeline), seed_(seed) {}

  [[nodiscard]] BillDates dates(int t) const;
  /// The day on which it is paid in full; empty: never.
  [[nodiscard]] std::optional<std::int32_t> paid_on(std::uint32_t number, const Customer& customer, int t) const;
  [[nodiscard]] BillOutcome outcome(std::uint32_t number, const Customer& customer, int t) const;
  /// In the order of time; none after the payment. They fall into the bill's month and the one after it.
  [[nodiscard]] Reminders reminders(std::uint32_t number, const Customer& customer, int t) const;

 private:
  enum class Fate : std::uint8_t { OnTime, Late, Unpaid };
  /// Where month t stands in the drawn order of its twelve: 0..11.
  [[nodiscard]] std::uint32_t rank(Purpose purpose, std::uint32_t number, int t) const;
  [[nodiscard]] Fate fate(std::uint32_t number, const Customer& customer, int t) const;
  [[nodiscard]] std::optional<std::int32_t> paid_on(std::uint32_t number, const Customer& customer, int t,
                                                    Fate how) const;
  [[nodiscard]] bool is_reminded(std::uint32_t number, const Customer& customer, int t) const;

  const Parameters& parameters_;
  const Timeline& timeline_;
  std::uint64_t seed_;
};

}  // namespace fenqun::datagen
