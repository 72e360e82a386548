// app/strategies.cpp
#include "app/strategies.hpp"

#include "app/segmentation.hpp"
#include "base/file.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace fenqun::app {
namespace {

// "2026-07-14 09:30"
std::string now_of(const Session& session) {
  return session.caller.now ? session.caller.now() : std::string("1970-01-01 00:00");
}

constexpr std::string_view kFolder = "config/strategies";
constexpr std::size_t kLongestName = 64;

std::string path_of(const std::string& name) { return std::string(kFolder) + "/" + name + ".yaml"; }

Result<void> need_plain_name(const std::string& name) {
  const bool plain =
      !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
  if (plain) return {};
  return fail(ErrorCode::InvalidArgument, "app.bad_strategy_name", {{"field", "file"}, {"name", name}});
}

// A text in the place of a file of the workspace, as long as this lives.
class Edited {
 public:
  static Result<Edited> of(const Session& session, const std::string& name, const std::string& text) {
    FENQUN_CHECK(need_plain_name(name));
    auto root = session.workspace.folder() / "tmp" / ("edited_" + hash_text(name + text).substr(0, 16));
    std::error_code ec;
    std::filesystem::create_directories(root / kFolder, ec);
    Edited out(std::move(root));
    FENQUN_CHECK(write_file_atomically(out.root_ / path_of(name), text));
    return out;
  }
  ~Edited() {
    std::error_code ec;
    if (!root_.empty()) std::filesystem::remove_all(root_, ec);
  }
  Edited(Edited&& other) noexcept : root_(std::exchange(other.root_, {})) {}
  Edited(const Edited&) = delete;
  Edited& operator=(const Edited&) = delete;
  Edited& operator=(Edited&&) = delete;
  [[nodiscard]] AssetStore assets(const Session& session) const {
    return AssetStore({root_, session.workspace.folder()});
  }

 private:
  explicit Edited(std::filesystem::path root) : root_(std::move(root)) {}
  std::filesystem::path root_;
};

// Of the book or campaign of a name; nothing: neither.
std::optional<int> version_of(const strategy::Library& library, const std::string& name) {
  for (const auto& book : library.books) {
    if (book.name == name) return book.version;
  }
  const auto* const campaign = library.find_campaign(name);
  return campaign == nullptr ? std::nullopt : std::optional(campaign->version);
}

}  // namespace

std::vector<std::string> strategy_files(const Session& session) {
  std::vector<std::string> out;
  for (const auto& path : session.workspace.assets().list(kFolder, ".yaml")) {
    out.push_back(std::filesystem::path(path).stem().string());
  }
  return out;
}

Result<StrategyFile> find_strategy_file(Session& session, const std::string& name) {
  FENQUN_CHECK(need_plain_name(name));
  FENQUN_TRY(auto file, session.workspace.assets().read(path_of(name)));
  return StrategyFile{name, std::move(file.text), !std::filesystem::exists(session.workspace.folder() / path_of(name))};
}

Result<strategy::CheckedLibrary> check_strategy_text(Session& session, const std::string& name,
                                                     const std::string& text) {
  FENQUN_TRY(const auto edited, Edited::of(session, name, text));
  return strategy::check_library(edited.assets(session), session.catalogue);
}

Result<StrategyFile> save_strategy_text(Session& session, const std::string& name, const std::string& text) {
  FENQUN_TRY(const auto checked, check_strategy_text(session, name, text));
  if (!checked.problems.empty()) return fail(checked.problems.front());
  std::error_code ec;
  if (const auto before = find_strategy_file(session, name); before && before->text != text) {
    FENQUN_TRY(const auto library, load_strategies(session));
    const auto was = version_of(library, name);
    const auto is = version_of(checked.library, name);
    if (was && is && *is <= *was) {
      return fail(
          ErrorCode::Conflict, "app.strategy_version",
          {{"field", "text"}, {"name", name}, {"version", std::to_string(*is)}, {"least", std::to_string(*was + 1)}});
    }
    const auto kept = session.workspace.folder() / "history" / "strategies" /
                      (name + "-" + hash_text(before->text).substr(0, 12) + ".yaml");
    std::filesystem::create_directories(kept.parent_path(), ec);
    FENQUN_CHECK(write_file_atomically(kept, before->text));
  }
  const auto target = session.workspace.folder() / path_of(name);
  std::filesystem::create_directories(target.parent_path(), ec);
  FENQUN_CHECK(write_file_atomically(target, text));
  return find_strategy_file(session, name);
}

Result<strategy::CheckedLibrary> check_strategies(Session& session) {
  return strategy::check_library(session.workspace.assets(), session.catalogue);
}

Result<strategy::Library> load_strategies(Session& session) {
  return strategy::load_library(session.workspace.assets(), session.catalogue);
}

Result<ServicePlan> plan_service(Session& session, std::optional<Month> month, const std::string& by, bool keep) {
  FENQUN_TRY(auto library, load_strategies(session));
  if (!month) {
    FENQUN_TRY(const auto latest, latest_prepared_month(session));
    month = latest.plus(1);
  }
  ProgressStage stage(session, "app.progress_plan", {{"month", month->text()}});
  FENQUN_TRY(auto outcome, strategy::plan_month(session.workspace, library, {*month, by, keep}));
  stage.done();
  return ServicePlan{std::move(library), std::move(outcome)};
}

Result<ServicePlan> preview_strategy_text(Session& session, std::optional<Month> month, const std::string& name,
                                          const std::string& text) {
  FENQUN_TRY(auto checked, check_strategy_text(session, name, text));
  if (!checked.problems.empty()) return fail(checked.problems.front());
  if (!month) {
    FENQUN_TRY(const auto latest, latest_prepared_month(session));
    month = latest.plus(1);
  }
  ProgressStage stage(session, "app.progress_plan", {{"month", month->text()}});
  FENQUN_TRY(auto outcome, strategy::plan_month(session.workspace, checked.library, {*month, "-", false}));
  stage.done();
  return ServicePlan{std::move(checked.library), std::move(outcome)};
}

Result<strategy::MoveOutcome> move_order(Session& session, strategy::MoveRequest request) {
  FENQUN_TRY(const auto library, load_strategies(session));
  request.now = now_of(session);
  return strategy::move_order(session.workspace, library, request);
}

Result<strategy::DisconnectionClock> examine_disconnection(Session& session, const std::string& customer,
                                                           const std::string& cut_at) {
  FENQUN_TRY(const auto law, strategy::load_disconnection_law(session.workspace.assets(), session.catalogue));
  return strategy::examine_disconnection(session.workspace, law, customer, now_of(session), cut_at);
}

Result<strategy::DisconnectionClock> record_step(Session& session, strategy::StepRequest request) {
  FENQUN_TRY(const auto law, strategy::load_disconnection_law(session.workspace.assets(), session.catalogue));
  request.now = now_of(session);
  return strategy::record_step(session.workspace, law, request);
}

Result<strategy::WorkOrder> order_disconnection(Session& session, strategy::DisconnectionRequest request) {
  FENQUN_TRY(const auto library, load_strategies(session));
  FENQUN_TRY(const auto law, strategy::load_disconnection_law(session.workspace.assets(), session.catalogue));
  request.now = now_of(session);
  return strategy::order_disconnection(session.workspace, library, law, request);
}

Result<strategy::EventOutcome> handle_event(Session& session, strategy::EventRequest request) {
  FENQUN_TRY(const auto library, load_strategies(session));
  FENQUN_TRY(const auto law, strategy::load_disconnection_law(session.workspace.assets(), session.catalogue));
  request.now = now_of(session);
  return strategy::handle_event(session.workspace, library, law, request);
}

Result<strategy::SettleOutcome> settle_points(Session& session, Month month, const std::string& by) {
  FENQUN_TRY(const auto library, load_strategies(session));
  return strategy::settle_month(session.workspace, library, month, by, today(session));
}

Result<NoticesOutcome> tell_customers(Session& session, const NoticesRequest& request) {
  FENQUN_TRY(const auto library, load_strategies(session));
  FENQUN_TRY(const auto channels, outbox::read_channels(session.workspace.assets(), session.workspace.folder()));
  const auto& now = request.now;
  NoticesOutcome out;
  if (request.month) {
    out.month = *request.month;
  } else {
    FENQUN_TRY(out.month, Month::parse(now.substr(0, 7)));
  }
  if (request.make) {
    FENQUN_TRY(out.made, strategy::make_notices(session.workspace, library, out.month, now));
  }
  if (!request.send) return out;
  ProgressStage stage(session, "app.progress_notices", {{"month", out.month.text()}});
  outbox::SendRequest sending;
  sending.now = now;
  sending.now_s = request.now_s;
  sending.rehearse = request.rehearse;
  sending.limit = request.limit;
  sending.quiet_from = library.rules.quiet_from;
  sending.quiet_to = library.rules.quiet_to;
  sending.go_on = [&](std::int64_t done, std::int64_t all) {
    if (session.caller.progress != nullptr) {
      session.caller.progress->update(static_cast<double>(done) / static_cast<double>(std::max<std::int64_t>(all, 1)),
                                      "");
    }
    return !session.caller.stop.stop_requested();
  };
  if (!request.rehearse) {
    FENQUN_TRY(out.withdrawn, strategy::withdraw_notices(session.workspace, now));
  }
  FENQUN_TRY(out.sent, outbox::send_due(session.workspace, channels, sending));
  if (!request.rehearse) {
    FENQUN_TRY(out.closed, strategy::close_told_orders(session.workspace, now));
  }
  stage.done();
  return out;
}

Result<CampaignPlan> launch_campaign(Session& session, strategy::CampaignRequest request) {
  FENQUN_TRY(auto library, load_strategies(session));
  if (request.begins_on.empty()) request.begins_on = today(session);
  ProgressStage stage(session, "app.progress_campaign", {{"campaign", request.campaign}});
  FENQUN_TRY(auto reach, strategy::launch_campaign(session.workspace, library, request));
  stage.done();
  return CampaignPlan{std::move(library), std::move(reach)};
}

Result<strategy::CampaignResult> measure_campaign(Session& session, const std::string& campaign,
                                                  std::optional<int> version) {
  return strategy::measure_campaign(session.workspace, segment::lookup_in(session.catalogue), campaign, version);
}

Result<std::int64_t> stop_campaign(Session& session, const std::string& campaign, const std::string& by,
                                   const std::string& because) {
  return strategy::stop_campaign(session.workspace, campaign, by, because, now_of(session) + ":00");
}

Result<ArrearsWork> list_arrears(Session& session, strategy::ArrearsFilter filter) {
  filter.today = today(session);
  ArrearsWork out;
  FENQUN_TRY(out.library, load_strategies(session));
  FENQUN_TRY(out.day, strategy::arrears_day(out.library.arrears, filter.today));
  FENQUN_TRY(out.list, strategy::list_arrears(session.workspace, out.library, filter));
  return out;
}

Result<std::vector<strategy::EscalationCount>> escalate_orders(Session& session, const std::string& by) {
  FENQUN_TRY(const auto library, load_strategies(session));
  return strategy::escalate_orders(session.workspace, library, by, now_of(session) + ":00");
}

std::string today(const Session& session) { return now_of(session).substr(0, 10); }

}  // namespace fenqun::app
