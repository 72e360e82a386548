// app/dictionary.hpp - use case: the data dictionary of the contracts, with a profile of a workspace's data. Level 6.
#pragma once

#include "app/context.hpp"
#include "report/dictionary.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace fenqun::app {

enum class DictionaryFormat : std::uint8_t { Markdown, Html };

/// "markdown" (also "md"), "html". Errors: InvalidArgument.
Result<DictionaryFormat> parse_dictionary_format(const std::string& text);

struct DictionaryRequest {
  DictionaryFormat format = DictionaryFormat::Markdown;
  std::optional<std::filesystem::path> workspace;  // its contracts and data; absent: the contracts that ship
};

/// The finished text. Cost with a workspace: one pass over everything that is loaded. Errors: as Session::open,
/// Database, Cancelled, BadData (a faulty skeleton in the workspace).
Result<std::string> make_dictionary(const DictionaryRequest& request, const Caller& caller, const Texts& texts);

/// The contracts that ship, or those of a workspace's folder, which need not be free. Errors: BadData.
Result<warehouse::ContractSet> contracts_of(const std::optional<std::filesystem::path>& workspace);

/// What a workspace holds: rows, how many of them have a value, least and greatest value of numbers and times that
/// are neither personal nor sensitive. Errors: Database, Cancelled.
Result<std::map<std::string, report::EntityProfile, std::less<>>> profile_entities(Session& session);

}  // namespace fenqun::app
