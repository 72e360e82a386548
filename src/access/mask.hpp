// access/mask.hpp - what is left of a personal text when it is masked; the same in SQL and here. Level 2.
#pragma once

#include "access/role.hpp"

#include <string>
#include <string_view>

namespace fenqun::access {

/// 张三丰 -> 张**; 广州某某有限公司 -> 广州****; 13812341234 -> 138****1234; 440106... -> 4****2; of an address at most
/// the first half and six characters. Characters are those of UTF-8; bytes that are none count as one each.
std::string masked(std::string_view text, Mask mask);

/// The same as an SQL expression over the text expression `column`; NULL stays NULL.
std::string masked_sql(const std::string& column, Mask mask);

}  // namespace fenqun::access
