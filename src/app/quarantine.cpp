// app/quarantine.cpp
#include "app/quarantine.hpp"

namespace fenqun::app {

Result<std::vector<QuarantineLine>> list_quarantine(Session& session) {
  FENQUN_TRY(const auto rows,
             session.workspace.connection().query("SELECT entity, source, line, column_name, reason, value, raw FROM "
                                                  "quarantine ORDER BY source, line, entity"));
  std::vector<QuarantineLine> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    out.push_back({rows.text(r, 0), rows.text(r, 1), rows.integer(r, 2), rows.text(r, 3), rows.text(r, 4),
                   rows.text(r, 5), rows.text(r, 6)});
  }
  return out;
}

}  // namespace fenqun::app
