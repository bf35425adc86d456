#include "connectors/mysql/digests.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <limits>

#include "analyzer/base/text.h"
#include "analyzer/sql/fingerprint.h"

namespace planwise::mysql {
namespace {

constexpr std::size_t kTextLimit = 64 << 10;  // of a normalised text
constexpr double kPicosecondsPerMs = 1e9;

constexpr std::array kDigestColumns{
    CatalogColumn{"SCHEMA_NAME", "s.SCHEMA_NAME"},
    CatalogColumn{"DIGEST", "s.DIGEST"},
    CatalogColumn{"DIGEST_TEXT", "s.DIGEST_TEXT"},
    CatalogColumn{"QUERY_SAMPLE_TEXT", "s.QUERY_SAMPLE_TEXT"},  // MySQL 8.0
    CatalogColumn{"COUNT_STAR", "s.COUNT_STAR"},
    CatalogColumn{"SUM_TIMER_WAIT", "s.SUM_TIMER_WAIT"},
    CatalogColumn{"MIN_TIMER_WAIT", "s.MIN_TIMER_WAIT"},
    CatalogColumn{"MAX_TIMER_WAIT", "s.MAX_TIMER_WAIT"},
    CatalogColumn{"QUANTILE_95", "s.QUANTILE_95"},  // MySQL 8.0
    CatalogColumn{"QUANTILE_99", "s.QUANTILE_99"},
    CatalogColumn{"SUM_LOCK_TIME", "s.SUM_LOCK_TIME"},
    CatalogColumn{"SUM_ERRORS", "s.SUM_ERRORS"},
    CatalogColumn{"SUM_ROWS_AFFECTED", "s.SUM_ROWS_AFFECTED"},
    CatalogColumn{"SUM_ROWS_SENT", "s.SUM_ROWS_SENT"},
    CatalogColumn{"SUM_ROWS_EXAMINED", "s.SUM_ROWS_EXAMINED"},
    CatalogColumn{"SUM_CREATED_TMP_DISK_TABLES", "s.SUM_CREATED_TMP_DISK_TABLES"},
    CatalogColumn{"SUM_CREATED_TMP_TABLES", "s.SUM_CREATED_TMP_TABLES"},
    CatalogColumn{"SUM_SELECT_FULL_JOIN", "s.SUM_SELECT_FULL_JOIN"},
    CatalogColumn{"SUM_SELECT_SCAN", "s.SUM_SELECT_SCAN"},
    CatalogColumn{"SUM_SORT_MERGE_PASSES", "s.SUM_SORT_MERGE_PASSES"},
    CatalogColumn{"SUM_SORT_ROWS", "s.SUM_SORT_ROWS"},
    CatalogColumn{"SUM_NO_INDEX_USED", "s.SUM_NO_INDEX_USED"},
    CatalogColumn{"first_seen_us", "CAST(NULLIF(UNIX_TIMESTAMP(s.FIRST_SEEN), 0) * 1000000 AS SIGNED)"},
};

constexpr CatalogQuery kDigests{
    "digests",
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-summary-tables.html",
    "performance_schema",
    "events_statements_summary_by_digest",
    kDigestColumns,
    "performance_schema.events_statements_summary_by_digest AS s",
};

// Through the binary protocol a statement has no name; those of PREPARE in SQL are digests ("EXECUTE `x`").
constexpr std::array kPreparedColumns{
    CatalogColumn{"OWNER_THREAD_ID", "s.OWNER_THREAD_ID"},
    CatalogColumn{"STATEMENT_ID", "s.STATEMENT_ID"},
    CatalogColumn{"SQL_TEXT", "s.SQL_TEXT"},
    CatalogColumn{"PROCESSLIST_DB", "t.PROCESSLIST_DB"},
    CatalogColumn{"PROCESSLIST_USER", "t.PROCESSLIST_USER"},
    CatalogColumn{"COUNT_STAR", "s.COUNT_EXECUTE"},
    CatalogColumn{"SUM_TIMER_WAIT", "s.SUM_TIMER_EXECUTE"},
    CatalogColumn{"MIN_TIMER_WAIT", "s.MIN_TIMER_EXECUTE"},
    CatalogColumn{"MAX_TIMER_WAIT", "s.MAX_TIMER_EXECUTE"},
    CatalogColumn{"QUANTILE_95", "NULL"},
    CatalogColumn{"QUANTILE_99", "NULL"},
    CatalogColumn{"SUM_LOCK_TIME", "s.SUM_LOCK_TIME"},
    CatalogColumn{"SUM_ERRORS", "s.SUM_ERRORS"},
    CatalogColumn{"SUM_ROWS_AFFECTED", "s.SUM_ROWS_AFFECTED"},
    CatalogColumn{"SUM_ROWS_SENT", "s.SUM_ROWS_SENT"},
    CatalogColumn{"SUM_ROWS_EXAMINED", "s.SUM_ROWS_EXAMINED"},
    CatalogColumn{"SUM_CREATED_TMP_DISK_TABLES", "s.SUM_CREATED_TMP_DISK_TABLES"},
    CatalogColumn{"SUM_CREATED_TMP_TABLES", "s.SUM_CREATED_TMP_TABLES"},
    CatalogColumn{"SUM_SELECT_FULL_JOIN", "s.SUM_SELECT_FULL_JOIN"},
    CatalogColumn{"SUM_SELECT_SCAN", "s.SUM_SELECT_SCAN"},
    CatalogColumn{"SUM_SORT_MERGE_PASSES", "s.SUM_SORT_MERGE_PASSES"},
    CatalogColumn{"SUM_SORT_ROWS", "s.SUM_SORT_ROWS"},
    CatalogColumn{"SUM_NO_INDEX_USED", "s.SUM_NO_INDEX_USED"},
};

constexpr CatalogQuery kPrepared{
    "prepared_statements",
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-prepared-statements-instances-table.html",
    "performance_schema",
    "prepared_statements_instances",
    kPreparedColumns,
    "performance_schema.prepared_statements_instances AS s\n"
    "LEFT JOIN performance_schema.threads AS t ON t.THREAD_ID = s.OWNER_THREAD_ID\n"
    "WHERE s.STATEMENT_NAME IS NULL AND s.COUNT_EXECUTE > 0",
};

constexpr std::array kExecutionColumns{
    CatalogColumn{"as_text", "SUM(IF(s.EVENT_NAME LIKE 'statement/sql/%', s.COUNT_STAR, 0))"},
    CatalogColumn{"prepared", "SUM(IF(s.EVENT_NAME = 'statement/com/Execute', s.COUNT_STAR, 0))"},
};

constexpr CatalogQuery kExecutions{
    "executions",
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-summary-tables.html",
    "performance_schema",
    "events_statements_summary_global_by_event_name",
    kExecutionColumns,
    "performance_schema.events_statements_summary_global_by_event_name AS s",
};

// Of unsigned counters, which wrap around after 213 days of work at most: what is beyond the signed range is
// taken for the largest number, and the next reading for a new beginning.
std::optional<std::int64_t> count(const Row& row, std::string_view column) {
  if (const auto exact = row.integer(column)) {
    return exact;
  }
  return row.number(column) ? std::optional(std::numeric_limits<std::int64_t>::max()) : std::nullopt;
}

std::optional<Millis> time(const Row& row, std::string_view column) {
  const auto picoseconds = row.number(column);
  return picoseconds ? std::optional(Millis(*picoseconds / kPicosecondsPerMs)) : std::nullopt;
}

StatementStats stats_of(const Row& row) {
  StatementStats stats;
  stats.calls = count(row, "COUNT_STAR").value_or(0);
  stats.total_time = time(row, "SUM_TIMER_WAIT").value_or(Millis{0});
  stats.min_time = time(row, "MIN_TIMER_WAIT");
  stats.max_time = time(row, "MAX_TIMER_WAIT");
  stats.p95_time = time(row, "QUANTILE_95");
  stats.p99_time = time(row, "QUANTILE_99");
  stats.percentiles_measured = stats.p95_time.has_value();
  stats.rows = count(row, "SUM_ROWS_SENT").value_or(0) + count(row, "SUM_ROWS_AFFECTED").value_or(0);
  stats.rows_examined = count(row, "SUM_ROWS_EXAMINED");
  stats.full_scans = count(row, "SUM_SELECT_SCAN");
  stats.full_joins = count(row, "SUM_SELECT_FULL_JOIN");
  stats.no_index_used = count(row, "SUM_NO_INDEX_USED");
  stats.temp_tables = count(row, "SUM_CREATED_TMP_TABLES");
  stats.temp_disk_tables = count(row, "SUM_CREATED_TMP_DISK_TABLES");
  stats.sort_merge_passes = count(row, "SUM_SORT_MERGE_PASSES");
  stats.sorted_rows = count(row, "SUM_SORT_ROWS");
  stats.errors = count(row, "SUM_ERRORS");
  stats.lock_time = time(row, "SUM_LOCK_TIME");
  return stats;
}

bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '$';
}

// Whether the name stands in the text as a word of its own, in any case.
bool names_schema(std::string_view text, std::string_view schema) {
  const auto equal = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  auto from = text.begin();
  for (;;) {
    const auto found = std::search(from, text.end(), schema.begin(), schema.end(), equal);
    if (found == text.end()) {
      return false;
    }
    const auto after = found + static_cast<std::ptrdiff_t>(schema.size());
    if ((found == text.begin() || !is_word(found[-1])) && (after == text.end() || !is_word(*after))) {
      return true;
    }
    from = found + 1;
  }
}

bool is_watched(const std::optional<std::string>& schema, std::string_view text, std::string_view database) {
  if (schema && is_system_schema(*schema)) {
    return false;  // planwise's own are among these
  }
  return database.empty() || (schema ? *schema == database : names_schema(text, database));
}

class Collector {
 public:
  explicit Collector(const DigestScope& scope) : scope_(scope) {}

  void add_digests(const Rows& rows) {
    auto& since = out_.statements.reading.since;
    Executions executions;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row row = rows[i];
      const auto first_seen = row.time("first_seen_us");
      since = !since ? first_seen : first_seen ? std::min(since, first_seen) : since;
      executions.digested += count(row, "COUNT_STAR").value_or(0);
      add_digest(row, first_seen);
    }
    out_.executions = executions;
  }

  void add_prepared(const Rows& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row row = rows[i];
      out_.executions->open += count(row, "COUNT_STAR").value_or(0);
      const std::string text = row.text_or_empty("SQL_TEXT");
      if (is_watched(row.text("PROCESSLIST_DB"), text, scope_.database)) {
        const std::string key = fmt::format("prepared/{}/{}", row.text_or_empty("OWNER_THREAD_ID"),
                                            row.text_or_empty("STATEMENT_ID"));
        add(key, row, text, text, {}, row.text_or_empty("PROCESSLIST_DB"));
        out_.statements.texts[key].user = row.text_or_empty("PROCESSLIST_USER");
      }
    }
  }

  DigestReading take() { return std::move(out_); }

 private:
  void add_digest(const Row& row, std::optional<TimePoint> first_seen) {
    const auto digest = row.text("DIGEST");
    if (!digest) {  // the catch-all of a full table
      const StatementStats stats = stats_of(row);
      out_.overflowed += stats.calls;
      out_.statements.reading.entries[StatementReading::kHidden] = {{}, first_seen, stats, 1};
      return;
    }
    const auto schema = row.text("SCHEMA_NAME");
    const std::string text = row.text_or_empty("DIGEST_TEXT");
    if (!is_watched(schema, text, scope_.database)) {
      return;
    }
    out_.cut_texts += is_cut(text, scope_.longest_digest) ? 1 : 0;
    const std::string sample = row.text_or_empty("QUERY_SAMPLE_TEXT");
    const std::string key = schema.value_or("") + "/" + *digest;
    // The digest's text names the statement, because every server and every reading has it; a sample shows it
    // better, since digests print names that equal keywords in another way.
    add(key, row, text, sample.empty() || sample.ends_with("...") ? text : sample, first_seen,
        schema.value_or(""));
    out_.statements.texts[key].engine_id = *digest;
  }

  void add(const std::string& key, const Row& row, std::string_view identity, std::string_view shown,
           std::optional<TimePoint> since, std::string schema) {
    const Normalised named = normalise(identity, scope_.engine);
    const std::string text = identity == shown ? named.text : normalise(shown, scope_.engine).text;
    out_.statements.reading.entries[key] = {named.id, since, stats_of(row), 1};
    out_.statements.texts[key] = {.query = shortened(text, kTextLimit), .schema = std::move(schema)};
  }

  DigestReading out_;
  const DigestScope& scope_;
};

}  // namespace

const CatalogQuery& digests_query() noexcept {
  return kDigests;
}
const CatalogQuery& prepared_query() noexcept {
  return kPrepared;
}
const CatalogQuery& executions_query() noexcept {
  return kExecutions;
}

std::int64_t Executions::unseen() const {
  const bool has_digests = digested - as_text > prepared / 2;
  return has_digests ? 0 : std::max<std::int64_t>(0, prepared - open);
}

Executions difference(const Executions& before, const Executions& after) {
  if (after.as_text < before.as_text || after.prepared < before.prepared ||
      after.digested < before.digested) {
    return after;
  }
  // Statements closed in between took their counts with them.
  return {after.as_text - before.as_text, after.prepared - before.prepared, after.digested - before.digested,
          std::max<std::int64_t>(0, after.open - before.open)};
}

// A digest holds two bytes a token, and of an identifier its length and its letters too.
// Source: MySQL source, sql/sql_digest.cc, store_token() and store_token_identifier().
bool is_cut(std::string_view digest_text, std::size_t longest_digest) {
  static constexpr std::size_t kNextToken = 16;  // the room that the one left out may have wanted
  if (digest_text.ends_with("...")) {
    return true;
  }
  std::size_t taken = 0;
  while (!digest_text.empty()) {
    const bool is_identifier = digest_text.front() == '`';
    const std::size_t closing = is_identifier ? digest_text.find("` ", 1) : std::string_view::npos;
    const std::size_t end = closing != std::string_view::npos ? closing + 1 : digest_text.find(' ');
    const std::size_t length = std::min(end, digest_text.size());
    taken += is_identifier ? length + 2 : length > 0 ? 2 : 0;  // the quotes stand for the length
    digest_text.remove_prefix(std::min(length + 1, digest_text.size()));
  }
  return longest_digest > 0 && taken + kNextToken > longest_digest;
}

DigestReading digests_of(const Rows& digests, const Rows& prepared, const DigestScope& scope) {
  Collector collector(scope);
  collector.add_digests(digests);
  collector.add_prepared(prepared);
  return collector.take();
}

Result<DigestReading> read_digests(Session& session, const ViewColumns& views) {
  PLANWISE_TRY(const Rows digests, run(session, views, kDigests));
  auto prepared = run(session, views, kPrepared);
  const auto bytes = [&](const char* name) {
    return std::strtoull(session.variable(name).c_str(), nullptr, 10);
  };
  const DigestScope scope{
      session.login().database, session.server().engine,
      std::min(bytes("max_digest_length"), bytes("performance_schema_max_digest_length"))};
  DigestReading reading = digests_of(digests, prepared ? *prepared : Rows{}, scope);
  if (!prepared) {
    reading.no_prepared = prepared.error();
  }
  PLANWISE_TRY(const Rows current,
               session.query("SELECT ENABLED AS enabled FROM performance_schema.setup_consumers "
                             "WHERE NAME = 'events_statements_current'"));
  reading.counts_open = !current.empty() && current[0].is_true("enabled");
  const auto executions = run(session, views, kExecutions);
  if (executions && !executions->empty()) {
    reading.executions->as_text = (*executions)[0].integer("as_text").value_or(0);
    reading.executions->prepared = (*executions)[0].integer("prepared").value_or(0);
  } else {
    reading.executions.reset();
  }
  PLANWISE_TRY(const Rows now,
               session.query("SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED) AS now"));
  reading.statements.reading.taken_at = now.empty() ? TimePoint{} : now[0].time("now").value_or(TimePoint{});
  reading.statements.reading.evicted = reading.overflowed;
  return reading;
}

}  // namespace planwise::mysql
