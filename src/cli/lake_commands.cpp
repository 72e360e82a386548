// cli/lake_commands.cpp - the state of a workspace: doctor, lake, lake compact, lake expire.
#include "app/lake.hpp"

#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output.hpp"
#include "cli/text_table.hpp"

#include <fmt/format.h>

namespace fenqun::cli {
namespace {

using warehouse::Severity;

struct LakeOptions {
  std::string workspace = ".";
  std::string entity;
  bool repair = false;
  bool dry_run = false;
};

std::string size_text(std::int64_t bytes) {
  const auto size = static_cast<double>(bytes);
  constexpr double kKib = 1024;
  constexpr double kMib = kKib * kKib;
  return size < kMib ? fmt::format("{:.1f} KiB", size / kKib) : fmt::format("{:.1f} MiB", size / kMib);
}

// Programs get the codes, people the names.
std::string sentence(const warehouse::Finding& finding, const app::Checkup& checkup, const Texts& texts) {
  auto args = finding.line.args;
  for (auto& [name, value] : args) {
    if ((name == "entity" || name == "other") && checkup.contracts) value = title_of(*checkup.contracts, value, texts);
  }
  return texts(finding.line.key, args);
}

std::string show(const app::Checkup& checkup, const Texts& texts) {
  const auto& found = checkup.examination;
  std::string out = texts("cli.doctor_looked", {{"files", with_thousands(found.files)},
                                                {"size", size_text(found.bytes)},
                                                {"rows", with_thousands(found.rows)},
                                                {"batches", with_thousands(found.batches)},
                                                {"references", with_thousands(found.references)}}) +
                    "\n";
  for (const auto& finding : found.findings) {
    const char* mark = finding.repaired                       ? "cli.doctor_repaired"
                       : finding.severity == Severity::Notice ? "cli.doctor_notice"
                                                              : "cli.doctor_damage";
    out += "  " + texts(mark) + " " + sentence(finding, checkup, texts) + "\n";
  }
  for (const auto& batch : checkup.reloaded) {
    out += "  " + texts("cli.doctor_reloaded", {{"batch", batch.batch_id}, {"source", batch.source}}) + "\n";
  }
  for (const auto& why : checkup.not_reloaded) out += "  " + render_error(why, texts) + "\n";
  return out + texts(found.is_sound() ? "cli.doctor_sound" : "cli.doctor_not_sound") + "\n";
}

Json json_of(const app::Checkup& checkup, const Texts& texts) {
  const auto& found = checkup.examination;
  Json out = {{"sound", found.is_sound()}, {"files", found.files},     {"bytes", found.bytes},
              {"rows", found.rows},        {"batches", found.batches}, {"references", found.references},
              {"findings", Json::array()}, {"reloaded", Json::array()}};
  for (const auto& finding : found.findings) {
    Json line = {{"finding", finding.line.key.substr(finding.line.key.find('_') + 1)},
                 {"severity", finding.severity == Severity::Damage ? "damage" : "notice"},
                 {"repaired", finding.repaired},
                 {"message", sentence(finding, checkup, texts)},
                 {"values", Json::object()}};
    for (const auto& [name, value] : finding.line.args) line["values"][name] = value;
    out["findings"].push_back(std::move(line));
  }
  for (const auto& batch : checkup.reloaded) out["reloaded"].push_back(batch.batch_id);
  return out;
}

Result<void> do_doctor(const LakeOptions& options, const Call& call) {
  app::CheckupRequest request;
  request.workspace = options.workspace;
  request.repair = options.repair ? warehouse::Repair::WhatCan : warehouse::Repair::Nothing;
  FENQUN_TRY(const auto checkup, app::check_workspace(call.caller, request));
  if (call.json)
    print(json_of(checkup, call.texts));
  else
    print(show(checkup, call.texts));
  if (checkup.examination.is_sound()) return {};
  return fail(ErrorCode::BadData, "cli.doctor_failed", {{"workspace", options.workspace}});
}

Result<void> do_lake(const LakeOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto shares, warehouse::lake_shares(session.workspace));
  if (call.json) {
    Json out = Json::array();
    for (const auto& share : shares) {
      out.push_back({{"entity", share.entity},
                     {"months", share.months},
                     {"files", share.files},
                     {"rows", share.rows},
                     {"bytes", share.bytes},
                     {"first", share.first.text()},
                     {"last", share.last.text()}});
    }
    print(out);
    return {};
  }
  TextTable table({{call.texts("cli.col_entity"), Align::Left},
                   {call.texts("cli.col_months"), Align::Left},
                   {call.texts("cli.col_files"), Align::Right},
                   {call.texts("cli.col_rows"), Align::Right},
                   {call.texts("cli.col_size"), Align::Right}});
  for (const auto& share : shares) {
    table.add({title_of(session.workspace.contracts(), share.entity, call.texts),
               share.first.text() + " … " + share.last.text(), with_thousands(share.files), with_thousands(share.rows),
               size_text(share.bytes)});
  }
  print(shares.empty() ? call.texts("cli.lake_empty") + "\n" : table.text());
  return {};
}

Result<void> do_compact(const LakeOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto done, app::compact_lake(session, options.entity));
  std::int64_t files = 0;
  Json months = Json::array();
  for (const auto& month : done) {
    files += month.files;
    months.push_back(
        {{"entity", month.entity}, {"month", month.month.text()}, {"files", month.files}, {"rows", month.rows}});
  }
  if (call.json)
    print(months);
  else
    print(call.texts("cli.compacted", {{"months", with_thousands(static_cast<std::int64_t>(done.size()))},
                                       {"files", with_thousands(files)}}) +
          "\n");
  return {};
}

Result<void> do_expire(const LakeOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  const auto what = options.dry_run ? warehouse::Expire::Show : warehouse::Expire::Remove;
  FENQUN_TRY(const auto gone, app::expire_lake(session, what));
  std::int64_t rows = 0;
  Json months = Json::array();
  std::string lines;
  for (const auto& month : gone) {
    rows += month.rows;
    months.push_back({{"entity", month.entity}, {"month", month.month.text()}, {"rows", month.rows}});
    lines += "  " + title_of(session.workspace.contracts(), month.entity, call.texts) + "  " + month.month.text() +
             "  " + with_thousands(month.rows) + "\n";
  }
  if (call.json) {
    print(months);
    return {};
  }
  print(
      lines +
      call.texts(options.dry_run ? "cli.would_expire" : "cli.expired",
                 {{"months", with_thousands(static_cast<std::int64_t>(gone.size()))}, {"rows", with_thousands(rows)}}) +
      "\n");
  return {};
}

}  // namespace

void add_lake_commands(CommandLine& line) {
  auto options = std::make_shared<LakeOptions>();
  auto* const doctor = line.add("doctor", [options](const Call& call) { return do_doctor(*options, call); });
  line.with_workspace(doctor, options->workspace);
  doctor->add_flag("--repair", options->repair, line.text("cli.opt_repair"));
  auto* const lake = line.add("lake", [options](const Call& call) { return do_lake(*options, call); });
  line.with_workspace(lake, options->workspace);
  auto* const compact =
      line.add_below(lake, "compact", [options](const Call& call) { return do_compact(*options, call); });
  compact->add_option("--entity", options->entity, line.text("cli.opt_compact_entity"));
  auto* const expire =
      line.add_below(lake, "expire", [options](const Call& call) { return do_expire(*options, call); });
  expire->add_flag("--dry-run", options->dry_run, line.text("cli.opt_dry_run"));
}

}  // namespace fenqun::cli
