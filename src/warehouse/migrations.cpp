// warehouse/migrations.cpp
#include "warehouse/migrations.hpp"

#include <array>
#include <set>

namespace fenqun::warehouse {
namespace {

// A step is never changed once it was released; what changes later is a new step.
constexpr std::array kSteps = {
    R"(
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE batch (batch_id VARCHAR PRIMARY KEY, source VARCHAR, path VARCHAR, content_hash VARCHAR, mapping VARCHAR,
  mapping_hash VARCHAR, bytes BIGINT, loaded_at TIMESTAMP, rows_in BIGINT, rows_loaded BIGINT, rows_duplicate BIGINT,
  rows_superseded BIGINT, rows_rejected BIGINT);
CREATE TABLE batch_entity (batch_id VARCHAR, entity VARCHAR, rows_in BIGINT, rows_loaded BIGINT, rows_duplicate BIGINT,
  rows_superseded BIGINT, rows_rejected BIGINT);
CREATE TABLE quarantine (batch_id VARCHAR, entity VARCHAR, source VARCHAR, line BIGINT, column_name VARCHAR,
  reason VARCHAR, value VARCHAR, raw VARCHAR);
CREATE TABLE lake_file (entity VARCHAR, month VARCHAR, path VARCHAR, batch_id VARCHAR, rows BIGINT, bytes BIGINT);
CREATE TABLE run (run_id VARCHAR PRIMARY KEY, scheme VARCHAR, scheme_version VARCHAR, as_of VARCHAR,
  data_fingerprint VARCHAR, options VARCHAR, seed BIGINT, build VARCHAR, created_at TIMESTAMP, result VARCHAR);
CREATE TABLE assignment (run_id VARCHAR, customer_id VARCHAR, group_code VARCHAR, state VARCHAR, reason VARCHAR,
  distance_own DOUBLE, distance_next DOUBLE, next_group VARCHAR);
)",
    // The life of a batch: in which order they came, which rest on which, what a mapping said, what was taken back.
    R"(
ALTER TABLE lake_file ADD COLUMN hash VARCHAR;
ALTER TABLE batch ADD COLUMN sequence BIGINT;
UPDATE batch SET sequence = o.n FROM (SELECT batch_id, row_number() OVER (ORDER BY loaded_at, batch_id) AS n FROM batch) o
  WHERE o.batch_id = batch.batch_id;
CREATE TABLE batch_link (batch_id VARCHAR, on_batch VARCHAR, entity VARCHAR, kind VARCHAR, rows BIGINT);
CREATE TABLE batch_undone (batch_id VARCHAR, source VARCHAR, path VARCHAR, content_hash VARCHAR, mapping VARCHAR,
  loaded_at TIMESTAMP, undone_at TIMESTAMP, rows_in BIGINT, rows_loaded BIGINT, rows_superseded BIGINT);
CREATE TABLE mapping_text (mapping_hash VARCHAR PRIMARY KEY, mapping VARCHAR, text VARCHAR);
CREATE TABLE lake_expired (entity VARCHAR, month VARCHAR, batch_id VARCHAR, rows BIGINT, expired_at TIMESTAMP);
)",
    // What the five steps of a preparation did, for each month of the wide table.
    R"(
CREATE TABLE preparation (as_of VARCHAR, position INTEGER, step VARCHAR, fingerprint VARCHAR, rows_in BIGINT,
  rows_out BIGINT);
CREATE TABLE preparation_item (as_of VARCHAR, position INTEGER, step VARCHAR, kind VARCHAR, subject VARCHAR, name VARCHAR,
  state VARCHAR, reason VARCHAR, rows_in BIGINT, rows_out BIGINT);
)",
    // Batches taken out to be loaded again, in order; and of what expired, whether it had been kept aside.
    R"(
CREATE TABLE reload (position BIGINT, chain VARCHAR, batch_id VARCHAR, source VARCHAR, path VARCHAR,
  content_hash VARCHAR, mapping VARCHAR, mapping_hash VARCHAR, entity VARCHAR);
ALTER TABLE lake_expired ADD COLUMN aside BOOLEAN;
UPDATE lake_expired SET aside = EXISTS (SELECT 1 FROM lake_file f WHERE f.entity = lake_expired.entity AND
  f.month = lake_expired.month);
)",
    // The life of runs: what was decided on them, what was published, and who belonged to which group when.
    R"(
CREATE TABLE run_decision (decision_id BIGINT, run_id VARCHAR, decision VARCHAR, decided_by VARCHAR, reason VARCHAR,
  decided_at TIMESTAMP, assignment_hash VARCHAR);
CREATE TABLE publication (sequence BIGINT, scheme VARCHAR, kind VARCHAR, run_id VARCHAR, valid_from DATE, valid_to DATE,
  published_by VARCHAR, reason VARCHAR, limit_override VARCHAR, restores BIGINT, decision_id BIGINT,
  scheme_version INTEGER, definition VARCHAR, assignment_hash VARCHAR, recorded_at TIMESTAMP, customers BIGINT,
  classified BIGINT, compared BIGINT, moved BIGINT, rows_opened BIGINT, rows_ended BIGINT, first_row BIGINT,
  rows_hash VARCHAR, ends_hash VARCHAR, prior_hash VARCHAR, hash VARCHAR);
CREATE TABLE publication_name (sequence BIGINT, position INTEGER, kind VARCHAR, code VARCHAR, run_code VARCHAR,
  title_zh VARCHAR, title_en VARCHAR, customers BIGINT);
CREATE TABLE publication_block (sequence BIGINT, block BIGINT, rows BIGINT, hashes VARCHAR);
CREATE TABLE membership (row_id BIGINT, scheme VARCHAR, customer_id VARCHAR, valid_from DATE, valid_to DATE,
  group_code VARCHAR, reason VARCHAR, said_by BIGINT, recorded_by BIGINT, seal BIGINT, superseded_by BIGINT);
CREATE TABLE membership_end (sequence BIGINT, row_id BIGINT);
)",
    // What a run by score came to for each customer: points of each part in the order of the scheme, NULL: not known.
    R"(
CREATE TABLE score (run_id VARCHAR, customer_id VARCHAR, score DECIMAL(5,2), known_weight DOUBLE,
  contributions DECIMAL(5,2)[]);
)",
    // The whole text of every scheme that a run used.
    R"(
CREATE TABLE scheme_version (scheme VARCHAR, version INTEGER, definition VARCHAR, text VARCHAR, source VARCHAR,
  first_used TIMESTAMP);
)",
    // What hourly readings say of each customer in a run by load shape; dominant_shape counts from 1.
    R"(
CREATE TABLE load_shape (run_id VARCHAR, customer_id VARCHAR, days BIGINT, distinct_shapes BIGINT,
  dominant_shape BIGINT, dominant_share DOUBLE, entropy_bits DOUBLE, entropy_share DOUBLE);
)",
    // Who may use the server, what they did, what left it, and the work it was given. Moments are seconds since 1970.
    R"(
CREATE TABLE access_user (user_name VARCHAR, display_name VARCHAR, role VARCHAR, scope VARCHAR, password_hash VARCHAR,
  must_change_password BOOLEAN, disabled BOOLEAN, language VARCHAR, created_by VARCHAR, created_s BIGINT,
  last_login_s BIGINT);
CREATE TABLE access_session (token_hash VARCHAR, user_name VARCHAR, csrf VARCHAR, created_s BIGINT, address VARCHAR);
CREATE TABLE access_key (key_id VARCHAR, key_name VARCHAR, secret_hash VARCHAR, role VARCHAR, scope VARCHAR,
  created_by VARCHAR, created_s BIGINT, expires_s BIGINT, revoked_s BIGINT);
CREATE TABLE audit (sequence BIGINT, at_s BIGINT, user_name VARCHAR, role VARCHAR, action VARCHAR, subject VARCHAR,
  detail VARCHAR, outcome VARCHAR, address VARCHAR, trace_id VARCHAR, prior_hash VARCHAR, hash VARCHAR);
CREATE TABLE export_log (sequence BIGINT, at_s BIGINT, user_name VARCHAR, role VARCHAR, subject VARCHAR,
  purpose VARCHAR, format VARCHAR, rows BIGINT, hash VARCHAR, masked BOOLEAN, outcome VARCHAR);
CREATE TABLE job (job_id BIGINT, kind VARCHAR, parameters VARCHAR, user_name VARCHAR, language VARCHAR, state VARCHAR,
  created_s BIGINT, started_s BIGINT, ended_s BIGINT, problem VARCHAR, result VARCHAR);
)",
    // Who sees all customers is told so; until here those without a unit did. Failures to log in, by hash of who
    // failed.
    R"(
ALTER TABLE access_user ADD COLUMN sees_all BOOLEAN;
UPDATE access_user SET sees_all = coalesce(scope, '') = '';
ALTER TABLE access_key ADD COLUMN sees_all BOOLEAN;
UPDATE access_key SET sees_all = coalesce(scope, '') = '';
CREATE TABLE access_failure (who VARCHAR, failures BIGINT, last_s BIGINT, open_s BIGINT);
)",
    // What groups are served with: plans of months, the orders they made, what was done on these, what was held back.
    R"(
CREATE TABLE service_plan (plan_id BIGINT, month DATE, features_of DATE, library VARCHAR, planned_by VARCHAR,
  planned_at TIMESTAMP, customers BIGINT, wanted BIGINT, suppressed BIGINT, joined BIGINT, orders BIGINT,
  created BIGINT);
CREATE TABLE strategy_version (library VARCHAR, text VARCHAR, first_used TIMESTAMP);
CREATE TABLE work_order (order_id VARCHAR, number BIGINT, order_key VARCHAR, order_type VARCHAR, customer_id VARCHAR,
  area_id VARCHAR, month DATE, plan_id BIGINT, state VARCHAR, owner_id VARCHAR, second_owner_id VARCHAR,
  owner_role VARCHAR, channel VARCHAR, is_urgent BOOLEAN, is_marketing BOOLEAN, begins_on DATE, due_on DATE,
  effort_minutes INTEGER, reasons VARCHAR, service VARCHAR, created_at TIMESTAMP, changed_at TIMESTAMP,
  reopened INTEGER, outcome VARCHAR, verifies VARCHAR);
CREATE TABLE work_order_event (order_id VARCHAR, sequence INTEGER, done_at TIMESTAMP, done_by VARCHAR, move VARCHAR,
  from_state VARCHAR, to_state VARCHAR, outcome VARCHAR, note VARCHAR, form VARCHAR);
CREATE TABLE suppressed_action (plan_id BIGINT, month DATE, customer_id VARCHAR, cell VARCHAR, action VARCHAR,
  order_type VARCHAR, reason VARCHAR, detail VARCHAR);
CREATE TABLE disconnection_step (customer_id VARCHAR, oldest_due_on DATE, step VARCHAR, done_at TIMESTAMP,
  done_by VARCHAR, channel VARCHAR, note VARCHAR, recorded_at TIMESTAMP);
)",
    R"(
ALTER TABLE access_user ADD COLUMN staff_id VARCHAR;
CREATE TABLE points_entry (entry_key VARCHAR, staff_id VARCHAR, month DATE, order_id VARCHAR, rule VARCHAR,
  points INTEGER, booked_at TIMESTAMP);
CREATE TABLE points_settlement (month DATE, settled_by VARCHAR, settled_at TIMESTAMP);
CREATE TABLE service_event (event_id VARCHAR, occasion VARCHAR, customer_id VARCHAR, said VARCHAR, answer VARCHAR,
  received_by VARCHAR, received_at TIMESTAMP);
CREATE TABLE opt_out (customer_id VARCHAR, channel VARCHAR, recorded_by VARCHAR, recorded_at TIMESTAMP, note VARCHAR,
  ended_at TIMESTAMP);
CREATE TABLE notice (notice_id VARCHAR, order_id VARCHAR, customer_id VARCHAR, channel VARCHAR, recipient VARCHAR,
  text VARCHAR, state VARCHAR, attempts INTEGER, due_at TIMESTAMP, last_error VARCHAR, created_at TIMESTAMP,
  changed_at TIMESTAMP);
CREATE TABLE notice_attempt (notice_id VARCHAR, attempt INTEGER, tried_at TIMESTAMP, adapter VARCHAR, result VARCHAR,
  detail VARCHAR);
)",
    // Promotions of a group, once, with the customers that were held out; orders that took too long; what belongs to
    // one.
    R"(
CREATE TABLE campaign_launch (campaign VARCHAR, version INTEGER, begins_on DATE, ends_on DATE, features_of DATE,
  library VARCHAR, goal VARCHAR, goal_codes VARCHAR[], goal_condition VARCHAR, launched_by VARCHAR,
  launched_at TIMESTAMP, in_target BIGINT, able BIGINT, treated BIGINT, held_out BIGINT, baseline DOUBLE,
  stopped_by VARCHAR, stopped_at TIMESTAMP, stopped_because VARCHAR);
CREATE TABLE campaign_member (campaign VARCHAR, version INTEGER, customer_id VARCHAR, is_treated BOOLEAN);
ALTER TABLE work_order ADD COLUMN escalation INTEGER;
ALTER TABLE work_order ADD COLUMN escalated_to VARCHAR;
CREATE TABLE access_calendar (user_name VARCHAR, token_hash VARCHAR, created_s BIGINT);
CREATE TABLE order_file (file_id VARCHAR, order_id VARCHAR, file_name VARCHAR, media_type VARCHAR, bytes BIGINT,
  content_hash VARCHAR, added_by VARCHAR, added_at TIMESTAMP);
)"};

Result<void> run_step(Connection& connection, std::size_t step) {
  const std::string version = std::to_string(step + 1);
  FENQUN_CHECK(connection.execute("BEGIN"));
  auto done = connection.execute(std::string(kSteps[step]) + "INSERT OR REPLACE INTO meta VALUES ('schema_version', '" +
                                 version + "');");
  if (!done) {
    static_cast<void>(connection.execute("ROLLBACK"));
    return done;
  }
  return connection.execute("COMMIT");
}

Result<std::set<std::string>> columns_of(Connection& connection, const std::string& table) {
  FENQUN_TRY(const auto found, connection.query("SELECT column_name FROM duckdb_columns() WHERE database_name = "
                                                "current_database() AND table_name = " +
                                                sql_text(table)));
  std::set<std::string> present;
  for (std::size_t r = 0; r < found.rows.size(); ++r) present.insert(found.text(r, 0));
  return present;
}

Result<void> make_master(Connection& connection, const Contract& contract) {
  const std::string table = "m_" + contract.entity;
  FENQUN_TRY(const auto present, columns_of(connection, table));
  if (present.empty()) {
    std::string sql = "CREATE TABLE " + sql_name(table) + " (";
    for (const auto& field : contract.fields) sql += sql_name(field.name) + " " + sql_type(field) + ", ";
    return connection.execute(sql + "batch_id VARCHAR)");
  }
  for (const auto& field : contract.fields) {
    if (present.contains(field.name)) continue;
    FENQUN_CHECK(connection.execute("ALTER TABLE " + sql_name(table) + " ADD COLUMN " + sql_name(field.name) + " " +
                                    sql_type(field)));
  }
  return {};
}

// 0: there is no table yet.
Result<std::int64_t> version_of(Connection& connection) {
  FENQUN_TRY(const auto known, connection.query_integer("SELECT count(*) FROM duckdb_tables() WHERE database_name = "
                                                        "current_database() AND table_name = 'meta'"));
  if (known == 0) return 0;
  return connection.query_integer("SELECT coalesce(max(value::BIGINT), 0) FROM meta WHERE key = 'schema_version'");
}

}  // namespace

Result<bool> is_migrated(Connection& connection, const ContractSet& contracts) {
  FENQUN_TRY(const auto version, version_of(connection));
  if (version != static_cast<std::int64_t>(kSteps.size())) return false;
  for (const auto& contract : contracts.all()) {
    if (contract.kind != EntityKind::Master) continue;
    FENQUN_TRY(const auto present, columns_of(connection, "m_" + contract.entity));
    for (const auto& field : contract.fields) {
      if (!present.contains(field.name)) return false;
    }
  }
  return true;
}

Result<void> migrate(Connection& connection, const ContractSet& contracts) {
  FENQUN_TRY(const auto version, version_of(connection));
  if (version > static_cast<std::int64_t>(kSteps.size())) {
    return fail(ErrorCode::Conflict, "warehouse.newer",
                {{"version", std::to_string(version)}, {"known", std::to_string(kSteps.size())}});
  }
  for (auto step = static_cast<std::size_t>(version); step < kSteps.size(); ++step) {
    FENQUN_CHECK(run_step(connection, step));
  }
  for (const auto& contract : contracts.all()) {
    if (contract.kind == EntityKind::Master) FENQUN_CHECK(make_master(connection, contract));
  }
  return {};
}

}  // namespace fenqun::warehouse
