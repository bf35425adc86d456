#include "tests/support/described_schema.h"

#include <algorithm>
#include <map>

#include "analyzer/model/index_names.h"
#include "tests/support/ddl.h"
#include "tests/support/words.h"

namespace planwise::test {
namespace {

std::string base_type_of(const std::string& type) {
  static const std::map<std::string, std::string> kNames{{"bigint", "int8"},
                                                         {"integer", "int4"},
                                                         {"smallint", "int2"},
                                                         {"boolean", "bool"},
                                                         {"character", "bpchar"},
                                                         {"double precision", "float8"},
                                                         {"real", "float4"},
                                                         {"character varying", "varchar"},
                                                         {"timestamp with time zone", "timestamptz"},
                                                         {"timestamp without time zone", "timestamp"}};
  const std::string bare = trimmed(type.substr(0, type.find('(')));
  const auto at = kNames.find(bare);
  return at == kNames.end() ? bare : at->second;
}

Column parse_column(const std::string& line) {
  const std::vector<std::string> words = words_of(line);
  static const std::vector<std::string> kFlags{"not-null", "identity", "no-stats"};
  Column column;
  column.name = identifier(words.at(0));
  std::size_t at = 1;
  for (; at < words.size() && words[at].find('=') == std::string::npos &&
         std::ranges::find(kFlags, words[at]) == kFlags.end();
       ++at) {
    column.type += (column.type.empty() ? "" : " ") + words[at];
  }
  column.base_type = base_type_of(column.type);
  Attributes attributes(after(words, at));
  column.not_null = attributes.flag("not-null");
  column.is_identity = attributes.flag("identity");
  column.collation = attributes.text("collation").value_or("");
  ColumnStats stats;
  stats.distinct = attributes.number("distinct").value_or(0);
  stats.null_fraction = attributes.number("nulls").value_or(0);
  stats.average_width = attributes.size("width").value_or(Bytes{8});
  stats.correlation = attributes.number("correlation");
  for (const std::string& common : comma_list(unwrapped(attributes.text("common").value_or("")))) {
    if (!common.empty()) {
      const auto [value, frequency] = cut(common, ":");
      stats.common_values.push_back({value, number(frequency)});
      stats.common_total += number(frequency);
    }
  }
  if (const auto bounds = attributes.text("bounds")) {
    stats.histogram = comma_list(unwrapped(*bounds));
  }
  if (!attributes.flag("no-stats")) {
    column.stats = stats;
  }
  attributes.done();
  return column;
}

Index parse_index(const std::string& line, Snapshot& snapshot) {
  const auto [sql, rest] = cut(line, ";");
  Index index = parse_create_index(sql);
  Attributes attributes(words_of(rest));
  index.size = attributes.size("size").value_or(Bytes{std::int64_t{10} << 20});
  index.scans = whole(attributes.number("scans")).value_or(1000);
  if (const auto age = attributes.duration("last-scan")) {
    index.last_scan = before(reading(), *age);
  }
  if (const auto age = attributes.duration("unused-since")) {
    snapshot.history.index_unused_since[index_name_in(snapshot.server.engine, index.def.table, index.name)] =
        before(reading(), *age);
  }
  index.constraint = attributes.flag("primary-key")  ? ConstraintKind::kPrimaryKey
                     : attributes.flag("constraint") ? ConstraintKind::kUnique
                     : attributes.flag("exclusion")  ? ConstraintKind::kExclusion
                                                     : ConstraintKind::kNone;
  index.valid = !attributes.flag("invalid");
  index.being_built = attributes.flag("building");
  index.replica_identity = attributes.flag("replica-identity");
  index.referenced = attributes.flag("referenced");
  index.expression_stats = attributes.flag("expression-stats");
  index.parent_index = identifier(attributes.text("part-of").value_or(""));
  attributes.done();
  return index;
}

}  // namespace

TimePoint reading() {
  return std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};
}

TimePoint before(TimePoint time, Millis age) {
  return time - std::chrono::duration_cast<TimePoint::duration>(age);
}

std::int64_t whole(double value) {
  return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> whole(std::optional<double> value) {
  return value ? std::optional(whole(*value)) : std::nullopt;
}

std::vector<std::string> after(const std::vector<std::string>& words, std::size_t count) {
  return {words.begin() + static_cast<std::ptrdiff_t>(std::min(count, words.size())), words.end()};
}

// The part before `separator` outside quotes, and the part after; nothing after where there is none.
std::pair<std::string, std::string> cut(const std::string& text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  return at == std::string::npos
             ? std::pair{text, std::string()}
             : std::pair{trimmed(text.substr(0, at)), trimmed(text.substr(at + separator.size()))};
}

void add_table(const std::vector<std::string>& words, const std::vector<std::string>& below,
               Snapshot& snapshot) {
  Table table;
  table.name = table_name(words.at(1));
  Attributes attributes(after(words, 2));
  const std::string rows = attributes.text("rows").value_or("unknown");
  if (rows != "unknown") {
    table.rows = Rows{number(rows)};
  }
  table.size = attributes.size("size").value_or(Bytes{whole(table.rows.value_or(Rows{0}).count) * 100});
  table.pages = whole(attributes.number("pages")).value_or(table.size.count / 8192);
  table.temporary = attributes.flag("temporary");
  if (attributes.flag("foreign")) {
    table.kind = TableKind::kForeign;
  }
  if (attributes.flag("matview")) {
    table.kind = TableKind::kMaterializedView;
  }
  if (const auto columns = attributes.text("partitioned")) {
    table.kind = TableKind::kPartitioned;
    table.partition_columns = comma_list(unwrapped(*columns));
    table.partition_key = "RANGE " + *columns;
  }
  if (const auto parent = attributes.text("partition-of")) {
    table.partition_of = table_name(*parent);
  }
  table.replica_identity = attributes.text("replica-identity").value_or("d").at(0);
  for (const std::string& option : comma_list(unwrapped(attributes.text("options").value_or("")))) {
    if (!option.empty()) {
      const auto [name, value] = cut(option, "=");
      table.options[name] = value;
    }
  }
  TableCounters counters;
  counters.sequential_scans = whole(attributes.number("seq-scans")).value_or(0);
  counters.index_scans = whole(attributes.number("index-scans")).value_or(0);
  counters.inserts = whole(attributes.number("inserts")).value_or(0);
  counters.updates = whole(attributes.number("updates")).value_or(0);
  counters.hot_updates = whole(attributes.number("hot")).value_or(0);
  counters.deletes = whole(attributes.number("deletes")).value_or(0);
  counters.live_rows = whole(attributes.number("live")).value_or(whole(table.rows.value_or(Rows{0}).count));
  counters.dead_rows = whole(attributes.number("dead")).value_or(0);
  counters.modified_since_analyze = whole(attributes.number("modified")).value_or(0);
  const std::string analyzed = attributes.text("analyzed").value_or(table.rows ? "1d" : "never");
  if (analyzed != "never") {
    counters.last_analyze = before(reading(), duration(analyzed));
  }
  if (!attributes.flag("no-counters")) {
    table.counters = counters;
  }
  attributes.done();
  snapshot.schema.tables.push_back(std::move(table));
  Table& stored = snapshot.schema.tables.back();
  for (const std::string& line : below) {
    if (line.starts_with("CREATE ")) {
      stored.indexes.push_back(parse_index(line, snapshot));
    } else {
      stored.columns.push_back(parse_column(line));
      stored.columns.back().position = static_cast<int>(stored.columns.size());
    }
  }
}

void add_foreign_key(const std::vector<std::string>& words, Snapshot& snapshot) {
  ForeignKey key;
  key.name = identifier(words.at(1));
  key.table = table_name(words.at(2));
  for (const std::string& column : comma_list(unwrapped(words.at(3)))) {
    key.columns.push_back(identifier(column));
  }
  key.parent = table_name(words.at(5));
  for (const std::string& column : comma_list(unwrapped(words.at(6)))) {
    key.parent_columns.push_back(identifier(column));
  }
  Attributes attributes(after(words, 7));
  key.on_delete = attributes.text("on-delete").value_or("a").at(0);
  attributes.done();
  snapshot.schema.foreign_keys.push_back(std::move(key));
}

void add_sequence(const std::vector<std::string>& words, Snapshot& snapshot) {
  Sequence sequence;
  const TableName name = table_name(words.at(1));
  sequence.schema = name.schema;
  sequence.name = name.table;
  Attributes attributes(after(words, 2));
  sequence.data_type = attributes.text("type").value_or("bigint");
  const std::string last = attributes.text("last").value_or("unknown");
  if (last != "unknown") {
    sequence.last_value = std::stoll(last);
  }
  sequence.increment = whole(attributes.number("increment")).value_or(1);
  const std::int64_t type_max = sequence.data_type == "smallint"  ? INT16_MAX
                                : sequence.data_type == "integer" ? INT32_MAX
                                                                  : INT64_MAX;
  sequence.max_value = whole(attributes.number("max")).value_or(type_max);
  sequence.cycles = attributes.flag("cycles");
  if (const auto owner = attributes.text("owner")) {
    const std::size_t dot = owner->rfind('.');
    sequence.owner = table_name(owner->substr(0, dot));
    sequence.owner_column = identifier(owner->substr(dot + 1));
    const Column* column = table_in(snapshot, *sequence.owner).find_column(sequence.owner_column);
    sequence.owner_type = column == nullptr ? "" : column->base_type;
  }
  attributes.done();
  snapshot.schema.sequences.push_back(std::move(sequence));
}

}  // namespace planwise::test
