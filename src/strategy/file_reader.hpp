// strategy/file_reader.hpp - what all readers of strategy files share: the library so far, what is wrong with it, names
// checked against what is there. Level 5, inside the room.
#pragma once

#include "base/problems.hpp"
#include "base/settings.hpp"
#include "strategy/library.hpp"
#include "warehouse/contract.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::strategy {

/// Wrong values are noted among the problems; what they give instead means nothing.
class FileReader {
 public:
  FileReader(const AssetStore& assets, const features::FeatureCatalogue& catalogue)
      : names(segment::lookup_in(catalogue)), assets_(assets), catalogue_(catalogue) {}

  /// The entries of the list below `key`; nothing where it is absent or none.
  std::vector<Settings> list(const Settings& node, std::string_view key, bool required);
  /// A whole number within bounds; `fallback` where it is absent or wrong.
  int whole(const Settings& node, std::string_view key, int least, int most, int fallback);
  std::vector<BilingualText> bilingual_list(const Settings& node, std::string_view key);
  std::vector<std::string> requirements(const Settings& node);
  /// A number within bounds; `fallback` where it is absent or wrong.
  double share(const Settings& node, std::string_view key, double least, double most, double fallback);
  /// A code that no other one of its kind has; empty where there is none.
  std::string code(const Settings& node, std::string_view key, std::map<std::string, int>& taken);
  /// The place of an order type; nothing where there is none.
  std::optional<std::size_t> type_named(const Settings& node, const std::string& name);
  /// The condition below `key`, with the schemes and groups that it names checked; an empty one where it is wrong.
  segment::Expression condition(const Settings& node, std::string_view key);
  /// Codes of a field of the contracts, at least one.
  std::vector<std::string> codes(const Settings& node, std::string_view key, std::string_view entity,
                                 std::string_view field);
  /// Is there such a scheme?
  bool check_scheme(const Settings& node, const std::string& scheme);
  /// A group of a scheme, as far as its file tells them.
  void check_group(const Settings& node, const std::string& scheme, const std::string& group);

  segment::NameLookup names;
  Library library;
  Problems problems;
  std::vector<Settings> types_at;    // where each order type stands
  std::set<std::size_t> used_types;  // by some action

 private:
  // The codes that a scheme's groups can have; null where there is no such scheme, empty where only a run tells.
  const std::vector<std::string>* codes_of(const std::string& scheme);
  void check_groups(const Settings& node, const segment::Expression& expression);

  const AssetStore& assets_;
  const features::FeatureCatalogue& catalogue_;
  std::map<std::string, std::optional<std::vector<std::string>>> schemes_;
  std::optional<warehouse::ContractSet> contracts_;  // once something asks for them
};

/// Kinds of orders; rules of arbitration; the catalogue of services; what earns points; arrears work.
void read_types(FileReader& in, const Settings& root);
void read_rules(FileReader& in, const Settings& root);
void read_services(FileReader& in, const Settings& root);
void read_points(FileReader& in, const Settings& root);
void read_arrears(FileReader& in, const Settings& root);
/// Order types that check others are there and find something; after read_types().
void check_verifiers(FileReader& in);

/// Books and campaigns, after all kinds; then what concerns several of them.
class BooksReader {
 public:
  explicit BooksReader(FileReader& in) : in_(in) {}
  void read_book(const Settings& root);
  void read_campaign(const Settings& root);
  /// Cells before which others give way are there, and nobody gives way to itself, through however many others.
  void check_yields();
  /// Cells that never or always hold, order types that nothing uses.
  [[nodiscard]] std::vector<Error> find_doubts() const;

 private:
  void check_message(const Settings& node, const Action& action);
  void read_days(const Settings& node, Action& out);
  void read_months(const Settings& node, Action& out);
  void check_service(const Settings& node, const std::string& service);
  std::optional<Action> read_action(const Settings& node, std::map<std::string, int>& taken);
  void read_conversion(const Settings& root, Campaign& out);
  Cell read_cell(const Settings& node, const Book& book);
  [[nodiscard]] std::size_t department(const Settings& root);

  FileReader& in_;
  std::map<std::string, int> cells_;
  std::map<std::string, int> books_;
};

}  // namespace fenqun::strategy
