// suggest/mapping_text.cpp
#include "suggest/mapping_text.hpp"

#include "base/number.hpp"
#include "suggest/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fenqun::suggest {
namespace {

/// One line, without characters that steer a terminal or end a comment.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20U || c == 0x7F ? ' ' : c;
  return out;
}

class MappingWriter {
 public:
  MappingWriter(const Proposal& proposal, const Table& table, const MappingHead& head, const Texts& texts)
      : proposal_(proposal), table_(table), head_(head), texts_(texts) {}

  std::string write() {
    for (const auto& comment : head_.comments) line("# " + one_line(comment));
    if (!head_.source.empty()) {
      line("source:");
      for (const auto& [key, value] : head_.source) line("  " + key + ": " + value);
    }
    if (head_.max_rejected_share) {
      line("max_rejected_share: " + shortest(*head_.max_rejected_share), head_.share_comment);
    }
    write_entries();
    write_left();
    return std::move(out_);
  }

 private:
  void line(const std::string& text, const std::string& comment = "") {
    out_ += text;
    if (!comment.empty()) out_ += "  # " + one_line(comment);
    out_ += "\n";
  }

  [[nodiscard]] std::string comment_of(double confidence, const std::vector<Reason>& reasons) const {
    return confidence_text(confidence) + (reasons.empty() ? "" : " " + reasons_text(reasons, texts_));
  }

  void write_entries() {
    if (proposal_.entries.empty()) {
      line("# " + texts_("suggest.no_entity"));
      line("load: []");
      return;
    }
    line("load:");
    for (const auto& entry : proposal_.entries) write_entry(entry);
  }

  void write_entry(const ProposedEntry& entry) {
    line("  # " + entry.contract->title.in(texts_.language()) + ": " +
         one_line(comment_of(entry.confidence, entry.reasons)));
    line("  - entity: " + entry.contract->entity);
    if (entry.distinct) line("    distinct: true");
    if (entry.wide) write_wide(*entry.wide);
    if (entry.fields.empty()) return;
    line("    fields:");
    for (const auto& field : entry.fields) {
      const auto text = field.field + ": " + field.source;
      if (field.is_open) {
        line("      # " + text, comment_of(field.confidence, field.reasons));
      } else {
        line("      " + text, comment_of(field.confidence, field.reasons));
      }
    }
  }

  [[nodiscard]] std::string names_of(const std::vector<std::size_t>& columns) const {
    std::vector<std::string> names;
    names.reserve(columns.size());
    for (const auto column : columns) names.push_back(yaml_scalar(table_.headers[column]));
    return fmt::format("[{}]", fmt::join(names, ", "));
  }

  void write_wide(const ProposedWide& wide) {
    line("    wide:", comment_of(wide.confidence, wide.reasons));
    line("      keep: " + names_of(wide.keep));
    if (!wide.listed.empty()) {
      line("      columns:");
      for (const auto& [column, name] : wide.listed) {
        line("        " + yaml_scalar(table_.headers[column]) + ": " + yaml_scalar(name));
      }
    } else if (!wide.series.empty()) {
      line("      columns: " + wide.series);
    } else if (!wide.except.empty()) {
      line("      columns: {except: " + names_of(wide.except) + "}");
    }
    if (!wide.name_to.empty()) line("      name_to: " + wide.name_to);
    if (!wide.name_format.empty()) line("      name_format: " + yaml_scalar(wide.name_format));
    if (wide.value_to.empty()) return;
    line("      value_to: " + wide.value_to);
    if (!wide.value_unit.empty()) line("      value_unit: " + yaml_scalar(wide.value_unit));
  }

  void write_left() {
    if (proposal_.left.empty() && proposal_.remarks.empty()) return;
    line("");
    for (const auto& remark : proposal_.remarks) line("# " + one_line(texts_(remark.key, remark.args)));
    if (proposal_.left.empty()) return;
    line("# " + texts_("suggest.left_title", {{"count", std::to_string(proposal_.left.size())}}));
    for (const auto& left : proposal_.left) {
      line("#   " +
           one_line(yaml_scalar(table_.headers[left.column]) + ": " + texts_(left.reason.key, left.reason.args)));
    }
  }

  const Proposal& proposal_;
  const Table& table_;
  const MappingHead& head_;
  const Texts& texts_;
  std::string out_;
};

/// Plain where YAML can read it as nothing else.
bool is_plain(std::u32string_view text) {
  constexpr std::array<std::u32string_view, 9> kWords = {U"true", U"false", U"null", U"yes", U"no",
                                                         U"on",   U"off",   U"y",    U"n"};
  if (text.empty()) return false;
  const auto letter = [](char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || is_chinese(c); };
  const auto inner = [&](char32_t c) { return letter(c) || (c >= U'0' && c <= U'9') || c == U'_' || c == U'-'; };
  if (!letter(text.front()) || !std::all_of(text.begin(), text.end(), inner)) return false;
  std::u32string small(text);
  for (auto& c : small) {
    if (c >= U'A' && c <= U'Z') c += U'a' - U'A';
  }
  return std::find(kWords.begin(), kWords.end(), small) == kWords.end();
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  const auto codes = characters(text);
  if (is_plain(codes)) return std::string(text);
  std::string out = "\"";
  for (const auto c : codes) {
    if (c == U'"' || c == U'\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20U || (c >= 0x7FU && c <= 0x9FU)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else if (c == 0x2028U || c == 0x2029U || c == 0xFEFFU) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += to_utf8(std::u32string_view(&c, 1));
    }
  }
  return out + "\"";
}

std::string reasons_text(const std::vector<Reason>& reasons, const Texts& texts) {
  std::string out;
  for (const auto& reason : reasons) {
    if (!out.empty()) out += texts("suggest.and");
    out += texts(reason.key, reason.args);
  }
  return out;
}

std::string confidence_text(double confidence) { return fmt::format("{:.2f}", confidence); }

std::string mapping_text(const Proposal& proposal, const Table& table, const MappingHead& head, const Texts& texts) {
  return MappingWriter(proposal, table, head, texts).write();
}

}  // namespace fenqun::suggest
