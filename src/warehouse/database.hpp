// warehouse/database.hpp - the embedded database: open, query, stream, append. Level 1.
// The only files that see the database's C API are those of this room.
#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fenqun::warehouse {

/// `'it''s'`: text as an SQL literal; and `"a ""b"""`: a name as an SQL identifier.
std::string sql_text(std::string_view text);
std::string sql_name(std::string_view name);

/// One value of a small result. Decimals and floats come as double, all integers as int64, dates, timestamps and
/// the rest as text in ISO form.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// A small result, held whole. Not for bulk: see Connection::stream.
struct RowSet {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;

  [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const;
  [[nodiscard]] std::int64_t integer(std::size_t row, std::size_t column) const;  // 0 for NULL
  [[nodiscard]] double number(std::size_t row, std::size_t column) const;         // integers too; 0 for NULL
  [[nodiscard]] std::string text(std::size_t row, std::size_t column) const;      // any kind; "" for NULL
  [[nodiscard]] bool boolean(std::size_t row, std::size_t column) const;
};

/// One piece (at most 2,048 rows) of a streamed result. Valid during the callback only.
class Chunk {
 public:
  explicit Chunk(void* handle);
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] bool is_null(std::size_t column, std::size_t row) const;
  // Each getter is for its own SQL type alone: cast in the query (::DOUBLE, ::BIGINT, ::VARCHAR, ::BOOLEAN).
  [[nodiscard]] double number(std::size_t column, std::size_t row) const;
  [[nodiscard]] std::int64_t integer(std::size_t column, std::size_t row) const;
  [[nodiscard]] bool boolean(std::size_t column, std::size_t row) const;
  [[nodiscard]] std::string_view text(std::size_t column, std::size_t row) const;
  /// A whole ::FLOAT column, rows() values; those of NULL are anything.
  [[nodiscard]] const float* floats(std::size_t column) const;
  /// The first row without a value in a column of any type.
  [[nodiscard]] std::optional<std::size_t> first_null(std::size_t column) const;

 private:
  struct Column {
    void* data;
    std::uint64_t* validity;
  };
  std::size_t rows_;
  std::vector<Column> columns_;
};

/// Column types that an Appender takes.
enum class ColumnType : std::uint8_t { Text, Integer, Number, Boolean, Date, Timestamp, Decimal };

struct ColumnSpec {
  std::string name;
  ColumnType type = ColumnType::Text;
  std::uint8_t scale = 0;  // Decimal(18, scale)
};

/// Appends rows in bulk to one table through 2,048-row pieces. Call the setters for every column of a row (or
/// set_null), then end_row. close() makes the rest visible; without it the tail is lost (errors come from close).
class Appender {
 public:
  Appender(Appender&&) noexcept;
  Appender& operator=(Appender&&) noexcept;
  ~Appender();

  void set_text(std::size_t column, std::string_view value);
  void set_integer(std::size_t column, std::int64_t value);
  void set_number(std::size_t column, double value);
  void set_boolean(std::size_t column, bool value);
  void set_date(std::size_t column, std::int32_t days_since_1970);
  void set_timestamp(std::size_t column, std::int64_t microseconds_since_1970);
  void set_decimal(std::size_t column, std::int64_t scaled);  // 12.34 at scale 2 is 1234
  void set_null(std::size_t column);
  /// Errors: Database, Io (disk full).
  Result<void> end_row();
  Result<void> close();

 private:
  friend class Connection;
  struct State;
  explicit Appender(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// One session. Not for several threads at once; the Database gives any number of them.
class Connection {
 public:
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Runs one or several statements. Errors: Database, Io (no space), Cancelled (stop seen while running; the
  /// statement is interrupted within a tenth of a second), Unavailable (Database::lost).
  Result<void> execute(const std::string& sql);
  Result<RowSet> query(const std::string& sql);
  /// Exactly one value. Errors: Database.
  Result<std::int64_t> query_integer(const std::string& sql);
  Result<std::string> query_text(const std::string& sql);
  /// Streams a result of any size without holding it. The callback's error ends the stream and is returned.
  Result<void> stream(const std::string& sql, const std::function<Result<void>(const Chunk&)>& on_chunk);

  /// An appender into `table` of `catalogue` (an attached database's bare name; empty: the main one), which is
  /// created with the columns given or exists with just these. Errors: Database.
  enum class Table : std::uint8_t { Create, Existing };
  Result<Appender> appender(const std::string& catalogue, const std::string& table,
                            const std::vector<ColumnSpec>& columns, Table table_state);

  /// While set, statements report their share done to `progress` and stop when `stop` asks. Both must outlive it.
  void watch(Progress* progress, std::stop_token stop);

  [[nodiscard]] void* handle() const noexcept;

 private:
  friend class Database;
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  [[nodiscard]] Error refused(const char* reason, std::string_view sql) const;
  std::unique_ptr<State> state_;
};

struct DatabaseOptions {
  std::size_t threads = 0;               // 0: number of processors
  std::uint64_t memory_limit_bytes = 0;  // 0: 60 % of the machine's memory
  std::filesystem::path temp_folder;     // where large sorts spill; empty: beside the database
  bool read_only = false;
};

/// One database file, or one in memory (path empty). Owned by one process at a time.
class Database {
 public:
  /// Errors: Conflict (another process holds the file), Io, Database (not a database, other version).
  static Result<Database> open(const std::filesystem::path& path, const DatabaseOptions& options);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();
  Result<Connection> connect();
  /// Where a statement of any session names a table that is not there, this is asked for the query that the name
  /// stands for. Once, before the first statement; it is called from any thread and kept until the database closes.
  void answer_names(std::function<std::optional<std::string>(std::string_view)> query_of);
  /// Asks to stop when a statement met a fault of the database's own: every later one of any session fails until it is
  /// closed and opened anew. What was committed is kept. Whoever listens is called on the thread of that statement.
  [[nodiscard]] std::stop_token lost() const noexcept;

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fenqun::warehouse
