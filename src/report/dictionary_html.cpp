// report/dictionary_html.cpp - the part of dictionary.hpp that writes the page.
#include "report/clean_text.hpp"
#include "report/dictionary_words.hpp"
#include "report/html_writer.hpp"
#include "report/skeleton.hpp"

#include <fmt/format.h>

#include <array>

namespace fenqun::report {
namespace {

using warehouse::Contract;
using warehouse::Field;
using warehouse::Sensitivity;

constexpr std::array kSensitivities = {Sensitivity::Public, Sensitivity::Internal, Sensitivity::Personal,
                                       Sensitivity::Sensitive};

std::string anchor_of(std::string_view entity) { return fmt::format("entity-{}", entity); }
std::string tone_of_area(warehouse::Area area) { return fmt::format("area-{}", name_of(area)); }

class DictionaryPage {
 public:
  DictionaryPage(const Dictionary& dictionary, const Texts& texts)
      : dictionary_(dictionary), words_(texts, {}), say_(dictionary, words_) {}

  Slots slots() {
    Slots out;
    out["language"] = words_.language() == Language::Chinese ? "zh-CN" : "en";
    out["title"] = escape_html(words_("dictionary.title"));
    out["skip"] = escape_html(words_("dictionary.skip"));
    out["contents"] = escape_html(words_("dictionary.contents"));
    out["search"] = escape_html(words_("dictionary.search"));
    out["search_hint"] = escape_html(words_("dictionary.search_hint"));
    out["masthead"] = written([&] { write_masthead(); });
    out["tools"] = written([&] { write_tools(); });
    out["navigation"] = written([&] { write_navigation(); });
    out["parts"] = written([&] { write_parts(); });
    out["footer"] = written([&] {
      html_.line("p",
                 words_("report.footer_build", {{"build", dictionary_.build}, {"time", dictionary_.generated_at}}));
    });
    out["data"] = to_script_data({{"found", words_("dictionary.found")}, {"nothing", words_("dictionary.nothing")}});
    return out;
  }

 private:
  template <class Write>
  std::string written(const Write& write) {
    html_ = HtmlWriter();
    write();
    return std::move(html_).take();
  }

  void write_masthead() {
    std::size_t fields = 0;
    std::size_t codes = 0;
    std::size_t guarded = 0;
    for (const auto& contract : dictionary_.contracts->all()) {
      fields += contract.fields.size();
      for (const auto& field : contract.fields) {
        codes += field.codes.size();
        guarded += field.sensitivity >= Sensitivity::Personal ? 1U : 0U;
      }
    }
    html_.line("p", words_("dictionary.product"), {{"class", "product"}});
    html_.line("h1", words_("dictionary.title"));
    html_.line("p",
               dictionary_.workspace_name.empty()
                   ? words_("dictionary.of_contracts")
                   : words_("dictionary.of_workspace", {{"name", dictionary_.workspace_name}}),
               {{"class", "subtitle"}});
    const auto list = html_.in("dl", {{"class", "totals"}});
    const auto total = [&](const char* key, std::size_t count) {
      const auto pair = html_.in("div");
      html_.line("dt", words_(key));
      html_.line("dd", words_.count(static_cast<std::int64_t>(count)));
    };
    total("dictionary.total_entities", dictionary_.contracts->all().size());
    total("dictionary.total_fields", fields);
    total("dictionary.total_codes", codes);
    total("dictionary.total_guarded", guarded);
  }

  void write_tools() {
    const auto group = html_.in(
        "div", {{"class", "levels"}, {"role", "group"}, {"aria-label", words_("dictionary.column_sensitivity")}});
    for (const auto level : kSensitivities) {
      html_.line("button", say_.sensitivity(level),
                 {{"type", "button"},
                  {"class", fmt::format("badge {}", name_of(level))},
                  {"data-level", std::string(name_of(level))},
                  {"aria-pressed", "false"}});
    }
  }

  void write_navigation() {
    for (const auto area : kAreas) {
      const auto contracts = say_.in_area(area);
      if (contracts.empty()) continue;
      const auto block = html_.in("div", {{"class", tone_of_area(area)}});
      html_.line("h2", say_.area(area));
      const auto list = html_.in("ul");
      for (const auto* contract : contracts) {
        const auto item = html_.in("li");
        const auto link = html_.in("a", {{"href", "#" + anchor_of(contract->entity)}});
        html_.text(words_.in(contract->title));
        html_.line("small", std::to_string(contract->fields.size()));
      }
    }
  }

  void write_map() {
    const auto section = html_.in("section", {{"id", "relations"}, {"class", "relations"}});
    html_.line("h2", words_("dictionary.relations"));
    html_.line("p", words_("dictionary.relations_hint"), {{"class", "note"}});
    const auto frame = html_.in("div", {{"class", "map"}, {"id", "map"}});
    for (const auto area : kAreas) {
      const auto contracts = say_.in_area(area);
      if (contracts.empty()) continue;
      const auto column = html_.in("div", {{"class", "map-area " + tone_of_area(area)}});
      html_.line("h3", say_.area(area));
      for (const auto* contract : contracts) {
        const auto node = html_.in("a", {{"class", "node"},
                                         {"href", "#" + anchor_of(contract->entity)},
                                         {"data-entity", contract->entity},
                                         {"data-names", fmt::format("{}", fmt::join(say_.names(*contract), " "))}});
        html_.line("b", words_.in(contract->title));
        html_.line("code", contract->entity);
      }
    }
  }

  void write_parts() {
    write_map();
    for (const auto area : kAreas) {
      for (const auto* contract : say_.in_area(area)) write_entity(*contract);
    }
  }

  void write_links(const char* key, const std::vector<std::string>& entities) {
    if (entities.empty()) return;
    const auto pair = html_.in("div");
    html_.line("dt", words_(key));
    const auto value = html_.in("dd");
    for (const auto& entity : entities) {
      html_.line("a", say_.title(entity), {{"class", "chip"}, {"href", "#" + anchor_of(entity)}});
    }
  }

  void write_fact(const char* key, const std::string& text) {
    if (text.empty()) return;
    const auto pair = html_.in("div");
    html_.line("dt", words_(key));
    html_.line("dd", text);
  }

  void write_entity(const Contract& contract) {
    const auto section = html_.in("section", {{"id", anchor_of(contract.entity)},
                                              {"class", "entity " + tone_of_area(contract.area)},
                                              {"data-title", words_.in(contract.title) + " " + contract.entity + " " +
                                                                 say_.listed(contract.synonyms)}});
    {
      const auto head = html_.in("div", {{"class", "entity-head"}});
      const auto title = html_.in("h2");
      html_.text(words_.in(contract.title));
      html_.line("code", contract.entity);
      html_.line("span", say_.kind(contract), {{"class", "kind"}});
    }
    if (!words_.in(contract.note).empty()) html_.line("p", words_.in(contract.note), {{"class", "entity-note"}});
    {
      const auto facts = html_.in("dl", {{"class", "entity-facts"}});
      write_fact("dictionary.label_source", words_.in(contract.source));
      std::vector<std::string> key;
      for (const auto& name : contract.key) key.push_back(words_.in(contract.find(name)->title));
      write_fact("dictionary.label_key", say_.listed(key));
      if (const auto* month = contract.find(contract.month_field)) {
        write_fact("dictionary.label_month", words_.in(month->title));
      }
      if (const auto* profile = say_.profile(contract))
        write_fact("dictionary.label_rows", words_.count(profile->rows));
      write_links("dictionary.label_names", say_.names(contract));
      write_links("dictionary.label_named_by", say_.named_by(contract));
    }
    write_fields(contract);
  }

  void write_fields(const Contract& contract) {
    const auto* profile = say_.profile(contract);
    const auto frame = html_.in(
        "div",
        {{"class", "table-frame"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", words_.in(contract.title)}});
    const auto table = html_.in("table");
    {
      const auto head = html_.in("thead");
      const auto row = html_.in("tr");
      for (const auto* key : {"dictionary.column_title", "dictionary.column_type", "dictionary.column_rule",
                              "dictionary.column_sensitivity", "dictionary.column_notes"}) {
        html_.line("th", words_(key), {{"scope", "col"}});
      }
      if (profile != nullptr) html_.line("th", words_("dictionary.column_profile"), {{"scope", "col"}});
    }
    const auto body = html_.in("tbody");
    for (std::size_t i = 0; i < contract.fields.size(); ++i) write_field(contract, i, profile);
  }

  void write_field(const Contract& contract, std::size_t at, const EntityProfile* profile) {
    const auto& field = contract.fields[at];
    const auto row = html_.in("tr", {{"data-level", std::string(name_of(field.sensitivity))}});
    {
      const auto head = html_.in("th", {{"scope", "row"}});
      html_.text(words_.in(field.title));
      html_.line("code", field.name);
      html_.line("small", say_.other(field.title));
    }
    {
      const auto cell = html_.in("td", {{"class", "type"}});
      html_.text(say_.type(field));
      if (const auto range = say_.range(field); !range.empty()) html_.line("small", range);
    }
    {
      const auto cell = html_.in("td", {{"class", "rules"}});
      if (DictionaryWords::is_key(contract, field)) {
        html_.line("span", words_("dictionary.rule_key"), {{"class", "rule key"}});
      } else if (field.required) {
        html_.line("span", words_("dictionary.rule_required"), {{"class", "rule"}});
      }
      if (!field.references.empty()) {
        html_.line("a", "→ " + say_.title(field.references),
                   {{"class", "reference"}, {"href", "#" + anchor_of(field.references)}});
      }
    }
    {
      const auto cell = html_.in("td");
      html_.line("span", say_.sensitivity(field.sensitivity),
                 {{"class", fmt::format("badge {}", name_of(field.sensitivity))}});
    }
    write_notes(field);
    if (profile != nullptr) write_profile(*profile, at);
  }

  void write_notes(const Field& field) {
    const auto cell = html_.in("td", {{"class", "notes"}});
    if (!words_.in(field.note).empty()) html_.line("p", words_.in(field.note));
    if (const auto names = say_.own_synonyms(field); !names.empty()) {
      html_.line("p", words_("dictionary.synonyms", {{"names", say_.listed(names)}}), {{"class", "synonyms"}});
    }
    if (field.codes.empty()) return;
    const auto details = html_.in("details");
    html_.line("summary", words_("dictionary.code_count", {{"count", std::to_string(field.codes.size())}}));
    const auto list = html_.in("dl", {{"class", "codes"}});
    for (const auto& value : field.codes) {
      const auto pair = html_.in("div");
      {
        const auto term = html_.in("dt");
        html_.line("code", value.code);
      }
      const auto meaning = html_.in("dd");
      html_.text(words_.in(value.title));
      const auto& names = value.synonyms;
      html_.line("small",
                 names.empty() ? say_.other(value.title) : say_.other(value.title) + " · " + say_.listed(names));
    }
  }

  void write_profile(const EntityProfile& profile, std::size_t at) {
    const auto& values = profile.fields[at];
    const auto cell = html_.in("td", {{"class", "profile"}});
    html_.text(words_("dictionary.empty_share", {{"share", say_.empty_share(profile, at)}}));
    if (values.least.empty()) return;
    html_.line("small", words_("dictionary.range_between", {{"min", values.least}, {"max", values.greatest}}));
  }

  const Dictionary& dictionary_;
  Wording words_;
  DictionaryWords say_;
  HtmlWriter html_;
};

}  // namespace

Result<std::string> render_dictionary_html(const Dictionary& dictionary, const Texts& texts, const AssetStore& assets) {
  FENQUN_TRY(const auto skeleton, assets.read("config/report/dictionary.html"));
  FENQUN_TRY(const auto base, assets.read("config/report/report.css"));
  FENQUN_TRY(const auto style, assets.read("config/report/dictionary.css"));
  FENQUN_TRY(const auto script, assets.read("config/report/dictionary.js"));
  auto slots = DictionaryPage(dictionary, texts).slots();
  slots["style"] = base.text + style.text;
  slots["script"] = script.text;
  return fill_slots(skeleton, slots);
}

}  // namespace fenqun::report
