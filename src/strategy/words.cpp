// strategy/words.cpp
#include "strategy/words.hpp"

namespace fenqun::strategy {
namespace {

constexpr std::array<Word<Occasion>, 14> kOccasions = {{{"month", Occasion::Month},
                                                        {"campaign", Occasion::Campaign},
                                                        {"planned_outage", Occasion::PlannedOutage},
                                                        {"price_change", Occasion::PriceChange},
                                                        {"bill_change", Occasion::BillChange},
                                                        {"special_day", Occasion::SpecialDay},
                                                        {"application", Occasion::Application},
                                                        {"closing", Occasion::Closing},
                                                        {"incoming_call", Occasion::IncomingCall},
                                                        {"ticket", Occasion::Ticket},
                                                        {"payment", Occasion::Payment},
                                                        {"arrears", Occasion::Arrears},
                                                        {"disconnection", Occasion::Disconnection},
                                                        {"meter_reading", Occasion::MeterReading}}};
constexpr std::array<Word<Channel>, 9> kChannels = {{{"on_site", Channel::OnSite},
                                                     {"phone", Channel::Phone},
                                                     {"sms", Channel::Sms},
                                                     {"wechat", Channel::Wechat},
                                                     {"email", Channel::Email},
                                                     {"paper", Channel::Paper},
                                                     {"bulletin", Channel::Bulletin},
                                                     {"online", Channel::Online},
                                                     {"counter", Channel::Counter}}};
constexpr std::array<Word<Role>, 10> kRoles = {{{"account_manager", Role::AccountManager},
                                                {"area_manager", Role::AreaManager},
                                                {"meter_reader", Role::MeterReader},
                                                {"collector", Role::Collector},
                                                {"agent", Role::Agent},
                                                {"counter", Role::Counter},
                                                {"inspector", Role::Inspector},
                                                {"repair", Role::Repair},
                                                {"supervisor", Role::Supervisor},
                                                {"manager", Role::Manager}}};
constexpr std::array<Word<FieldKind>, 5> kFields = {{{"text", FieldKind::Text},
                                                     {"number", FieldKind::Number},
                                                     {"flag", FieldKind::Flag},
                                                     {"date", FieldKind::Date},
                                                     {"choice", FieldKind::Choice}}};

constexpr std::array<Word<Goal>, 4> kGoals = {{{"paid_by", Goal::PaidBy},
                                               {"contacted_by", Goal::ContactedBy},
                                               {"applied_for", Goal::AppliedFor},
                                               {"holds", Goal::Holds}}};

}  // namespace

std::span<const Word<Occasion>> occasion_words() noexcept { return kOccasions; }
std::span<const Word<Channel>> channel_words() noexcept { return kChannels; }
std::span<const Word<Role>> role_words() noexcept { return kRoles; }
std::span<const Word<FieldKind>> field_words() noexcept { return kFields; }
std::span<const Word<Goal>> goal_words() noexcept { return kGoals; }

std::string_view name_of(Occasion occasion) noexcept { return word_of(occasion_words(), occasion); }
std::string_view name_of(Channel channel) noexcept { return word_of(channel_words(), channel); }
std::string_view name_of(Role role) noexcept { return word_of(role_words(), role); }
std::string_view name_of(FieldKind kind) noexcept { return word_of(field_words(), kind); }
std::string_view name_of(Goal goal) noexcept { return word_of(goal_words(), goal); }

}  // namespace fenqun::strategy
