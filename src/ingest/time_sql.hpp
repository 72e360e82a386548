// ingest/time_sql.hpp - SQL that reads days, months and points in time from texts as offices write them. Level 2.
#pragma once

#include "ingest/text_sql.hpp"

#include <string>
#include <vector>

namespace fenqun::ingest {

/// DATE or TIMESTAMP (Timestamp fields) of an SQL text, NULL where there is none; months are their first day. With
/// `formats` (strptime) only these. Without: 2018-3-1, 2018/03/01, 2018.3.1, 20180301, 2018年3月1日, each also with the
/// day of the week after it; months also 2018-03, 201803, 2018年3月; days and times as Excel counts them (43160.5); a
/// time of day with or without seconds, with 上午 or 下午, 24:00, zone. Year, month, day in this order alone, the year
/// with four digits. A time that states its zone is brought to Reading::zone; 24:00 is 0:00 of the next day, but a Date
/// field keeps the day as written. Cost: one or two casts where the text is ISO.
std::string time_sql(warehouse::FieldType type, const std::vector<std::string>& formats, const std::string& text,
                     const Reading& reading);

/// The same of a column of dates or times.
std::string native_time_sql(warehouse::FieldType type, const std::string& value, const std::string& column_type,
                            const Reading& reading);

/// "bad_date", "bad_month" or "bad_timestamp".
std::string_view time_misreading(warehouse::FieldType type);

}  // namespace fenqun::ingest
