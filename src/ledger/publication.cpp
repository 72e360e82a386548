// ledger/publication.cpp
#include "ledger/publication.hpp"

#include <array>

namespace fenqun::ledger {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"publish", "rollback", "retire"};

PublicationKind kind_of(const std::string& name) {
  if (name == kKinds[1]) return PublicationKind::Rollback;
  return name == kKinds[2] ? PublicationKind::Retire : PublicationKind::Publish;
}

std::optional<std::int64_t> integer_or_none(const warehouse::RowSet& rows, std::size_t row, std::size_t column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return rows.integer(row, column);
}

Result<Publication> read_one(const warehouse::RowSet& rows, std::size_t r) {
  Publication out;
  out.sequence = rows.integer(r, 0);
  out.scheme = rows.text(r, 1);
  out.kind = kind_of(rows.text(r, 2));
  out.run_id = rows.text(r, 3);
  FENQUN_TRY(out.valid_from, Month::parse(rows.text(r, 4)));
  if (!rows.is_null(r, 5)) {
    FENQUN_TRY(out.valid_to, Month::parse(rows.text(r, 5)));
  }
  out.by = rows.text(r, 6);
  out.reason = rows.text(r, 7);
  out.limit_override = rows.text(r, 8);
  out.restores = integer_or_none(rows, r, 9);
  out.decision_id = integer_or_none(rows, r, 10);
  out.scheme_version = static_cast<int>(rows.integer(r, 11));
  out.definition = rows.text(r, 12);
  out.assignment_hash = rows.text(r, 13);
  out.recorded_at = rows.text(r, 14);
  out.customers = rows.integer(r, 15);
  out.classified = rows.integer(r, 16);
  out.compared = rows.integer(r, 17);
  out.moved = rows.integer(r, 18);
  out.opened = rows.integer(r, 19);
  out.ended = rows.integer(r, 20);
  out.first_row = rows.integer(r, 21);
  out.rows_hash = rows.text(r, 22);
  out.ends_hash = rows.text(r, 23);
  out.prior_hash = rows.text(r, 24);
  out.hash = rows.text(r, 25);
  return out;
}

Result<void> read_names(warehouse::Connection& connection, std::vector<Publication>& publications) {
  FENQUN_TRY(const auto rows, connection.query("SELECT sequence, kind, code, run_code, title_zh, title_en, customers "
                                               "FROM publication_name ORDER BY sequence, position"));
  std::map<std::int64_t, Publication*> by_sequence;
  for (auto& publication : publications) by_sequence[publication.sequence] = &publication;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const auto at = by_sequence.find(rows.integer(r, 0));
    if (at == by_sequence.end()) continue;
    at->second->names.push_back({rows.text(r, 1) == "group",
                                 rows.text(r, 2),
                                 rows.text(r, 3),
                                 {rows.text(r, 4), rows.text(r, 5)},
                                 rows.integer(r, 6)});
  }
  return {};
}

// Those that no rollback took back.
std::vector<std::size_t> standing(std::span<const Publication> publications) {
  std::vector<std::size_t> out;
  for (std::size_t p = 0; p < publications.size(); ++p) {
    if (publications[p].kind != PublicationKind::Rollback)
      out.push_back(p);
    else if (!out.empty())
      out.pop_back();
  }
  return out;
}

}  // namespace

std::string_view name_of(PublicationKind kind) noexcept { return kKinds[static_cast<std::size_t>(kind)]; }

Result<std::vector<Publication>> read_publications(warehouse::Connection& connection, const std::string& scheme) {
  const std::string where = scheme.empty() ? "" : " WHERE scheme = " + warehouse::sql_text(scheme);
  FENQUN_TRY(
      const auto rows,
      connection.query(
          "SELECT sequence, scheme, kind, run_id, valid_from::VARCHAR, valid_to::VARCHAR, "
          "published_by, reason, limit_override, restores, decision_id, scheme_version, definition, "
          "assignment_hash, strftime(recorded_at, '%Y-%m-%d %H:%M:%S.%f'), customers, classified, compared, moved, "
          "rows_opened, rows_ended, first_row, rows_hash, ends_hash, prior_hash, hash "
          "FROM publication" +
          where + " ORDER BY sequence"));
  std::vector<Publication> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    FENQUN_TRY(auto publication, read_one(rows, r));
    out.push_back(std::move(publication));
  }
  FENQUN_CHECK(read_names(connection, out));
  return out;
}

Timeline timeline_of(std::span<const Publication> publications) {
  Timeline out;
  for (const auto p : standing(publications)) out[publications[p].valid_from] = p;
  return out;
}

std::optional<std::size_t> last_standing(std::span<const Publication> publications) {
  const auto left = standing(publications);
  if (left.empty()) return std::nullopt;
  return left.back();
}

std::optional<std::size_t> in_force(const Timeline& timeline, Month month) {
  const auto after = timeline.upper_bound(month);
  if (after == timeline.begin()) return std::nullopt;
  return std::prev(after)->second;
}

}  // namespace fenqun::ledger
