// strategy/roster.cpp
#include "strategy/roster.hpp"

#include "warehouse/database.hpp"

#include <fmt/format.h>

namespace fenqun::strategy {

Result<void> assign_employees(warehouse::Workspace& workspace, const std::string& scratch, Month month,
                              const std::string& source) {
  const auto table = [&](const char* name) { return scratch + "." + name; };
  const auto make = [&](const char* name, const std::string& sql) {
    return workspace.connection().execute("CREATE TABLE " + table(name) + " AS " + sql);
  };
  const auto present =
      "SELECT staff_id, role, org_unit_id FROM m_staff WHERE role IS NOT NULL AND (left_on IS NULL OR left_on >= "
      "DATE " +
      warehouse::sql_text(month.first_date()) + ")";
  FENQUN_CHECK(make("team",
                    "SELECT staff_id, role, org_unit_id AS station, row_number() OVER (PARTITION BY role, org_unit_id "
                    "ORDER BY staff_id) - 1 AS place, count(*) OVER (PARTITION BY role, org_unit_id) AS size FROM (" +
                        present + ") WHERE org_unit_id IS NOT NULL"));
  FENQUN_CHECK(make("everybody",
                    "SELECT staff_id, role, row_number() OVER (PARTITION BY role ORDER BY staff_id) - 1 AS place, "
                    "count(*) OVER (PARTITION BY role) AS size FROM (" +
                        present + ")"));
  FENQUN_CHECK(make("team_size",
                    "SELECT role, station, any_value(size) AS size FROM " + table("team") + " GROUP BY role, station"));
  FENQUN_CHECK(make(
      "placed",
      fmt::format("SELECT b.*, s.own_area AS area_id, s.own_station AS station, CASE WHEN owner_role = "
                  "'account_manager' THEN coalesce(s.own_manager, u.manager_id) WHEN owner_role = 'area_manager' THEN "
                  "u.manager_id END AS known_owner, (md5_number_lower(coalesce(s.own_area, s.customer_id)) >> "
                  "40)::BIGINT AS pick FROM {} b JOIN {} s ON s.customer_id = b.customer_id LEFT JOIN m_org_unit u ON "
                  "u.org_unit_id = s.own_area",
                  source, table("seen"))));
  return make(
      "owned",
      fmt::format("SELECT p.*, coalesce(p.known_owner, t.staff_id, e.staff_id) AS owner_id, CASE WHEN p.team_of = 2 "
                  "THEN coalesce(t2.staff_id, e2.staff_id) END AS second_id FROM {0} p LEFT JOIN {1} z ON z.role = "
                  "p.owner_role AND z.station = p.station LEFT JOIN {2} t ON t.role = p.owner_role AND t.station = "
                  "p.station AND t.place = p.pick % z.size LEFT JOIN (SELECT role, any_value(size) AS size FROM {3} "
                  "GROUP BY role) y ON y.role = p.owner_role LEFT JOIN {3} e ON e.role = p.owner_role AND e.place = "
                  "p.pick % y.size LEFT JOIN {1} z2 ON z2.role = 'meter_reader' AND z2.station = p.station LEFT JOIN "
                  "{2} t2 ON t2.role = 'meter_reader' AND t2.station = p.station AND t2.place = (p.pick + 1) % z2.size "
                  "LEFT JOIN (SELECT role, any_value(size) AS size FROM {3} GROUP BY role) y2 ON y2.role = "
                  "'meter_reader' LEFT JOIN {3} e2 ON e2.role = 'meter_reader' AND e2.place = (p.pick + 1) % y2.size",
                  table("placed"), table("team_size"), table("team"), table("everybody")));
}

}  // namespace fenqun::strategy
