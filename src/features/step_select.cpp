// features/step_select.cpp - the part of steps.hpp that tells what is taken and what is left out.
#include "features/steps.hpp"
#include "warehouse/entity_rows.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace fenqun::features {
namespace {

using warehouse::Contract;
using warehouse::EntityKind;
using warehouse::Field;
using warehouse::LakeFile;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

struct Filled {
  std::int64_t present = 0;
  bool is_constant = false;
};
using FilledFields = std::map<std::string, Filled>;

std::set<std::string> words_of(const std::string& sql) {
  std::set<std::string> out;
  std::string word;
  for (const char c : sql + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
    } else if (!word.empty()) {
      out.insert(std::move(word));
      word.clear();
    }
  }
  return out;
}

// The fields of each entity that a query names which reads it.
std::map<std::string, std::set<std::string>> find_uses(const Workspace& workspace, const FeatureCatalogue& catalogue) {
  std::map<std::string, std::set<std::string>> out;
  const auto add = [&](const std::vector<std::string>& entities, const std::string& sql) {
    const auto words = words_of(sql);
    for (const auto& entity : entities) out[entity].insert(words.begin(), words.end());
  };
  for (const auto& table : catalogue.intermediates()) add(table.entities, table.sql);
  for (const auto& family : catalogue.families()) add(family.entities, family.sql);
  for (const auto& rule : catalogue.rules().imputation) add({rule.entity}, rule.value);
  // Customers reach the families through the table of those that are open.
  std::string of_open;
  for (const auto& family : catalogue.families()) of_open += family.sql + "\n";
  add({"customer"}, of_open);
  for (auto& [entity, words] : out) {
    const auto* contract = workspace.contracts().find(entity);
    std::erase_if(words, [&](const std::string& word) { return contract->find(word) == nullptr; });
  }
  return out;
}

Result<FilledFields> profile_master(Workspace& workspace, const Contract& contract) {
  std::string sql = "SELECT count(*)";
  for (const auto& field : contract.fields) {
    const auto name = sql_name(field.name);
    sql += ", count(" + name + "), coalesce(min(" + name + ") = max(" + name + "), false)";
  }
  FENQUN_TRY(const auto found, workspace.connection().query(sql + " FROM " + sql_name("m_" + contract.entity)));
  FilledFields out;
  for (std::size_t f = 0; f < contract.fields.size(); ++f) {
    const auto present = found.integer(0, 1 + 2 * f);
    out[contract.fields[f].name] = {present, present > 1 && found.boolean(0, 2 + 2 * f)};
  }
  return out;
}

// Parquet keeps count of missing values and the extremes of each column for itself: no row is read.
Result<FilledFields> profile_facts(Workspace& workspace, const std::vector<LakeFile>& files) {
  FilledFields out;
  if (files.empty()) return out;
  std::string paths;
  for (const auto& file : files) {
    paths += (paths.empty() ? "" : ", ") + sql_text((workspace.folder() / file.path).string());
  }
  FENQUN_TRY(const auto found,
             workspace.connection().query(
                 "SELECT path_in_schema, CAST(sum(num_values - coalesce(stats_null_count, 0)) AS BIGINT), "
                 "coalesce(min(stats_min_value) = max(stats_max_value), false) FROM parquet_metadata([" +
                 paths + "]) GROUP BY 1"));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    const auto present = found.integer(r, 1);
    out[found.text(r, 0)] = {present, present > 1 && found.boolean(r, 2)};
  }
  return out;
}

StepItem judge_field(const Contract& contract, const Field& field, bool is_used, std::int64_t rows,
                     const Filled& filled, const PreparationRules& rules) {
  StepItem item{"field", contract.entity, field.name, "left_out", "", rows, filled.present};
  if (rows == 0) {
    item.reason = "not_loaded";
  } else if (filled.present == 0) {
    item.reason = "empty";
  } else if (!is_used) {
    item.reason = rules.allows(contract.entity, field) ? "not_needed" : "sensitive";
  } else {
    const bool is_sparse =
        static_cast<double>(rows - filled.present) > rules.mostly_empty_share * static_cast<double>(rows);
    item.reason = is_sparse ? "mostly_empty" : filled.is_constant ? "constant" : "";
    item.state = item.reason.empty() ? "taken" : "noted";
  }
  return item;
}

}  // namespace

Result<StepRecord> select_data(Workspace& workspace, const FeatureCatalogue& catalogue, Month as_of) {
  StepRecord out{Step::Select, 0, 0, {}};
  const auto uses = find_uses(workspace, catalogue);
  std::vector<StepItem> fields;
  for (const auto& contract : workspace.contracts().all()) {
    std::int64_t rows = 0;  // facts: up to the month
    FilledFields filled;
    if (contract.kind == EntityKind::Master) {
      FENQUN_TRY(rows,
                 workspace.connection().query_integer("SELECT count(*) FROM " + sql_name("m_" + contract.entity)));
      if (rows > 0) {
        FENQUN_TRY(filled, profile_master(workspace, contract));
      }
    } else {
      FENQUN_TRY(auto files, workspace.lake_files(contract.entity));
      std::erase_if(files, [&](const LakeFile& file) { return file.month > as_of; });
      for (const auto& file : files) rows += file.rows;
      FENQUN_TRY(filled, profile_facts(workspace, files));
    }
    const auto used = uses.find(contract.entity);
    for (const auto& field : contract.fields) {
      const bool is_used = used != uses.end() && used->second.contains(field.name);
      fields.push_back(judge_field(contract, field, is_used, rows, filled[field.name], catalogue.rules()));
    }
    const bool is_needed = used != uses.end();
    StepItem item{"entity", contract.entity, "", rows > 0 && is_needed ? "taken" : "left_out", "", rows, 0};
    if (item.state == "taken") item.rows_out = rows;
    if (item.state == "left_out") item.reason = rows == 0 ? "not_loaded" : "not_needed";
    out.rows_in += item.rows_in;
    out.rows_out += item.rows_out;
    out.items.push_back(std::move(item));
  }
  out.items.insert(out.items.end(), fields.begin(), fields.end());
  return out;
}

}  // namespace fenqun::features
