#include "connectors/postgres/tables.h"

#include <algorithm>
#include <array>

#include "analyzer/base/text.h"
#include "connectors/postgres/server_error.h"

namespace planwise::pg {
namespace {

constexpr std::size_t kViewTextLimit = 64 << 10;

// pg_table_size(), pg_get_partkeydef() and pg_get_indexdef() take a lock, for which they would wait behind
// whoever holds or awaits ACCESS EXCLUSIVE.
constexpr std::array kTableColumns{
    CatalogColumn{"oid", "c.oid::bigint"},
    CatalogColumn{"schema", "n.nspname"},
    CatalogColumn{"name", "c.relname"},
    CatalogColumn{"kind", "c.relkind"},
    CatalogColumn{"rows", "c.reltuples::float8"},
    CatalogColumn{"pages", "c.relpages::bigint"},
    CatalogColumn{"all_visible_pages", "c.relallvisible::bigint"},
    CatalogColumn{"persistence", "c.relpersistence"},
    CatalogColumn{"replica_identity", "c.relreplident"},
    CatalogColumn{"options", "c.reloptions"},
    CatalogColumn{"locked", "l.relation IS NOT NULL"},
    CatalogColumn{"size",
                  "CASE WHEN c.relkind IN ('r', 'm') AND l.relation IS NULL THEN pg_table_size(c.oid) END"},
    CatalogColumn{"readable", "has_any_column_privilege(c.oid, 'SELECT')"},
    CatalogColumn{"row_security", "c.relrowsecurity AND row_security_active(c.oid)"},
    CatalogColumn{"parent",
                  "CASE WHEN c.relispartition THEN (SELECT i.inhparent::bigint FROM pg_inherits AS i WHERE "
                  "i.inhrelid = "
                  "c.oid LIMIT 1) END"},
    CatalogColumn{"partition_key",
                  "CASE WHEN c.relkind = 'p' AND l.relation IS NULL THEN pg_get_partkeydef(c.oid) END"},
    CatalogColumn{
        "partition_columns",
        "CASE WHEN c.relkind = 'p' THEN ARRAY(SELECT a.attname::text FROM pg_partitioned_table AS p, "
        "unnest(p.partattrs::int2[]) WITH ORDINALITY AS k (number, place) JOIN pg_attribute AS a ON "
        "a.attnum = k.number WHERE p.partrelid = c.oid AND a.attrelid = c.oid ORDER BY k.place) END"},
    CatalogColumn{"counted", "s.relid IS NOT NULL"},
    CatalogColumn{"seq_scan", "s.seq_scan"},
    CatalogColumn{"seq_tup_read", "s.seq_tup_read"},
    CatalogColumn{"idx_scan", "s.idx_scan"},
    CatalogColumn{"n_tup_ins", "s.n_tup_ins"},
    CatalogColumn{"n_tup_upd", "s.n_tup_upd"},
    CatalogColumn{"n_tup_hot_upd", "s.n_tup_hot_upd"},
    CatalogColumn{"n_tup_del", "s.n_tup_del"},
    CatalogColumn{"n_live_tup", "s.n_live_tup"},
    CatalogColumn{"n_dead_tup", "s.n_dead_tup"},
    CatalogColumn{"n_mod_since_analyze", "s.n_mod_since_analyze"},
    CatalogColumn{"last_analyze",
                  "(extract(epoch FROM GREATEST(s.last_analyze, s.last_autoanalyze)) * 1000000)::bigint"},
    CatalogColumn{"last_vacuum",
                  "(extract(epoch FROM GREATEST(s.last_vacuum, s.last_autovacuum)) * 1000000)::bigint"},
};

constexpr CatalogQuery kTables{
    "tables",
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW",
    kTableColumns,
    R"(pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_user_tables AS s ON s.relid = c.oid
LEFT JOIN (SELECT DISTINCT relation FROM pg_locks
           WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS l
  ON l.relation = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
ORDER BY c.oid)",
};

constexpr std::array kViewColumns{
    CatalogColumn{"schema", "n.nspname"},
    CatalogColumn{"name", "c.relname"},
    CatalogColumn{"definition", "pg_get_viewdef(c.oid)"},
};

constexpr CatalogQuery kViews{
    "views",
    "https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG",
    kViewColumns,
    R"(pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'v'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
ORDER BY n.nspname, c.relname)",
};

TableKind kind_of(std::string_view relkind) {
  return relkind == "p"   ? TableKind::kPartitioned
         : relkind == "m" ? TableKind::kMaterializedView
         : relkind == "f" ? TableKind::kForeign
                          : TableKind::kTable;
}

TableCounters counters_of(const Row& row) {
  const auto count = [&](std::string_view column) { return row.integer(column).value_or(0); };
  TableCounters counters;
  counters.sequential_scans = count("seq_scan");
  counters.sequential_rows_read = count("seq_tup_read");
  counters.index_scans = count("idx_scan");  // NULL for a table without indexes
  counters.inserts = count("n_tup_ins");
  counters.updates = count("n_tup_upd");
  counters.hot_updates = count("n_tup_hot_upd");
  counters.deletes = count("n_tup_del");
  counters.live_rows = count("n_live_tup");
  counters.dead_rows = count("n_dead_tup");
  counters.modified_since_analyze = count("n_mod_since_analyze");
  counters.last_analyze = row.time("last_analyze");
  counters.last_vacuum = row.time("last_vacuum");
  return counters;
}

// reltuples is -1 for "never vacuumed or analysed" from 14 on; before, such a table reads 0 rows in 0 pages.
std::optional<planwise::Rows> rows_of(const Row& row) {
  const double rows = row.number("rows").value_or(-1);
  const bool looks_untouched = rows == 0 && row.integer("pages").value_or(0) == 0 &&
                               !row.time("last_analyze") && !row.time("last_vacuum");
  return rows < 0 || looks_untouched ? std::nullopt : std::optional(planwise::Rows{rows});
}

Table table_of(const Row& row, std::int64_t block_size) {
  Table table;
  table.name = {row.text_or_empty("schema"), row.text_or_empty("name")};
  table.kind = kind_of(row.text_or_empty("kind"));
  table.rows = rows_of(row);
  table.pages = row.integer("pages").value_or(0);
  table.all_visible_pages = row.integer("all_visible_pages").value_or(0);
  table.size = row.bytes("size").value_or(Bytes{table.pages * block_size});
  const std::string persistence = row.text_or_empty("persistence");
  table.temporary = persistence == "t";
  table.unlogged = persistence == "u";
  const std::string identity = row.text_or_empty("replica_identity");
  table.replica_identity = identity.empty() ? 'd' : identity.front();
  table.partition_key = row.text_or_empty("partition_key");
  table.partition_columns = array_of(row, "partition_columns").value_or(std::vector<std::string>{});
  table.options = options_map(array_of(row, "options").value_or(std::vector<std::string>{}));
  if (row.is_true("counted")) {
    table.counters = counters_of(row);
  }
  return table;
}

void add(TableCounters& sum, const TableCounters& one) {
  sum.sequential_scans = sum.sequential_scans.value_or(0) + one.sequential_scans.value_or(0);
  sum.sequential_rows_read += one.sequential_rows_read;
  sum.index_scans = sum.index_scans.value_or(0) + one.index_scans.value_or(0);
  sum.inserts += one.inserts;
  sum.updates += one.updates;
  sum.hot_updates += one.hot_updates;
  sum.deletes += one.deletes;
  sum.live_rows += one.live_rows;
  sum.dead_rows += one.dead_rows;
  sum.modified_since_analyze = sum.modified_since_analyze.value_or(0) + one.modified_since_analyze.value_or(0);
  sum.last_analyze = std::max(sum.last_analyze, one.last_analyze);
  sum.last_vacuum = std::max(sum.last_vacuum, one.last_vacuum);
}

}  // namespace

const CatalogQuery& tables_query() noexcept {
  return kTables;
}

const CatalogQuery& views_query() noexcept {
  return kViews;
}

std::map<std::string, std::string> options_map(const std::vector<std::string>& options) {
  std::map<std::string, std::string> map;
  for (const std::string& option : options) {
    const std::size_t equals = option.find('=');
    map[option.substr(0, equals)] = equals == std::string::npos ? "" : option.substr(equals + 1);
  }
  return map;
}

Result<TableList> read_tables(Session& session) {
  const std::string sql = render(kTables, session.server().version);
  auto answer = session.query(sql);
  if (!answer && session.sqlstate() == kLockNotAvailable) {
    answer = session.query(sql);
  }
  PLANWISE_TRY(const pg::Rows rows, std::move(answer));
  PLANWISE_TRY(const pg::Rows block, session.query("SELECT current_setting('block_size') AS size"));
  const std::int64_t block_size = block.empty() ? 8192 : block[0].integer("size").value_or(8192);
  TableList list;
  list.tables.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    if (row.is_true("locked")) {
      list.locked.push_back({row.text_or_empty("schema"), row.text_or_empty("name")});
      continue;
    }
    const Oid oid = row.integer("oid").value_or(0);
    list.by_oid[oid] = list.tables.size();
    list.tables.push_back(table_of(row, block_size));
    if (!row.is_true("readable")) {
      list.unreadable.insert(oid);
    } else if (row.is_true("row_security")) {
      list.row_security.insert(oid);
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto child = list.by_oid.find(rows[i].integer("oid").value_or(0));
    const auto parent = list.by_oid.find(rows[i].integer("parent").value_or(0));
    if (child != list.by_oid.end() && parent != list.by_oid.end()) {
      list.tables[child->second].partition_of = list.tables[parent->second].name;
    }
  }
  return list;
}

Result<std::vector<View>> read_views(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kViews, session.server().version)));
  std::vector<View> views;
  views.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    views.push_back({{rows[i].text_or_empty("schema"), rows[i].text_or_empty("name")},
                     shortened(rows[i].text_or_empty("definition"), kViewTextLimit)});
  }
  return views;
}

void add_up_partitions(std::vector<Table>& tables) {
  std::map<TableName, std::size_t> by_name;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    by_name[tables[i].name] = i;
  }
  std::set<TableName> unknown;
  for (Table& table : tables) {
    if (table.kind == TableKind::kPartitioned) {
      table.rows.reset();
      table.size = {};
      table.pages = 0;
      table.all_visible_pages = 0;
      table.counters.reset();
    }
  }
  for (const Table& leaf : tables) {
    if (leaf.kind == TableKind::kPartitioned) {
      continue;
    }
    std::optional<TableName> above = leaf.partition_of;
    for (int depth = 0; above && depth < 32; ++depth) {
      const auto at = by_name.find(*above);
      if (at == by_name.end()) {
        break;
      }
      Table& parent = tables[at->second];
      ++parent.partitions;
      parent.size.count += leaf.size.count;
      parent.pages += leaf.pages;
      parent.all_visible_pages += leaf.all_visible_pages;
      if (leaf.rows) {
        parent.rows = planwise::Rows{parent.rows.value_or(planwise::Rows{}).count + leaf.rows->count};
      } else {
        unknown.insert(parent.name);
      }
      if (leaf.counters) {
        if (!parent.counters) {
          parent.counters.emplace();
        }
        add(*parent.counters, *leaf.counters);
      }
      above = parent.partition_of;
    }
  }
  for (Table& table : tables) {
    if (unknown.contains(table.name)) {
      table.rows.reset();
    }
  }
}

}  // namespace planwise::pg
