// suggest/header_name.hpp - what a header cell says: a name, and often a unit; how near two names are. Level 3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fenqun::suggest {

struct HeaderName {
  std::string text;                   // as it stands in the file
  std::u32string letters;             // 缴费金额 of "缴费金额（元）": without brackets, unit and punctuation
  std::u32string whole;               // the same with what stands in brackets
  std::u32string turned;              // 峰电量 of 电量/峰, as two header rows are joined; empty without a stroke
  std::vector<std::u32string> words;  // "price", "off", "peak" of price_off_peak; empty where it is not of Latin words
  std::string unit;                   // 元; as units are written in mappings: "kWh" for KWH. Empty: none was seen
};

/// Units are seen in brackets, and at the end behind / _ : - a blank or a Chinese character: 电量(kWh), 金额/元,
/// energy_mwh. A name that is nothing but a unit stays a name.
HeaderName read_header(std::string_view text);

/// The unit as mappings write it: "kWh" for KWH, Kwh; empty where it is none that is known.
std::string known_unit(std::string_view text);

enum class Likeness {
  None,
  Same,      // letter by letter
  Contains,  // one stands within the other
  Words,     // most words are the same
  Spelling,  // one or two characters differ
};

struct NameMatch {
  Likeness likeness = Likeness::None;
  double score = 0;  // 0..1; 1 for the same
};

/// How near a file's header is to a name that a contract knows. The end of a Chinese name says what it is of: 用电量 is
/// nearer to 本月用电量 than to 用电量备注.
NameMatch compare_names(const HeaderName& header, const HeaderName& known);

}  // namespace fenqun::suggest
