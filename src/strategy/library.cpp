// strategy/library.cpp
#include "strategy/library.hpp"

#include "base/file.hpp"
#include "strategy/file_reader.hpp"

#include <algorithm>
#include <array>

namespace fenqun::strategy {
namespace {

constexpr std::string_view kFolder = "config/strategies";
constexpr std::string_view kTypesFile = "config/strategies/order_types.yaml";
constexpr std::string_view kRulesFile = "config/strategies/rules.yaml";
constexpr std::string_view kServicesFile = "config/strategies/services.yaml";
constexpr std::string_view kPointsFile = "config/strategies/points.yaml";

constexpr std::string_view kArrearsFile = "config/strategies/arrears_work.yaml";

constexpr std::array kKindFiles = {kTypesFile, kRulesFile, kServicesFile, kPointsFile, kArrearsFile};

std::vector<std::string> book_files(const AssetStore& assets) {
  auto out = assets.list(kFolder, ".yaml");
  std::erase_if(out, [](const std::string& path) {
    return std::find(kKindFiles.begin(), kKindFiles.end(), path) != kKindFiles.end();
  });
  return out;
}

std::string text_of(const Asset& file) { return file.path + "\n" + file.text + "\n"; }

}  // namespace

const std::vector<std::string>& message_variables() {
  static const std::vector<std::string> kVariables = {"customer_name", "customer_id",   "month",        "arrears_cny",
                                                      "manager_name",  "manager_phone", "station_name", "hotline",
                                                      "outage_from",   "outage_to",     "due_on"};
  return kVariables;
}

const OrderType* Library::find_type(std::string_view code) const {
  const auto found = std::find_if(types.begin(), types.end(), [&](const OrderType& one) { return one.code == code; });
  return found == types.end() ? nullptr : &*found;
}

const Campaign* Library::find_campaign(std::string_view name) const {
  const auto found =
      std::find_if(campaigns.begin(), campaigns.end(), [&](const auto& one) { return one.name == name; });
  return found == campaigns.end() ? nullptr : &*found;
}

const Service* Library::find_service(std::string_view code) const {
  const auto found = std::find_if(services.begin(), services.end(), [&](const auto& one) { return one.code == code; });
  return found == services.end() ? nullptr : &*found;
}

const Action* Library::find_action(std::string_view reason) const {
  const auto is_it = [&](const std::string& cell, const Action& action) {
    return reason.size() == cell.size() + 1 + action.name.size() && reason.starts_with(cell) &&
           reason[cell.size()] == '.' && reason.ends_with(action.name);
  };
  for (const auto& book : books) {
    for (const auto& cell : book.cells) {
      for (const auto& action : cell.actions) {
        if (is_it(cell.name, action)) return &action;
      }
    }
  }
  for (const auto& campaign : campaigns) {
    if (is_it(campaign.name, campaign.action)) return &campaign.action;
  }
  return nullptr;
}

std::vector<BilingualText> Library::checklist_of(std::string_view order_type, const std::string& reasons) const {
  std::vector<BilingualText> out;
  const auto* const type = find_type(order_type);
  if (type == nullptr) return out;
  out = type->checklist;
  for (std::size_t at = 0; at < reasons.size();) {
    const auto end = std::min(reasons.find(", ", at), reasons.size());
    if (const auto* const action = find_action(std::string_view(reasons).substr(at, end - at)); action != nullptr) {
      out.insert(out.end(), action->checklist.begin(), action->checklist.end());
    }
    at = end + 2;
  }
  return out;
}

bool Library::is_marketing(const Action& action) const {
  const auto* const service = find_service(action.service);
  return action.is_marketing || (service != nullptr && service->is_marketing);
}

Result<CheckedLibrary> check_library(const AssetStore& assets, const features::FeatureCatalogue& catalogue) {
  FileReader in(assets, catalogue);
  BooksReader books(in);
  const auto read = [&](std::string_view path, auto use) -> Result<void> {
    FENQUN_TRY(const auto file, assets.read(path));
    in.library.text += text_of(file);
    if (const auto root = in.problems.take(Settings::parse(file.text, file.origin))) use(*root);
    return {};
  };
  FENQUN_CHECK(read(kTypesFile, [&](const Settings& root) { read_types(in, root); }));
  FENQUN_CHECK(read(kRulesFile, [&](const Settings& root) { read_rules(in, root); }));
  FENQUN_CHECK(read(kServicesFile, [&](const Settings& root) { read_services(in, root); }));
  FENQUN_CHECK(read(kPointsFile, [&](const Settings& root) { read_points(in, root); }));
  FENQUN_CHECK(read(kArrearsFile, [&](const Settings& root) { read_arrears(in, root); }));
  for (const auto& path : book_files(assets)) {
    FENQUN_CHECK(read(path, [&](const Settings& root) {
      if (root.has("campaign")) {
        books.read_campaign(root);
      } else {
        books.read_book(root);
      }
    }));
  }
  check_verifiers(in);
  books.check_yields();
  in.library.fingerprint = hash_text(in.library.text).substr(0, 16);
  auto doubts = in.problems.none() ? books.find_doubts() : std::vector<Error>();
  return CheckedLibrary{std::move(in.library), std::move(in.problems.found()), std::move(doubts)};
}

Result<std::string> library_text(const AssetStore& assets) {
  std::string out;
  const auto add = [&](std::string_view path) -> Result<void> {
    FENQUN_TRY(const auto file, assets.read(path));
    out += text_of(file);
    return {};
  };
  for (const auto path : kKindFiles) FENQUN_CHECK(add(path));
  for (const auto& path : book_files(assets)) FENQUN_CHECK(add(path));
  return out;
}

Result<Library> load_library(const AssetStore& assets, const features::FeatureCatalogue& catalogue) {
  FENQUN_TRY(auto checked, check_library(assets, catalogue));
  if (!checked.problems.empty()) return fail(std::move(checked.problems.front()));
  return std::move(checked.library);
}

}  // namespace fenqun::strategy
