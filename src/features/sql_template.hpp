// features/sql_template.hpp - fills the placeholders of feature SQL for one month. Level 2.
//   ${as_of}           DATE literal of the month's first day         ${month_end}   of its last day
//   ${next_month}      of the first day after it
//   ${months_back:12}  of the first day of the 12 months that end with as_of
//   ${loaded:ticket}   TRUE when the entity has data up to as_of, else FALSE
//   ${months:ticket}   how many of the 12 months that end with as_of have data of the entity: 0..12
//   ${setting:longest_gap_days}   a figure of config/preparation/preparation.yaml
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace fenqun::features {

struct TemplateValues {
  Month as_of;
  std::set<std::string> known;                       // entities that may be asked for
  std::set<std::string> loaded;                      // those with data
  std::map<std::string, int> months = {};            // of the year, with data; absent: 0
  std::map<std::string, std::string> settings = {};  // figures by name
};

/// The text with ${present} replaced: what `needs` of a family may name beside the others.
std::string with_present(std::string sql, const std::string& present);

/// Errors: BadData ("features.placeholder": unknown or badly formed, naming `origin` and line).
Result<std::string> fill_template(std::string_view sql, const std::string& origin, const TemplateValues& values);

}  // namespace fenqun::features
