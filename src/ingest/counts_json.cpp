// ingest/counts_json.cpp
#include "ingest/counts_json.hpp"

namespace fenqun::ingest {

nlohmann::ordered_json json_of(const EntityCounts& counts) {
  return {{"rows_in", counts.rows_in},
          {"rows_loaded", counts.rows_loaded},
          {"rows_duplicate", counts.rows_duplicate},
          {"rows_superseded", counts.rows_superseded},
          {"rows_rejected", counts.rows_rejected}};
}

}  // namespace fenqun::ingest
