// datagen/identity.cpp - what decides every byte of a utility, from the options.
#include "base/file.hpp"
#include "datagen/entity_writers.hpp"
#include "datagen/manifest.hpp"
#include "datagen/workshop.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::datagen {
namespace {

constexpr int kGeneratorVersion = 2;  // raise when the same parameters give other bytes
constexpr std::int64_t kFewestCustomers = 500;
constexpr std::int64_t kMostCustomers = 9'000'000;
constexpr int kMostMonths = 120;

tl::unexpected<Error> out_of_range(const char* option, std::int64_t value, std::int64_t low, std::int64_t high) {
  return fail(ErrorCode::InvalidArgument, "datagen.option_range",
              {{"option", option},
               {"value", std::to_string(value)},
               {"low", std::to_string(low)},
               {"high", std::to_string(high)}});
}

std::string contracts_fingerprint(const warehouse::ContractSet& contracts) {
  std::string text;
  for (const auto& writer : entity_writers()) {
    text += writer.entity;
    if (const auto* contract = contracts.find(writer.entity)) {
      for (const auto& field : contract->fields) text += fmt::format(" {}:{}", field.name, warehouse::sql_type(field));
    }
    text += '\n';
  }
  return hash_text(text).substr(0, 16);
}

}  // namespace

Result<Identity> identify(const DatagenOptions& options, const Parameters& parameters,
                          const warehouse::ContractSet& contracts) {
  const auto& profile = parameters.profile;
  Identity id;
  id.profile = options.profile;
  id.customers = options.customers.value_or(profile.customers);
  if (id.customers < kFewestCustomers || id.customers > kMostCustomers) {
    return out_of_range("--customers", id.customers, kFewestCustomers, kMostCustomers);
  }
  id.seed = options.seed;
  id.format = extension(options.format);
  id.end_month = options.end_month.value_or(profile.end_month);
  id.months = options.months.value_or(profile.months);
  if (id.months < 1 || id.months > kMostMonths) return out_of_range("--months", id.months, 1, kMostMonths);
  id.reading_months = options.reading_months.value_or(std::min(profile.reading_months, id.months));
  if (id.reading_months < 0 || id.reading_months > id.months) {
    return out_of_range("--reading-months", id.reading_months, 0, id.months);
  }
  id.parameters = parameters.fingerprint;
  id.contracts = contracts_fingerprint(contracts);
  id.generator = kGeneratorVersion;
  return id;
}

}  // namespace fenqun::datagen
