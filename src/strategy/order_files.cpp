// strategy/order_files.cpp
#include "strategy/order_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace fenqun::strategy {
namespace {

constexpr std::size_t kLineBytes = 75;  // of iCalendar, without the line end

struct Titles {
  std::string_view zh;
  std::string_view en;
};
constexpr std::array<Titles, 13> kTitles = {{{"工单编号", "Order"},
                                             {"类型", "Type"},
                                             {"户号", "Customer"},
                                             {"台区", "Transformer area"},
                                             {"月份", "Month"},
                                             {"状态", "State"},
                                             {"紧急", "Urgent"},
                                             {"渠道", "Channel"},
                                             {"责任人", "Owner"},
                                             {"协办人", "Second owner"},
                                             {"开始日期", "Begins"},
                                             {"到期日期", "Due"},
                                             {"结果", "Outcome"}}};

std::string cell(std::string_view text) {
  std::string out = "\"";
  constexpr std::string_view kFormula = "=+-@\t\r";
  if (!text.empty() && kFormula.find(text.front()) != std::string_view::npos) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string title_of(const Library& library, const std::string& code, Language language) {
  const auto* const type = library.find_type(code);
  return type == nullptr ? code : type->title.in(language);
}

std::string outcome_of(const Library& library, const WorkOrder& order, Language language) {
  const auto* const type = library.find_type(order.type);
  for (const auto& one : type == nullptr ? std::vector<OrderOutcome>() : type->outcomes) {
    if (one.code == order.outcome) return one.title.in(language);
  }
  return order.outcome;
}

// "2026-07-31" as 20260731, so many days later.
std::string plain_day(const std::string& day, int later) {
  using namespace std::chrono;
  const auto number = [&day](std::size_t at, std::size_t length) { return std::stoi(day.substr(at, length)); };
  const sys_days first = year(number(0, 4)) / month(static_cast<unsigned>(number(5, 2))) /
                         std::chrono::day(static_cast<unsigned>(number(8, 2)));
  const year_month_day out = first + days(later);
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(out.year()), static_cast<unsigned>(out.month()),
                     static_cast<unsigned>(out.day()));
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == ',' || c == ';') out += '\\';
    out += c;
  }
  return out;
}

// Lines are folded, never within a character.
void add_line(std::string& out, std::string_view line) {
  std::size_t room = kLineBytes;
  while (line.size() > room) {
    auto cut = room;
    while (cut > 1 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;
    out += line.substr(0, cut);
    out += "\r\n ";
    line.remove_prefix(cut);
    room = kLineBytes - 1;
  }
  out += line;
  out += "\r\n";
}

}  // namespace

std::string orders_csv(const std::vector<WorkOrder>& orders, const Library& library, Language language) {
  std::string out = "\xEF\xBB\xBF";
  const auto add = [&out](const std::vector<std::string>& cells) {
    for (std::size_t n = 0; n < cells.size(); ++n) out += (n == 0 ? "" : ",") + cell(cells[n]);
    out += "\r\n";
  };
  std::vector<std::string> titles;
  titles.reserve(kTitles.size());
  for (const auto& one : kTitles) titles.emplace_back(language == Language::English ? one.en : one.zh);
  add(titles);
  for (const auto& order : orders) {
    add({order.order_id, title_of(library, order.type, language), order.customer_id, order.area_id, order.month.text(),
         std::string(name_of(order.state)), order.is_urgent ? "1" : "0", order.channel, order.owner_id,
         order.second_owner_id, order.begins_on, order.due_on, outcome_of(library, order, language)});
  }
  return out;
}

std::string orders_calendar(const std::vector<WorkOrder>& orders, const Library& library, Language language) {
  std::string out;
  add_line(out, "BEGIN:VCALENDAR");
  add_line(out, "VERSION:2.0");
  add_line(out, "PRODID:-//fenqun//work orders//ZH");
  for (const auto& order : orders) {
    auto stamp = order.changed_at.substr(0, 19);
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    std::replace(stamp.begin(), stamp.end(), ' ', 'T');
    add_line(out, "BEGIN:VEVENT");
    add_line(out, "UID:" + order.order_id + "@fenqun");
    add_line(out, "DTSTAMP:" + stamp + "Z");
    add_line(out, "DTSTART;VALUE=DATE:" + plain_day(order.begins_on, 0));
    add_line(out, "DTEND;VALUE=DATE:" + plain_day(std::max(order.begins_on, order.due_on), 1));
    add_line(out, "SUMMARY:" + escaped(title_of(library, order.type, language) + " " + order.customer_id));
    add_line(out, "DESCRIPTION:" + escaped(order.order_id + (order.area_id.empty() ? "" : "\n" + order.area_id)));
    add_line(out, order.is_urgent ? "PRIORITY:1" : "PRIORITY:5");
    add_line(out, order.state == OrderState::Cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
    add_line(out, "END:VEVENT");
  }
  add_line(out, "END:VCALENDAR");
  return out;
}

}  // namespace fenqun::strategy
