// report/dictionary_words.hpp - what both forms of the data dictionary say about contracts. Level 5.
#pragma once

#include "report/dictionary.hpp"
#include "report/wording.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::report {

inline constexpr std::array kAreas = {warehouse::Area::Customer, warehouse::Area::Grid,    warehouse::Area::Energy,
                                      warehouse::Area::Money,    warehouse::Area::Service, warehouse::Area::External};

/// Sentences and relations of one dictionary. Looks at dictionary and wording, which must outlive it.
class DictionaryWords {
 public:
  DictionaryWords(const Dictionary& dictionary, const Wording& words) : dictionary_(&dictionary), words_(&words) {}

  [[nodiscard]] std::string area(warehouse::Area area) const;
  [[nodiscard]] std::string kind(const warehouse::Contract& contract) const;  // master or fact
  [[nodiscard]] std::string type(const warehouse::Field& field) const;        // "decimal, 2 digits"
  /// "0 to 1,000,000,000 kWh", "kWh", or nothing.
  [[nodiscard]] std::string range(const warehouse::Field& field) const;
  [[nodiscard]] std::string sensitivity(warehouse::Sensitivity sensitivity) const;
  /// Title in the language that is not the dictionary's.
  [[nodiscard]] const std::string& other(const BilingualText& text) const;
  [[nodiscard]] std::string listed(const std::vector<std::string>& names) const;  // a、b、c or a, b, c
  [[nodiscard]] std::string title(const std::string& entity) const;

  /// The field's synonyms without those it has from the key that it names.
  [[nodiscard]] std::vector<std::string> own_synonyms(const warehouse::Field& field) const;
  [[nodiscard]] static bool is_key(const warehouse::Contract& contract, const warehouse::Field& field);
  [[nodiscard]] std::vector<const warehouse::Contract*> in_area(warehouse::Area area) const;
  /// Entities that this one names, and entities that name this one, each once, without itself.
  [[nodiscard]] std::vector<std::string> names(const warehouse::Contract& contract) const;
  [[nodiscard]] std::vector<std::string> named_by(const warehouse::Contract& contract) const;
  [[nodiscard]] const EntityProfile* profile(const warehouse::Contract& contract) const;
  /// "12.5 %" of the rows have none.
  [[nodiscard]] std::string empty_share(const EntityProfile& profile, std::size_t field) const;

 private:
  const Dictionary* dictionary_;
  const Wording* words_;
};

}  // namespace fenqun::report
