// fuzz/mapping_fuzz.cpp - the text of a mapping file.
#include "ingest/mapping.hpp"

#include "base/texts.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fenqun;
  static const auto contracts = warehouse::ContractSet::create(AssetStore());
  static const auto texts = Texts::create(AssetStore(), Language::English);
  fuzz::expect(contracts.has_value() && texts.has_value(), "the configuration is sound");
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto mapping = ingest::read_mapping({"m.yaml", "m.yaml", text}, "m", *contracts);
  if (!mapping) {
    fuzz::expect(mapping.error().code == ErrorCode::BadData, "a wrong mapping is bad data");
    fuzz::expect(render_error(mapping.error(), *texts).find("m.yaml") != std::string::npos,
                 "a wrong mapping is named in the message");
    return 0;
  }
  fuzz::expect(!mapping->load.empty(), "a mapping loads something");
  for (const auto& entry : mapping->load) {
    const auto* contract = contracts->find(entry.entity);
    fuzz::expect(contract != nullptr, "an entity has a contract");
    for (const auto& field : entry.fields) fuzz::expect(contract->find(field.field) != nullptr, "a field is known");
  }
  return 0;
}
