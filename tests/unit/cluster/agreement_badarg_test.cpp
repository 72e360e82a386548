// tests/unit/cluster/agreement_badarg_test.cpp
#include "cluster/agreement.hpp"

#include "unit/cluster/sample_rows.hpp"

namespace fenqun::cluster {
namespace {

using Labels = std::vector<std::uint32_t>;

TEST(AgreementBadarg, RefusesLabelingsOfDifferentLength) {
  expect_error(adjusted_rand_index(Labels{0, 1}, Labels{0}), ErrorCode::InvalidArgument, "cluster.labels_differ",
               {{"labels", "1"}, {"rows", "2"}});
}

TEST(AgreementBadarg, RefusesNoRows) {
  expect_error(adjusted_rand_index(Labels{}, Labels{}), ErrorCode::BadData, "cluster.no_rows");
}

TEST(AgreementBadarg, RefusesATableThatWouldFillTheMemory) {
  expect_error(contingency_table(Labels{4294967295}, Labels{4294967295}), ErrorCode::InvalidArgument,
               "cluster.table_too_large", {{"first", "4294967296"}, {"second", "4294967296"}});
  EXPECT_TRUE(contingency_table(Labels{4095}, Labels{4095}).has_value());
  expect_error(contingency_table(Labels{4095}, Labels{4096}), ErrorCode::InvalidArgument, "cluster.table_too_large");
}

}  // namespace
}  // namespace fenqun::cluster
