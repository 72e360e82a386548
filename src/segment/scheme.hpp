// segment/scheme.hpp - a scheme: how customers are grouped, declared in config/schemes/*.yaml. Level 3.
#pragma once

#include "base/asset.hpp"
#include "base/texts.hpp"
#include "features/catalogue.hpp"
#include "segment/expression.hpp"
#include "segment/score_model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::segment {

enum class Method : std::uint8_t {
  Rules,      // decision table: the first row that holds gives the group
  Tiers,      // k-means; clusters ordered by a score and named
  Bands,      // customers in the order of a score, cut by share or by value
  Score,      // weighted parts of 0..1 that add up to 0..100, cut into bands, with reasons
  LoadShape,  // hourly readings: customers by the mean curve of their days, with a dictionary of daily shapes
  Personas    // k-means over many features, 2..7 groups, balanced if asked for; names are proposed
};
std::string_view name_of(Method method) noexcept;
/// Whether a number of groups that is asked for beside the scheme's text has an effect.
bool takes_k(Method method) noexcept;

enum class Transform : std::uint8_t { None, Log };
enum class Scale : std::uint8_t { None, ZScore, Robust, MinMax, Quantile };
/// What happens to a customer's scaled values together, see cluster/scaling.hpp.
enum class RowNorm : std::uint8_t { None, Unit, UnitOrZero };
std::string_view name_of(RowNorm norm) noexcept;

/// One column of the clustering: winsorising, transform, scale, weight, and how it counts in the order of the groups.
struct SchemeFeature {
  std::string name;
  Transform transform = Transform::None;
  Scale scale = Scale::None;
  double winsor_low = 0;   // Tiers: values beyond these quantiles become the quantile; 0 and 1: none
  double winsor_high = 1;  // low < high, both 0..1
  double weight = 1;       // > 0, applied after scaling
  double order = 1;        // the groups' score adds order x the centre's scaled value; negative: less is higher
};

struct SchemeGroup {
  int line = 0;  // of the file
  std::string code;
  BilingualText title;
  BilingualText description;
  std::string standard;             // the norm that a rule rests on
  std::optional<Expression> when;   // Rules; Score: must hold as well
  std::optional<double> top_share;  // Bands: cumulative share of customers, highest first, 0..1
  std::optional<double> from;       // Bands, Score: lowest score that still belongs to the group
};

/// A reason why a customer gets no group, tested before anything else, the first that holds.
struct Exclusion {
  int line = 0;
  std::string code;
  BilingualText reason;
  Expression when;
};

inline constexpr std::uint32_t kMostTried = 8;      // the largest k that is looked at
inline constexpr std::uint32_t kMostPublished = 7;  // more groups are published with a reason only

struct KPolicy {
  std::uint32_t min = 2;                 // 2..kMostTried
  std::uint32_t max = 8;                 // min..kMostTried
  std::optional<std::uint32_t> publish;  // absent: what the indices recommend
  std::string override_reason;           // why more than kMostPublished are published; empty: not more
  std::uint64_t seed = 1;
  std::uint32_t restarts = 8;
  // Further evidence on samples, see cluster/choose_k.hpp; 0: not asked for.
  std::uint32_t silhouette_rows = 0;
  std::uint32_t gap_references = 0;
  std::uint32_t resamples = 0;
};

/// A number with a name, for rules and conditions.
struct Parameter {
  std::string name;
  double value = 0;
};

/// Where other values of the parameters hold: at a station, for a tariff.
struct Override {
  Expression where;
  std::vector<Parameter> set;
};

/// A part of the customers in which the method runs by itself.
struct Stratum {
  std::string code;
  BilingualText title;
  Expression when;
  std::optional<std::uint32_t> publish;  // instead of k.publish
};

enum class StratumGroups : std::uint8_t {
  Own,    // each stratum has groups of its own: "residential.high"
  Shared  // a group has members in every stratum
};
struct Strata {
  std::optional<Expression> by;  // one stratum per value; or
  std::vector<Stratum> list;     // the first that holds
  StratumGroups groups = StratumGroups::Own;
};

/// The group of another scheme inside which this one looks.
struct Within {
  std::string scheme;
  std::string group;
};

/// Another scheme whose groups this one looks at, and the line that says so.
struct SchemeUse {
  std::string scheme;
  int line = 0;
};

/// What makes a new run due before the month is over, see ledger/due.hpp.
struct RefreshRule {
  double drift_psi = 0.25;   // > 0: of any feature since the last run
  double moved_share = 0.1;  // 0..1: of the customers into another group
};

/// LoadShape: which days are looked at, and the dictionary of their shapes.
struct ShapeRule {
  int months = 3;                  // 1..36, up to the run's
  int least_days = 14;             // 1..1000: with a shape, of a customer
  double theta = 0.2;              // > 0: largest error of a day against its shape
  std::uint32_t dictionary = 50;   // 1..10,000 shapes that stay
  std::uint64_t sample = 200'000;  // >= 1: days in which shapes are looked for
};

/// Personas: no group has a smaller or a larger share of the customers.
struct Balance {
  double least_share = 0;  // 0..1
  double most_share = 1;
};

struct Scheme {
  std::string name;
  int version = 1;
  BilingualText title;
  BilingualText source;
  Method method = Method::Rules;
  std::optional<Expression> population;  // absent: everybody in the wide table
  std::optional<Within> within;
  std::optional<Expression> within_condition;  // as a condition, beside that of the population
  std::vector<SchemeUse> uses;                 // each scheme once
  std::vector<Parameter> parameters;
  std::vector<Override> overrides;  // of a customer the first that holds and sets the parameter
  std::optional<Strata> strata;
  RefreshRule refresh;
  std::vector<Exclusion> exclusions;
  std::vector<std::string> required;    // features without which a customer is not classifiable
  std::vector<SchemeFeature> features;  // Tiers; Bands: the score's terms
  RowNorm row_norm = RowNorm::None;     // Tiers
  KPolicy k;
  std::optional<ScoreModel> score;  // Score
  std::optional<Balance> balance;   // Personas
  std::optional<ShapeRule> shapes;  // LoadShape
  std::vector<SchemeGroup> groups;  // in order, highest first
  std::vector<std::string> ladder;  // all groups from the worst to the best, or empty: no order of better and worse
  std::string truth;                // column of a planted truth that this scheme should find, or empty
  std::string derived_from;         // the scheme that it was cloned from, or empty
  BilingualText department;         // whose scheme it is, and what it is used for there; empty: nobody's
  BilingualText use;
  std::string fingerprint;  // hash of the text: part of a run's identity
  std::string text;         // the whole file, as read
  std::string origin;       // where it was read
};

/// Everything that is wrong with a scheme's text by itself, each with file and line; the scheme as far as it was read.
struct ParsedScheme {
  Scheme scheme;
  std::vector<Error> problems;  // in the order of the file's parts; empty: the scheme can be run
};
/// `origin` stands in errors; with `name`, the text must be of the scheme so called.
ParsedScheme parse_scheme(const std::string& text, const std::string& origin,
                          const features::FeatureCatalogue& catalogue, const std::optional<std::string>& name);
/// The same, where the first problem is reason enough. Errors: BadData.
Result<Scheme> read_scheme(const std::string& text, const std::string& origin,
                           const features::FeatureCatalogue& catalogue, const std::optional<std::string>& name);

/// The file of a scheme. Errors: NotFound naming what there is.
Result<Asset> scheme_file(const AssetStore& assets, const std::string& name);

/// What Scheme::fingerprint says of a text.
std::string fingerprint_of(std::string_view text);

/// Reads one scheme; what its file may say stands in docs/schemes.md. Errors: BadData naming file, line, and what was
/// expected (unknown feature, publish differs from the number of groups, k outside 2..8, a rule that is not true /
/// false ...); NotFound.
Result<Scheme> load_scheme(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                           const std::string& name);

/// Names of all schemes: built in and of the workspace, sorted.
std::vector<std::string> scheme_names(const AssetStore& assets);

}  // namespace fenqun::segment
