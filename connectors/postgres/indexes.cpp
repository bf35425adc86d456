#include "connectors/postgres/indexes.h"

#include <algorithm>
#include <array>

#include "connectors/postgres/rows.h"
#include "connectors/postgres/server_error.h"

namespace planwise::pg {
namespace {

constexpr Version kV15{15, 0, 0};  // NULLS NOT DISTINCT
constexpr Version kV16{16, 0, 0};  // time of the last scan

// pg_get_indexdef() and pg_get_expr() lock the table, pg_relation_size() the index: they would wait behind
// whoever holds or awaits ACCESS EXCLUSIVE, so what is locked so is left out. indoption: bit 1 descending,
// bit 2 nulls first. Key columns come first in indkey, INCLUDE columns after.
constexpr std::array kIndexColumns{
    CatalogColumn{"table_oid", "i.indrelid::bigint"},
    CatalogColumn{"oid", "i.indexrelid::bigint"},
    CatalogColumn{"schema", "n.nspname"},
    CatalogColumn{"name", "c.relname"},
    CatalogColumn{"method", "m.amname"},
    CatalogColumn{"is_unique", "i.indisunique"},
    CatalogColumn{"nulls_not_distinct", "i.indnullsnotdistinct", kV15, kStill},
    CatalogColumn{"valid", "i.indisvalid"},
    CatalogColumn{"ready", "i.indisready"},
    CatalogColumn{
        "being_built",
        "EXISTS (SELECT FROM pg_stat_progress_create_index AS p WHERE p.index_relid = i.indexrelid)"},
    CatalogColumn{"replica_identity", "i.indisreplident"},
    CatalogColumn{"constraint_type", "k.type"},
    CatalogColumn{
        "referenced",
        "EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype = 'f')"},
    CatalogColumn{"key_count", "i.indnkeyatts"},
    CatalogColumn{
        "names",
        "ARRAY(SELECT COALESCE(a.attname::text, pg_get_indexdef(i.indexrelid, k.place::int, true)) FROM "
        "unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place) LEFT JOIN pg_attribute AS a ON "
        "a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0 ORDER BY k.place)"},
    CatalogColumn{"numbers", "ARRAY(SELECT k FROM unnest(i.indkey::int2[]) AS k)"},
    CatalogColumn{"key_options", "ARRAY(SELECT k FROM unnest(i.indoption::int2[]) AS k)"},
    CatalogColumn{
        "opclasses",
        "ARRAY(SELECT CASE WHEN o.opcdefault THEN '' ELSE o.opcname::text END FROM unnest(i.indclass::oid[]) "
        "WITH ORDINALITY AS k (class, place) JOIN pg_opclass AS o ON o.oid = k.class ORDER BY k.place)"},
    CatalogColumn{
        "collations",
        "ARRAY(SELECT CASE WHEN k.oid = 0 OR k.oid = a.attcollation OR l.collname = 'default' THEN '' ELSE "
        "COALESCE(l.collname::text, '') END FROM unnest(i.indcollation::oid[]) WITH ORDINALITY AS k (oid, "
        "place) LEFT "
        "JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = (i.indkey::int2[])[k.place - 1] "
        "AND a.attnum "
        "<> 0 LEFT JOIN pg_collation AS l ON l.oid = k.oid ORDER BY k.place)"},
    CatalogColumn{"predicate", "pg_get_expr(i.indpred, i.indrelid, true)"},
    CatalogColumn{"definition", "pg_get_indexdef(i.indexrelid)"},
    CatalogColumn{"options", "c.reloptions"},
    CatalogColumn{"pages", "c.relpages::bigint"},
    CatalogColumn{"block_size", "current_setting('block_size')"},
    CatalogColumn{
        "size", "CASE WHEN c.relkind = 'i' AND li.relation IS NULL THEN pg_relation_size(i.indexrelid) END"},
    CatalogColumn{
        "parent",
        "CASE WHEN c.relispartition THEN (SELECT p.relname FROM pg_inherits AS h JOIN pg_class AS p "
        "ON p.oid = h.inhparent WHERE h.inhrelid = i.indexrelid LIMIT 1) END"},
    CatalogColumn{"idx_scan", "s.idx_scan"},
    CatalogColumn{"idx_tup_read", "s.idx_tup_read"},
    CatalogColumn{"idx_tup_fetch", "s.idx_tup_fetch"},
    CatalogColumn{"last_scan", "(extract(epoch FROM s.last_idx_scan) * 1000000)::bigint", kV16, kStill},
};

constexpr CatalogQuery kIndexes{
    "indexes",
    "https://www.postgresql.org/docs/current/catalog-pg-index.html",
    kIndexColumns,
    R"(pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_class AS t ON t.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_stat_user_indexes AS s ON s.indexrelid = i.indexrelid
LEFT JOIN (SELECT conindid, min(contype::text) FILTER (WHERE contype IN ('p', 'u', 'x')) AS type,
                  bool_or(contype = 'f') AS referenced
           FROM pg_constraint WHERE conindid <> 0 GROUP BY conindid) AS k ON k.conindid = i.indexrelid
LEFT JOIN (SELECT DISTINCT index_relid FROM pg_stat_progress_create_index) AS b ON b.index_relid = i.indexrelid
LEFT JOIN (SELECT DISTINCT relation FROM pg_locks
           WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS lt
  ON lt.relation = i.indrelid
LEFT JOIN (SELECT DISTINCT relation FROM pg_locks
           WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS li
  ON li.relation = i.indexrelid
WHERE lt.relation IS NULL
  AND t.relkind IN ('r', 'p', 'm')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
ORDER BY n.nspname, c.relname)",
};

constexpr std::array kExpressionStatsColumns{
    CatalogColumn{"schema", "s.schemaname"},
    CatalogColumn{"name", "s.tablename"},
};

constexpr CatalogQuery kExpressionStats{
    "expression_stats",
    "https://www.postgresql.org/docs/current/view-pg-stats.html",
    kExpressionStatsColumns,
    R"(pg_stats AS s
WHERE (s.schemaname, s.tablename) IN (SELECT w.schema, w.name FROM unnest($1::name[], $2::name[]) AS w (schema, name))
GROUP BY s.schemaname, s.tablename)",
};

IndexMethod method_of(std::string_view name) {
  static constexpr std::array kKnown{IndexMethod::kBtree, IndexMethod::kHash,   IndexMethod::kGin,
                                     IndexMethod::kGist,  IndexMethod::kSpGist, IndexMethod::kBrin};
  const auto* const found = std::ranges::find(kKnown, name, [](IndexMethod one) { return to_string(one); });
  return found == kKnown.end() ? IndexMethod::kOther : *found;
}

ConstraintKind constraint_of(std::string_view contype) {
  return contype == "p"   ? ConstraintKind::kPrimaryKey
         : contype == "u" ? ConstraintKind::kUnique
         : contype == "x" ? ConstraintKind::kExclusion
                          : ConstraintKind::kNone;
}

// At a position of an array; empty beyond its end (INCLUDE columns have no class, collation or option).
std::string at_or_empty(const std::vector<std::string>& texts, std::size_t position) {
  return position < texts.size() ? texts[position] : std::string();
}

IndexDef definition_of(const Row& row, const TableName& table) {
  const auto texts = [&](std::string_view column) {
    return array_of(row, column).value_or(std::vector<std::string>{});
  };
  const auto names = texts("names");
  const auto numbers = texts("numbers");
  const auto options = texts("key_options");
  const auto opclasses = texts("opclasses");
  const auto collations = texts("collations");
  const auto keys = static_cast<std::size_t>(row.integer("key_count").value_or(0));
  IndexDef def;
  def.table = table;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i >= keys) {
      def.include.push_back(names[i]);
      continue;
    }
    IndexKey key;
    key.expression = names[i];
    key.is_expression = at_or_empty(numbers, i) == "0";
    key.opclass = at_or_empty(opclasses, i);
    key.collation = at_or_empty(collations, i);
    const std::string option = at_or_empty(options, i);
    key.descending = option == "1" || option == "3";
    key.nulls_first = option == "2" || option == "3";
    def.keys.push_back(std::move(key));
  }
  def.predicate = row.text_or_empty("predicate");
  def.method = method_of(row.text_or_empty("method"));
  def.unique = row.is_true("is_unique");
  def.nulls_not_distinct = row.is_true("nulls_not_distinct");
  def.options = options_map(texts("options"));
  return def;
}

Index index_of(const Row& row, const TableName& table) {
  Index index;
  index.name = row.text_or_empty("name");
  index.def = definition_of(row, table);
  index.definition = row.text_or_empty("definition");
  index.size = row.bytes("size").value_or(
      Bytes{row.integer("pages").value_or(0) * row.integer("block_size").value_or(8192)});
  index.scans = row.integer("idx_scan");
  index.rows_read = row.integer("idx_tup_read");
  index.rows_fetched = row.integer("idx_tup_fetch");
  index.last_scan = row.time("last_scan");
  index.valid = row.is_true("valid");
  index.ready = row.is_true("ready");
  index.being_built = row.is_true("being_built");
  index.replica_identity = row.is_true("replica_identity");
  index.referenced = row.is_true("referenced");
  index.constraint = constraint_of(row.text_or_empty("constraint_type"));
  index.parent_index = row.text_or_empty("parent");
  return index;
}

bool is_on_expression(const Index& index) {
  return std::ranges::any_of(index.def.keys, &IndexKey::is_expression);
}

Result<void> read_expression_stats(Session& session, TableList& list) {
  std::vector<std::string> schemas;
  std::vector<std::string> names;
  for (const Table& table : list.tables) {
    for (const Index& index : table.indexes) {
      if (is_on_expression(index)) {
        schemas.push_back(table.name.schema);
        names.push_back(index.name);
      }
    }
  }
  if (names.empty()) {
    return {};
  }
  const std::array<Parameter, 2> parameters{array_text(schemas), array_text(names)};
  PLANWISE_TRY(const pg::Rows rows,
               session.query(render(kExpressionStats, session.server().version), parameters));
  std::set<IndexName> known;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    known.insert({rows[i].text_or_empty("schema"), rows[i].text_or_empty("name")});
  }
  for (Table& table : list.tables) {
    for (Index& index : table.indexes) {
      index.expression_stats = is_on_expression(index) && known.contains({table.name.schema, index.name});
    }
  }
  return {};
}

}  // namespace

const CatalogQuery& indexes_query() noexcept {
  return kIndexes;
}

const CatalogQuery& expression_stats_query() noexcept {
  return kExpressionStats;
}

Result<void> read_indexes(Session& session, TableList& list) {
  const std::string sql = render(kIndexes, session.server().version);
  auto answer = session.query(sql);
  if (!answer && session.sqlstate() == kLockNotAvailable) {
    answer = session.query(sql);
  }
  PLANWISE_TRY(const pg::Rows rows, std::move(answer));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto table = list.by_oid.find(rows[i].integer("table_oid").value_or(0));
    if (table != list.by_oid.end()) {
      Table& owner = list.tables[table->second];
      owner.indexes.push_back(index_of(rows[i], owner.name));
    }
  }
  for (Table& table : list.tables) {
    std::ranges::sort(table.indexes, {}, &Index::name);  // by bytes, not by the server's collation
  }
  return read_expression_stats(session, list);
}

}  // namespace planwise::pg
