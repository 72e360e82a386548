// report/dictionary_markdown.cpp - the part of dictionary.hpp that writes Markdown.
#include "report/clean_text.hpp"
#include "report/dictionary_words.hpp"

#include <fmt/format.h>

namespace fenqun::report {
namespace {

using warehouse::Contract;
using warehouse::Field;

/// Text of a table's cell: one line, nothing in it ends the cell or begins a tag.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text)) {
    if (c == '|' || c == '<' || c == '\\' || c == '*' || c == '`' || c == '[') out += '\\';
    out += c == '\n' || c == '\t' ? ' ' : c;
  }
  return out;
}

class Markdown {
 public:
  Markdown(const Dictionary& dictionary, const Texts& texts)
      : dictionary_(dictionary), words_(texts, {}), say_(dictionary, words_) {}

  std::string write() {
    line("# " + cell(words_("dictionary.title")));
    line("");
    if (!dictionary_.workspace_name.empty()) {
      line(cell(words_("dictionary.of_workspace", {{"name", dictionary_.workspace_name}})));
      line("");
    }
    for (const auto area : kAreas) write_contents(area);
    for (const auto area : kAreas) {
      const auto contracts = say_.in_area(area);
      if (contracts.empty()) continue;
      line("## " + cell(say_.area(area)));
      line("");
      for (const auto* contract : contracts) write_entity(*contract);
    }
    return std::move(out_);
  }

 private:
  void line(std::string_view text) { out_.append(text).append("\n"); }

  void write_row(const std::vector<std::string>& cells) {
    out_ += "|";
    for (const auto& text : cells) out_ += " " + text + " |";
    out_ += "\n";
  }

  void write_head(const std::vector<std::string>& titles) {
    write_row(titles);
    write_row(std::vector<std::string>(titles.size(), "---"));
  }

  void write_contents(warehouse::Area area) {
    const auto contracts = say_.in_area(area);
    if (contracts.empty()) return;
    line("**" + cell(say_.area(area)) + "**");
    line("");
    for (const auto* contract : contracts) {
      line(fmt::format("- {} `{}` · {}", cell(words_.in(contract->title)), contract->entity,
                       cell(words_("dictionary.field_count", {{"count", std::to_string(contract->fields.size())}}))));
    }
    line("");
  }

  void write_facts(const Contract& contract) {
    const auto fact = [&](const char* key, const std::string& text) {
      if (!text.empty()) line(fmt::format("- {}{}", cell(words_(key)), cell(text)));
    };
    const auto titles = [&](const std::vector<std::string>& entities) {
      std::vector<std::string> out;
      out.reserve(entities.size());
      for (const auto& entity : entities) out.push_back(say_.title(entity));
      return say_.listed(out);
    };
    fact("dictionary.label_kind", say_.kind(contract));
    fact("dictionary.label_source", words_.in(contract.source));
    std::vector<std::string> key;
    for (const auto& name : contract.key) key.push_back(words_.in(contract.find(name)->title));
    fact("dictionary.label_key", say_.listed(key));
    if (const auto* month = contract.find(contract.month_field)) {
      fact("dictionary.label_month", words_.in(month->title));
    }
    fact("dictionary.label_names", titles(say_.names(contract)));
    fact("dictionary.label_named_by", titles(say_.named_by(contract)));
    fact("dictionary.label_synonyms", say_.listed(contract.synonyms));
    fact("dictionary.label_note", words_.in(contract.note));
    if (const auto* profile = say_.profile(contract)) fact("dictionary.label_rows", words_.count(profile->rows));
  }

  void write_entity(const Contract& contract) {
    line(fmt::format("### {} `{}`", cell(words_.in(contract.title)), contract.entity));
    line("");
    write_facts(contract);
    line("");
    const auto* profile = say_.profile(contract);
    std::vector<std::string> titles;
    for (const auto* key :
         {"dictionary.column_name", "dictionary.column_title", "dictionary.column_type", "dictionary.column_range",
          "dictionary.column_rule", "dictionary.column_sensitivity", "dictionary.column_notes"}) {
      titles.push_back(cell(words_(key)));
    }
    if (profile != nullptr) titles.push_back(cell(words_("dictionary.column_profile")));
    write_head(titles);
    for (std::size_t i = 0; i < contract.fields.size(); ++i) write_field(contract, i, profile);
    line("");
    for (const auto& field : contract.fields) write_codes(field);
  }

  void write_field(const Contract& contract, std::size_t at, const EntityProfile* profile) {
    const auto& field = contract.fields[at];
    std::vector<std::string> rules;
    if (DictionaryWords::is_key(contract, field)) rules.push_back(words_("dictionary.rule_key"));
    if (field.required) rules.push_back(words_("dictionary.rule_required"));
    if (!field.references.empty()) {
      rules.push_back(words_("dictionary.rule_reference", {{"entity", say_.title(field.references)}}));
    }
    std::vector<std::string> notes;
    if (!words_.in(field.note).empty()) notes.push_back(words_.in(field.note));
    if (const auto names = say_.own_synonyms(field); !names.empty()) {
      notes.push_back(words_("dictionary.synonyms", {{"names", say_.listed(names)}}));
    }
    std::vector<std::string> cells = {"`" + field.name + "`",
                                      cell(words_.in(field.title) + " / " + say_.other(field.title)),
                                      cell(say_.type(field)),
                                      cell(say_.range(field)),
                                      cell(say_.listed(rules)),
                                      cell(say_.sensitivity(field.sensitivity)),
                                      cell(fmt::format("{}", fmt::join(notes, " ")))};
    if (profile != nullptr) {
      const auto& values = profile->fields[at];
      auto text = words_("dictionary.empty_share", {{"share", say_.empty_share(*profile, at)}});
      if (!values.least.empty()) {
        text += " " + words_("dictionary.range_between", {{"min", values.least}, {"max", values.greatest}});
      }
      cells.push_back(cell(text));
    }
    write_row(cells);
  }

  void write_codes(const Field& field) {
    if (field.codes.empty()) return;
    line(fmt::format("{} `{}`", cell(words_("dictionary.codes_of", {{"field", words_.in(field.title)}})), field.name));
    line("");
    for (const auto& value : field.codes) {
      std::string text =
          fmt::format("- `{}` {} / {}", value.code, cell(words_.in(value.title)), cell(say_.other(value.title)));
      if (!value.synonyms.empty()) {
        text += " " + cell(words_("dictionary.synonyms", {{"names", say_.listed(value.synonyms)}}));
      }
      line(text);
    }
    line("");
  }

  const Dictionary& dictionary_;
  Wording words_;
  DictionaryWords say_;
  std::string out_;
};

}  // namespace

std::string render_dictionary_markdown(const Dictionary& dictionary, const Texts& texts) {
  return Markdown(dictionary, texts).write();
}

}  // namespace fenqun::report
