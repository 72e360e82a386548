// app/suggestion.cpp
#include "app/suggestion.hpp"

#include "base/file.hpp"
#include "base/number.hpp"
#include "suggest/mapping_text.hpp"
#include "suggest/sample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace fenqun::app {
namespace {

namespace fs = std::filesystem;
using warehouse::Workspace;

constexpr double kAcceptedShare = 0.01;
// What texts call the values that they quote.
constexpr std::array<std::string_view, 6> kQuoting = {"example", "value", "least", "greatest", "raw", "text"};

void hide_values(Error::Line& line) {
  for (auto& arg : line.args) {
    if (std::find(kQuoting.begin(), kQuoting.end(), arg.name) != kQuoting.end()) arg.value = "…";
  }
}

void hide_values(std::vector<suggest::Reason>& reasons) {
  for (auto& reason : reasons) hide_values(reason);
}

void hide_values(suggest::Proposal& proposal) {
  for (auto& entry : proposal.entries) {
    hide_values(entry.reasons);
    for (auto& field : entry.fields) hide_values(field.reasons);
    if (entry.wide) hide_values(entry.wide->reasons);
  }
  for (auto& left : proposal.left) hide_values(left.reason);
  hide_values(proposal.remarks);
}

/// A workspace of its own, gone with the object.
class Bench {
 public:
  static Result<Bench> create(const std::optional<fs::path>& like) {
    auto pattern = (fs::temp_directory_path() / "fenqun-suggest-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      return fail(ErrorCode::Io, "base.cannot_write", {{"path", pattern}, {"reason", "mkdtemp"}});
    }
    Bench bench(pattern);
    FENQUN_CHECK(Workspace::init(bench.workspace(), "suggest"));
    std::error_code ec;
    if (like && fs::is_directory(*like / "config", ec)) {
      fs::copy(*like / "config", bench.workspace() / "config", fs::copy_options::recursive, ec);
      if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", pattern}, {"reason", ec.message()}});
    }
    return bench;
  }
  Bench(Bench&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
  Bench& operator=(Bench&&) = delete;
  ~Bench() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] fs::path workspace() const { return folder_ / "workspace"; }
  [[nodiscard]] const fs::path& folder() const { return folder_; }

 private:
  explicit Bench(fs::path folder) : folder_(std::move(folder)) {}
  fs::path folder_;
};

std::string csv_cell(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

/// The sample as a file of its own.
std::string csv_of(const suggest::Table& table) {
  std::string out;
  for (std::size_t i = 0; i < table.headers.size(); ++i) out += (i > 0 ? "," : "") + csv_cell(table.headers[i]);
  const auto rows = table.columns.empty() ? 0 : table.columns.front().size();
  for (std::size_t row = 0; row < rows; ++row) {
    out += "\n";
    for (std::size_t i = 0; i < table.headers.size(); ++i) {
      const auto& cell = table.columns[i][row];
      out += (i > 0 ? "," : "") + (cell ? csv_cell(*cell) : "");
    }
  }
  return out + "\n";
}

class Suggester {
 public:
  Suggester(const SuggestRequest& request, const Caller& caller, const Texts& texts, Bench bench, Workspace workspace)
      : request_(request), caller_(caller), texts_(texts), bench_(std::move(bench)), workspace_(std::move(workspace)) {}

  Result<SuggestOutcome> run() {
    outcome_.file = request_.file;
    outcome_.contracts = std::make_shared<warehouse::ContractSet>(workspace_.contracts());
    FENQUN_CHECK(propose());
    if (outcome_.proposal.is_complete()) {
      FENQUN_CHECK(try_it());
      learn();
    }
    outcome_.mapping = suggest::mapping_text(outcome_.proposal, sample_.table, head(), texts_);
    return std::move(outcome_);
  }

 private:
  Result<void> propose() {
    reader::SourceLayout layout;
    if (!request_.sheet.empty()) layout.sheets = {request_.sheet};
    {
      FENQUN_TRY(const auto scratch, workspace_.scratch("suggest"));
      FENQUN_TRY(sample_,
                 suggest::take_sample(workspace_, scratch.folder(), request_.file, layout, request_.most_rows));
    }
    if (sample_.totals > 0) {
      // Lines of totals between the rows would pass for customers: the proposal is made without them.
      totals_ = sample_.totals;
      layout.closing_lines = reader::ClosingLines::Anywhere;
      FENQUN_TRY(const auto scratch, workspace_.scratch("suggest"));
      FENQUN_TRY(sample_,
                 suggest::take_sample(workspace_, scratch.folder(), request_.file, layout, request_.most_rows));
    }
    sample_.table.file = reader::bare_name(request_.file);
    outcome_.source = sample_.source;
    if (!sample_.source.sheets.empty()) sample_.table.sheet = sample_.source.sheets.front();
    outcome_.records = sample_.records;
    outcome_.sample_rows = sample_.rows;
    outcome_.headers = sample_.table.headers;
    show_rows();
    FENQUN_TRY(const auto surroundings, surroundings_of());
    outcome_.proposal = suggest::propose(sample_.table, *outcome_.contracts, surroundings);
    if (!request_.tells_values) hide_values(outcome_.proposal);
    return {};
  }

  void show_rows() {
    const auto& columns = sample_.table.columns;
    const auto rows = std::min(request_.shown_rows, columns.empty() ? 0 : columns.front().size());
    for (std::size_t row = 0; row < rows; ++row) {
      std::vector<std::optional<std::string>> shown;
      shown.reserve(columns.size());
      for (const auto& column : columns) shown.push_back(column[row]);
      outcome_.rows.push_back(std::move(shown));
    }
  }

  Result<suggest::Surroundings> surroundings_of() const {
    suggest::Surroundings out;
    if (!request_.workspace) return out;
    FENQUN_TRY(auto session, Session::open(*request_.workspace, caller_));
    FENQUN_TRY(const auto entities, session.workspace.loaded_entities());
    out.has_customers = std::find(entities.begin(), entities.end(), "customer") != entities.end();
    return out;
  }

  Result<void> try_it() {
    Trial trial;
    std::error_code ec;
    const auto bytes = fs::file_size(request_.file, ec);
    trial.whole_file = !ec && bytes <= kTrialBytes;
    auto file = request_.file;
    suggest::MappingHead bare;
    if (trial.whole_file) {
      bare = head();
    } else {
      file = bench_.folder() / "sample.csv";
      FENQUN_CHECK(write_file_atomically(file, csv_of(sample_.table)));
    }
    const auto mapping = bench_.folder() / "mapping.yaml";
    FENQUN_CHECK(write_file_atomically(mapping, suggest::mapping_text(outcome_.proposal, sample_.table, bare, texts_)));
    ingest::IngestRequest request;
    request.file = file;
    request.mapping = mapping.string();
    request.max_rejected_share = 1;
    request.texts = &texts_;
    const auto loaded = ingest::ingest(workspace_, request);
    if (!loaded) {
      if (loaded.error().code == ErrorCode::Cancelled) return fail(loaded.error());
      trial.refused = request_.tells_values ? loaded.error() : without_values(loaded.error());
    } else {
      trial.total = loaded->total;
      trial.entities = loaded->entities;
      FENQUN_CHECK(count_faults(trial));
    }
    outcome_.trial = std::move(trial);
    return {};
  }

  Result<void> count_faults(Trial& trial) {
    FENQUN_TRY(const auto found, workspace_.connection().query(
                                     "SELECT entity, coalesce(column_name, ''), reason, count(*), min(line) FROM "
                                     "quarantine GROUP BY ALL ORDER BY 4 DESC, 1, 2, 3"));
    for (std::size_t r = 0; r < found.rows.size(); ++r) {
      trial.faults.push_back({found.text(r, 0), found.text(r, 1), found.text(r, 2), found.integer(r, 3),
                              trial.whole_file ? found.integer(r, 4) : 0});
    }
    return {};
  }

  // Confidence falls with the share of rows that the trial refused.
  void learn() {
    const auto& trial = *outcome_.trial;
    for (const auto& counts : trial.entities) {
      for (auto& entry : outcome_.proposal.entries) {
        if (entry.contract->entity != counts.entity || counts.rows_in == 0) continue;
        const double share = static_cast<double>(counts.rows_rejected) / static_cast<double>(counts.rows_in);
        entry.confidence *= 1 - share;
        for (const auto& fault : trial.faults) learn(entry, fault, counts.rows_in);
      }
    }
    if (trial.refused || trial.total.rows_rejected == 0 || !trial.whole_file) return;
    const double share = static_cast<double>(trial.total.rows_rejected) / static_cast<double>(trial.total.rows_in);
    if (share > kAcceptedShare) return;
    // Rounded up to one digit: 0.0000813 -> 0.00009.
    const double step = std::pow(10.0, std::floor(std::log10(share)));
    outcome_.max_rejected_share = parse_number(fmt::format("{:.1g}", std::ceil(share / step) * step));
  }

  void learn(suggest::ProposedEntry& entry, const TrialFault& fault, std::int64_t rows_in) const {
    if (fault.entity != entry.contract->entity) return;
    for (auto& field : entry.fields) {
      const bool reads = std::any_of(field.columns.begin(), field.columns.end(),
                                     [&](std::size_t column) { return outcome_.headers[column] == fault.column; });
      if (!reads && field.field != fault.column) continue;
      field.confidence *= 1 - static_cast<double>(fault.rows) / static_cast<double>(rows_in);
      field.reasons.push_back(
          {"suggest.trial_fault",
           {{"rows", with_thousands(fault.rows)}, {"reason", texts_("code.rejection." + fault.reason)}}});
    }
  }

  [[nodiscard]] suggest::MappingHead head() const {
    suggest::MappingHead head;
    head.comments = {texts_("suggest.head", {{"file", request_.file.filename().string()}}),
                     texts_("suggest.head_sample", {{"rows", with_thousands(outcome_.sample_rows)},
                                                    {"records", with_thousands(outcome_.records)}})};
    if (!outcome_.proposal.entries.empty() && !outcome_.proposal.is_complete()) {
      head.comments.push_back(texts_("suggest.head_open"));
    }
    if (!sample_.source.unread_sheets.empty()) {
      head.comments.push_back(texts_("suggest.head_sheets",
                                     {{"sheets", fmt::format("{}", fmt::join(sample_.source.unread_sheets, ", "))}}));
    }
    if (!request_.sheet.empty()) head.source.emplace_back("sheet", suggest::yaml_scalar(request_.sheet));
    if (totals_ > 0) {
      head.source.emplace_back("closing_lines", "anywhere");
      head.comments.push_back(texts_("suggest.head_totals", {{"rows", with_thousands(totals_)}}));
    }
    if (outcome_.trial) add_trial(head);
    return head;
  }

  void add_trial(suggest::MappingHead& head) const {
    const auto& trial = *outcome_.trial;
    if (trial.refused) {
      head.comments.push_back(texts_("suggest.head_refused", {{"message", render_error(*trial.refused, texts_)}}));
      return;
    }
    head.comments.push_back(texts_(trial.whole_file ? "suggest.head_trial" : "suggest.head_trial_sample",
                                   {{"in", with_thousands(trial.total.rows_in)},
                                    {"loaded", with_thousands(trial.total.rows_loaded)},
                                    {"rejected", with_thousands(trial.total.rows_rejected)}}));
    for (const auto& fault : trial.faults) {
      head.comments.push_back(fault_text(fault, texts_));
    }
    head.max_rejected_share = outcome_.max_rejected_share;
    if (head.max_rejected_share) head.share_comment = texts_("suggest.head_share");
  }

  const SuggestRequest& request_;
  const Caller& caller_;
  const Texts& texts_;
  Bench bench_;  // before the workspace that lies in it
  Workspace workspace_;
  suggest::Sample sample_;
  std::int64_t totals_ = 0;  // lines of totals between the rows of the sample
  SuggestOutcome outcome_;
};

}  // namespace

Error without_values(Error error) {
  hide_values(error.line);
  for (auto& line : error.context) hide_values(line);
  return error;
}

std::string fault_text(const TrialFault& fault, const Texts& texts) {
  return texts(fault.column.empty() ? "suggest.head_fault_record" : "suggest.head_fault",
               {{"rows", with_thousands(fault.rows)},
                {"column", fault.column},
                {"line", std::to_string(fault.first_line)},
                {"reason", texts("code.rejection." + fault.reason)}});
}

Result<SuggestOutcome> suggest_mapping(const SuggestRequest& request, const Caller& caller, const Texts& texts) {
  FENQUN_TRY(auto bench, Bench::create(request.workspace));
  warehouse::WorkspaceOptions options;
  options.threads = caller.threads;
  options.stop = caller.stop;
  options.memory_limit_bytes = request.memory_limit_bytes;
  FENQUN_TRY(auto workspace, Workspace::open(bench.workspace(), options));
  return Suggester(request, caller, texts, std::move(bench), std::move(workspace)).run();
}

}  // namespace fenqun::app
