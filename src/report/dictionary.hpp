// report/dictionary.hpp - the data dictionary: every entity and field of the contracts, for people to read. Level 5.
// The page's skeleton, style and script are config/report/dictionary.{html,css,js} with report.css below them; its
// sentences are dictionary.yaml of config/texts/<language>/.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"
#include "base/texts.hpp"
#include "warehouse/contract.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace fenqun::report {

/// What a workspace holds of a field.
struct FieldProfile {
  std::int64_t filled = 0;  // rows that have a value
  std::string least;        // of numbers and times, where everybody may see them; else empty
  std::string greatest;
};

struct EntityProfile {
  std::int64_t rows = 0;
  std::vector<FieldProfile> fields;  // in the order of the contract
};

struct Dictionary {
  const warehouse::ContractSet* contracts = nullptr;
  std::string workspace_name;                                  // empty: of the contracts alone
  std::map<std::string, EntityProfile, std::less<>> profiles;  // of entities that were loaded
  std::string generated_at;
  std::string build;
};

/// One Markdown text: a table of entities, then a table of fields and a list of codes for each. Pure.
std::string render_dictionary_markdown(const Dictionary& dictionary, const Texts& texts);

/// One self-contained page: contents, search, relations, all fields; readable and printable without its script. Pure.
/// Errors: NotFound (an asset), BadData (a skeleton from a workspace lacks a slot or has an unknown one), Io.
Result<std::string> render_dictionary_html(const Dictionary& dictionary, const Texts& texts, const AssetStore& assets);

}  // namespace fenqun::report
