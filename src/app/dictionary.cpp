// app/dictionary.cpp
#include "app/dictionary.hpp"

#include "base/build_id.hpp"

namespace fenqun::app {
namespace {

using report::EntityProfile;
using warehouse::Contract;
using warehouse::Field;
using warehouse::FieldType;
using warehouse::sql_name;

/// The extremes of a personal value are some person's value.
bool shows_extremes(const Field& field) {
  const bool ordered = field.type == FieldType::Integer || field.type == FieldType::Decimal ||
                       field.type == FieldType::Date || field.type == FieldType::Month ||
                       field.type == FieldType::Timestamp;
  return ordered && field.sensitivity < warehouse::Sensitivity::Personal;
}

std::string extreme(const Field& field, const char* function) {
  if (!shows_extremes(field)) return "NULL";
  const auto value = std::string(function) + "(" + sql_name(field.name) + ")";
  return field.type == FieldType::Month ? "strftime(" + value + ", '%Y-%m')" : value + "::VARCHAR";
}

Result<EntityProfile> profile_entity(Session& session, const Contract& contract) {
  std::string sql = "SELECT count(*)";
  for (const auto& field : contract.fields) {
    sql += ", count(" + sql_name(field.name) + "), " + extreme(field, "min") + ", " + extreme(field, "max");
  }
  FENQUN_TRY(const auto found, session.workspace.connection().query(sql + " FROM " + sql_name(contract.entity)));
  EntityProfile profile{found.integer(0, 0), {}};
  constexpr std::size_t kPerField = 3;
  for (std::size_t i = 0; i < contract.fields.size(); ++i) {
    const auto at = 1 + i * kPerField;
    profile.fields.push_back({found.integer(0, at), found.text(0, at + 1), found.text(0, at + 2)});
  }
  return profile;
}

Result<std::string> render(const report::Dictionary& dictionary, DictionaryFormat format, const Texts& texts,
                           const AssetStore& assets) {
  if (format == DictionaryFormat::Html) return report::render_dictionary_html(dictionary, texts, assets);
  return report::render_dictionary_markdown(dictionary, texts);
}

}  // namespace

Result<DictionaryFormat> parse_dictionary_format(const std::string& text) {
  if (text == "markdown" || text == "md") return DictionaryFormat::Markdown;
  if (text == "html") return DictionaryFormat::Html;
  return fail(ErrorCode::InvalidArgument, "app.dictionary_format", {{"value", text}});
}

Result<warehouse::ContractSet> contracts_of(const std::optional<std::filesystem::path>& workspace) {
  return warehouse::ContractSet::create(workspace ? AssetStore({*workspace}) : AssetStore());
}

Result<std::map<std::string, EntityProfile, std::less<>>> profile_entities(Session& session) {
  ProgressStage stage(session, "app.stage_profile");
  std::map<std::string, EntityProfile, std::less<>> out;
  FENQUN_TRY(const auto loaded, session.workspace.loaded_entities());
  for (const auto& entity : loaded) {
    FENQUN_TRY(out[entity], profile_entity(session, *session.workspace.contracts().find(entity)));
  }
  stage.done();
  return out;
}

Result<std::string> make_dictionary(const DictionaryRequest& request, const Caller& caller, const Texts& texts) {
  report::Dictionary dictionary;
  dictionary.generated_at = caller.now ? caller.now() : "";
  dictionary.build = build_id();
  if (!request.workspace) {
    FENQUN_TRY(const auto contracts, contracts_of(std::nullopt));
    dictionary.contracts = &contracts;
    return render(dictionary, request.format, texts, AssetStore());
  }
  FENQUN_TRY(auto session, Session::open(*request.workspace, caller));
  dictionary.contracts = &session.workspace.contracts();
  FENQUN_TRY(dictionary.workspace_name, session.workspace.settings().text("name", "fenqun"));
  FENQUN_TRY(dictionary.profiles, profile_entities(session));
  return render(dictionary, request.format, session.texts, session.workspace.assets());
}

}  // namespace fenqun::app
