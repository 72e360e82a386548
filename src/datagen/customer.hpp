// datagen/customer.hpp - one synthetic customer with its planted classes, as small as a million of them asks. Level 3.
#pragma once

#include "datagen/parameters.hpp"

#include <array>
#include <cstdint>
#include <limits>

namespace fenqun::datagen {

/// How somebody pays. The low arrears class: the first four; medium: LateSome; high: ChronicLate and Malicious.
enum class Habit : std::uint8_t { Early, OnTime, AutoDebit, Prepaid, LateSome, ChronicLate, Malicious };
inline constexpr std::array<const char*, 7> kHabitNames = {"early",     "on_time",      "auto_debit", "prepaid",
                                                           "late_some", "chronic_late", "malicious"};

inline constexpr std::int32_t kNeverClosed = std::numeric_limits<std::int32_t>::max();

struct Customer {
  double month_kwh = 0;        // energy of a month with season factor 1 at the last month's level
  float growth_per_month = 0;  // log
  float noise = 0;             // log deviation of a month
  float peak_share = 0;
  float valley_share = 0;
  float capacity_kva = 0;
  float mean_days_late = 0;     // of bills paid late
  std::int32_t opened_day = 0;  // days since 1970
  std::int32_t closed_day = kNeverClosed;
  std::uint32_t area = 0;    // index into Territory::areas
  std::uint8_t kind = 0;     // index into Parameters::kinds
  std::uint8_t rhythm = 0;   // index into Rhythms
  std::uint8_t revenue = 0;  // 1..3 as dealt, whether or not the data can show it
  std::uint8_t growth = 0;   // 1..4 as dealt
  std::uint8_t arrears = 0;  // 1 high, 2 medium, 3 low: the order of table 4
  Habit habit = Habit::OnTime;
  std::uint8_t method = 0;      // index into Classes::methods
  std::uint8_t tariff = 0;      // index into Usage::tariffs
  std::uint8_t shape = 0;       // index into Shapes::shapes
  std::uint8_t suffix = 0;      // index into Kind::suffixes; 0 for a person
  std::uint8_t importance = 0;  // 0: none, else 1 + index into Kind::importance
  AreaCase area_case = AreaCase::None;
  std::uint8_t late_bills = 0;    // of twelve
  std::uint8_t unpaid_bills = 0;  // of twelve
  std::uint8_t reminders = 0;     // of twelve bills
  bool is_vacant = false;
  bool is_migrant = false;
  bool is_constant = false;  // the same energy every day
};

/// A, B, C or D as seed 002 writes it: D does not pay even when reminded, C is reminded every month, B every three
/// to six months, A never.
char grade_of(const Customer& customer) noexcept;

}  // namespace fenqun::datagen
