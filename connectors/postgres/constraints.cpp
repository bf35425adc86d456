#include "connectors/postgres/constraints.h"

#include <array>

#include "analyzer/sql/quote.h"

namespace planwise::pg {
namespace {

constexpr std::array kForeignKeyColumns{
    CatalogColumn{"name", "k.conname"},
    CatalogColumn{"schema", "n.nspname"},
    CatalogColumn{"table", "c.relname"},
    CatalogColumn{
        "columns",
        "ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place) JOIN "
        "pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place)"},
    CatalogColumn{"parent_schema", "pn.nspname"},
    CatalogColumn{"parent_table", "p.relname"},
    CatalogColumn{
        "parent_columns",
        "ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place) JOIN "
        "pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place)"},
    CatalogColumn{"on_delete", "k.confdeltype"},
    CatalogColumn{"on_update", "k.confupdtype"},
    CatalogColumn{"validated", "k.convalidated"},
};

constexpr CatalogQuery kForeignKeys{
    "foreign_keys",
    "https://www.postgresql.org/docs/current/catalog-pg-constraint.html",
    kForeignKeyColumns,
    R"(pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_class AS p ON p.oid = k.confrelid
JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY n.nspname, c.relname, k.conname)",
};

// The view hides last_value where the role may not read it; see pg_sequences.
constexpr std::array kSequenceColumns{
    CatalogColumn{"schema", "q.schemaname"},
    CatalogColumn{"name", "q.sequencename"},
    CatalogColumn{"data_type", "q.data_type::text"},
    CatalogColumn{"last_value", "q.last_value"},
    CatalogColumn{"readable", "has_sequence_privilege(c.oid, 'SELECT, USAGE')"},
    CatalogColumn{"increment", "q.increment_by"},
    CatalogColumn{"max_value", "q.max_value"},
    CatalogColumn{"cycles", "q.cycle"},
    CatalogColumn{"owner_schema", "o.schema"},
    CatalogColumn{"owner_table", "o.name"},
    CatalogColumn{"owner_column", "o.column_name"},
    CatalogColumn{"owner_type", "o.type"},
};

constexpr CatalogQuery kSequences{
    "sequences",
    "https://www.postgresql.org/docs/current/view-pg-sequences.html",
    kSequenceColumns,
    R"(pg_sequences AS q
JOIN pg_namespace AS n ON n.nspname = q.schemaname
JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = q.sequencename
LEFT JOIN LATERAL (
  SELECT tn.nspname AS schema, t.relname AS name, a.attname AS column_name,
         COALESCE((SELECT b.typname FROM pg_type AS b WHERE y.typtype = 'd' AND b.oid = y.typbasetype), y.typname) AS type
  FROM (SELECT d.refobjid AS relation, d.refobjsubid AS number, 1 AS rank
        FROM pg_depend AS d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
          AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
        UNION ALL
        SELECT f.adrelid, f.adnum, 2
        FROM pg_depend AS d JOIN pg_attrdef AS f ON f.oid = d.objid
        WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid) AS u
  JOIN pg_class AS t ON t.oid = u.relation
  JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = u.relation AND a.attnum = u.number
  JOIN pg_type AS y ON y.oid = a.atttypid
  ORDER BY u.rank, t.relname LIMIT 1) AS o ON true
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY q.schemaname, q.sequencename)",
};

constexpr std::array kStatisticsColumns{
    CatalogColumn{"schema", "n.nspname"},
    CatalogColumn{"name", "e.stxname"},
    CatalogColumn{"table_schema", "tn.nspname"},
    CatalogColumn{"table", "t.relname"},
    CatalogColumn{"columns",
                  "ARRAY(SELECT a.attname::text FROM unnest(e.stxkeys::int2[]) WITH ORDINALITY AS u (number, "
                  "place) JOIN "
                  "pg_attribute AS a ON a.attrelid = e.stxrelid AND a.attnum = u.number ORDER BY u.place)"},
    CatalogColumn{"kinds", "array_to_string(e.stxkind, '')"},
};

constexpr CatalogQuery kStatistics{
    "statistics_objects",
    "https://www.postgresql.org/docs/current/catalog-pg-statistic-ext.html",
    kStatisticsColumns,
    R"(pg_statistic_ext AS e
JOIN pg_namespace AS n ON n.oid = e.stxnamespace
JOIN pg_class AS t ON t.oid = e.stxrelid
JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
ORDER BY n.nspname, e.stxname)",
};

char letter_of(const Row& row, std::string_view column) {
  const std::string text = row.text_or_empty(column);
  return text.empty() ? 'a' : text.front();
}

std::vector<std::string> texts_of(const Row& row, std::string_view column) {
  return array_of(row, column).value_or(std::vector<std::string>{});
}

}  // namespace

const CatalogQuery& foreign_keys_query() noexcept {
  return kForeignKeys;
}

const CatalogQuery& sequences_query() noexcept {
  return kSequences;
}

const CatalogQuery& statistics_objects_query() noexcept {
  return kStatistics;
}

Result<std::vector<ForeignKey>> read_foreign_keys(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kForeignKeys, session.server().version)));
  std::vector<ForeignKey> keys;
  keys.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    ForeignKey key;
    key.name = row.text_or_empty("name");
    key.table = {row.text_or_empty("schema"), row.text_or_empty("table")};
    key.columns = texts_of(row, "columns");
    key.parent = {row.text_or_empty("parent_schema"), row.text_or_empty("parent_table")};
    key.parent_columns = texts_of(row, "parent_columns");
    key.on_delete = letter_of(row, "on_delete");
    key.on_update = letter_of(row, "on_update");
    key.validated = row.is_true("validated");
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<SequenceList> read_sequences(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kSequences, session.server().version)));
  SequenceList list;
  list.sequences.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    Sequence sequence;
    sequence.schema = row.text_or_empty("schema");
    sequence.name = row.text_or_empty("name");
    sequence.data_type = row.text_or_empty("data_type");
    sequence.last_value = row.integer("last_value");
    sequence.increment = row.integer("increment").value_or(1);
    sequence.max_value = row.integer("max_value").value_or(0);
    sequence.cycles = row.is_true("cycles");
    if (const auto table = row.text("owner_table")) {
      sequence.owner = TableName{row.text_or_empty("owner_schema"), *table};
      sequence.owner_column = row.text_or_empty("owner_column");
      sequence.owner_type = row.text_or_empty("owner_type");
    }
    if (!row.is_true("readable")) {
      list.unreadable.push_back(quoted(TableName{sequence.schema, sequence.name}, Engine::kPostgres));
    }
    list.sequences.push_back(std::move(sequence));
  }
  return list;
}

Result<std::vector<StatisticsObject>> read_statistics_objects(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kStatistics, session.server().version)));
  std::vector<StatisticsObject> objects;
  objects.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    objects.push_back({row.text_or_empty("schema"),
                       row.text_or_empty("name"),
                       {row.text_or_empty("table_schema"), row.text_or_empty("table")},
                       texts_of(row, "columns"),
                       row.text_or_empty("kinds")});
  }
  return objects;
}

}  // namespace planwise::pg
