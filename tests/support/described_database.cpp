#include "tests/support/described_database.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/hash.h"
#include "tests/support/ddl.h"
#include "tests/support/plan_drawing.h"
#include "tests/support/words.h"

namespace planwise::test {
namespace {

using std::chrono::days;

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

StatementId statement_id(std::string_view word) {
  return {static_cast<std::uint64_t>(std::stoull(std::string(word), nullptr, 16))};
}

Version version(const std::string& text) {
  Version parsed;
  std::istringstream in(text);
  char dot = 0;
  in >> parsed.major >> dot >> parsed.minor;
  return parsed;
}

// A line and the indented lines below it.
struct Paragraph {
  std::string line;
  std::vector<std::string> below;
};

std::vector<Paragraph> paragraphs(const std::string& db) {
  std::vector<Paragraph> all;
  std::istringstream in(db);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) {
      continue;
    }
    if (line.starts_with("  ") && !all.empty()) {
      all.back().below.push_back(line.substr(2));
    } else {
      all.push_back({line, {}});
    }
  }
  return all;
}

// The part before `separator` outside quotes, and the part after; nothing after where there is none.
std::pair<std::string, std::string> cut(const std::string& text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  return at == std::string::npos
             ? std::pair{text, std::string()}
             : std::pair{trimmed(text.substr(0, at)), trimmed(text.substr(at + separator.size()))};
}

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

class Builder {
 public:
  Builder() {
    Snapshot& snapshot = database_.snapshot;
    snapshot.taken_at = reading();
    snapshot.server.version = {15, 4, 0};
    snapshot.server.database = "shop";
    snapshot.server.extensions["pg_stat_statements"] = Version{1, 10, 0};
    snapshot.workload.window = {reading() - days{1}, reading()};
    snapshot.schema.search_path = {"public"};
    snapshot.schema.counters = Window{reading() - days{60}, reading()};
  }

  void add(const Paragraph& paragraph);
  Database finish();

 private:
  void server(const std::vector<std::string>& words);
  void table(const std::vector<std::string>& words, const std::vector<std::string>& below);
  static Column column(const std::string& line);
  Index index(const std::string& line);
  void foreign_key(const std::vector<std::string>& words);
  void sequence(const std::vector<std::string>& words);
  void statement(const std::string& line);
  void proposal(const std::string& line, const std::vector<std::string>& below);
  void plan(const std::vector<std::string>& words, const std::vector<std::string>& below);
  void interval(const std::vector<std::string>& words);
  void session(const std::vector<std::string>& words);
  void load(const std::vector<std::string>& words);

  Database database_;
  std::optional<Millis> total_time_;
  std::optional<std::int64_t> total_calls_;
  std::optional<std::int64_t> total_statements_;
};

std::vector<std::string> after(const std::vector<std::string>& words, std::size_t count) {
  return {words.begin() + static_cast<std::ptrdiff_t>(std::min(count, words.size())), words.end()};
}

void Builder::server(const std::vector<std::string>& words) {
  database_.snapshot.server.version = version(words.at(1));
  Attributes attributes(after(words, 2));
  database_.snapshot.server.is_replica = attributes.flag("replica");
  attributes.done();
}

void Builder::table(const std::vector<std::string>& words, const std::vector<std::string>& below) {
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
  database_.snapshot.schema.tables.push_back(std::move(table));
  Table& stored = database_.snapshot.schema.tables.back();
  for (const std::string& line : below) {
    if (line.starts_with("CREATE ")) {
      stored.indexes.push_back(index(line));
    } else {
      stored.columns.push_back(column(line));
      stored.columns.back().position = static_cast<int>(stored.columns.size());
    }
  }
}

Column Builder::column(const std::string& line) {
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

Index Builder::index(const std::string& line) {
  const auto [sql, rest] = cut(line, ";");
  Index index = parse_create_index(sql);
  Attributes attributes(words_of(rest));
  index.size = attributes.size("size").value_or(Bytes{std::int64_t{10} << 20});
  index.scans = whole(attributes.number("scans")).value_or(1000);
  if (const auto age = attributes.duration("last-scan")) {
    index.last_scan = before(reading(), *age);
  }
  if (const auto age = attributes.duration("unused-since")) {
    database_.snapshot.history.index_unused_since[{index.def.table.schema, index.name}] =
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

void Builder::foreign_key(const std::vector<std::string>& words) {
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
  database_.snapshot.schema.foreign_keys.push_back(std::move(key));
}

void Builder::sequence(const std::vector<std::string>& words) {
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
    const Column* column = table_in(database_.snapshot, *sequence.owner).find_column(sequence.owner_column);
    sequence.owner_type = column == nullptr ? "" : column->base_type;
  }
  attributes.done();
  database_.snapshot.schema.sequences.push_back(std::move(sequence));
}

void Builder::statement(const std::string& line) {
  const auto [head, sql] = cut(line, ": ");
  const std::vector<std::string> words = words_of(head);
  Statement statement;
  statement.id = statement_id(words.at(1));
  statement.query = sql;
  Attributes attributes(after(words, 2));
  StatementStats& stats = statement.stats;
  stats.calls = whole(attributes.number("calls")).value_or(1);
  const auto calls = static_cast<double>(stats.calls);
  stats.total_time = attributes.duration("mean").value_or(Millis{1}) * calls;
  stats.stddev_time = attributes.duration("stddev");
  stats.rows = whole(attributes.number("rows").value_or(0) * calls);
  const auto per_call = [&](const std::string& name) {
    const auto value = attributes.number(name);
    return value ? whole(std::optional(*value * calls)) : std::nullopt;
  };
  stats.blocks_hit = per_call("hit");
  stats.blocks_read = per_call("read");
  stats.temp_blocks_written = per_call("temp-written");
  statement.user = attributes.text("user").value_or("");
  attributes.done();
  database_.snapshot.workload.statements.push_back(std::move(statement));
}

void Builder::proposal(const std::string& line, const std::vector<std::string>& below) {
  const auto [sql, rest] = cut(line.substr(std::string_view("proposal ").size()), ";");
  const Index index = parse_create_index(sql);
  IndexProposal proposal;
  proposal.def = index.def;
  proposal.name = index.name;
  Attributes attributes(words_of(rest));
  proposal.size = attributes.size("size").value_or(Bytes{std::int64_t{20} << 20});
  proposal.saved_per_hour = attributes.duration("saved").value_or(Millis{0});
  proposal.load_saved = attributes.number("load").value_or(0);
  proposal.write_overhead = attributes.number("writes").value_or(0);
  proposal.basis = attributes.text("basis").value_or("what-if");
  proposal.verified = !attributes.flag("unverified");
  for (const std::string& old : comma_list(unwrapped(attributes.text("replaces").value_or("")))) {
    if (!old.empty()) {
      proposal.replaces.push_back(identifier(old));
    }
  }
  if (const auto alternatives = attributes.text("alternatives")) {
    proposal.alternatives = comma_list(unwrapped(*alternatives));
  }
  attributes.done();
  for (const std::string& gain_line : below) {
    const std::vector<std::string> words = words_of(gain_line);
    Attributes gain(after(words, 1));
    proposal.gains.push_back({.statement = statement_id(words.at(0)),
                              .before = {gain.number("before").value_or(0)},
                              .after = {gain.number("after").value_or(0)},
                              .saved_per_hour = gain.duration("saved").value_or(Millis{0})});
    gain.done();
  }
  database_.advice.proposals.push_back(std::move(proposal));
}

void Builder::plan(const std::vector<std::string>& words, const std::vector<std::string>& below) {
  Attributes attributes(after(words, 2));
  Plan plan;
  const std::string source = attributes.text("source").value_or("parameters");
  for (const PlanSource one : {PlanSource::kAsIs, PlanSource::kParameters, PlanSource::kStatistics,
                               PlanSource::kGeneric, PlanSource::kRecorded}) {
    plan.source = to_string(one) == source ? one : plan.source;
  }
  plan.root = parse_plan(below);
  StatementPlan& stored = database_.snapshot.plans[statement_id(words.at(1))];
  (attributes.flag("worst") ? stored.worst : stored.plan) = std::move(plan);
  attributes.done();
}

void Builder::interval(const std::vector<std::string>& words) {
  CounterInterval interval;
  const auto length = std::chrono::duration_cast<TimePoint::duration>(duration(words.at(1)));
  auto& intervals = database_.snapshot.history.intervals;
  const TimePoint from = intervals.empty() ? reading() - days{2} : intervals.back().window.to;
  interval.window = {from, from + length};
  for (const std::string& word : after(words, 2)) {
    const auto [id, counts] = cut(word, "=");
    const auto [calls, rows] = cut(counts, "/");
    interval.statements[statement_id(id)] = {.calls = whole(number(calls)), .rows = whole(number(rows))};
    interval.total_calls += whole(number(calls));
  }
  intervals.push_back(std::move(interval));
}

void Builder::session(const std::vector<std::string>& words) {
  Session session;
  session.pid = whole(number(words.at(1)));
  Attributes attributes(after(words, 2));
  session.state = attributes.text("state").value_or("active");
  session.application = attributes.text("application").value_or("");
  session.user = attributes.text("user").value_or("");
  session.state_age = attributes.duration("age");
  if (const auto id = attributes.text("statement")) {
    session.statement = statement_id(*id);
  }
  attributes.done();
  database_.snapshot.sessions.push_back(std::move(session));
}

void Builder::load(const std::vector<std::string>& words) {
  Attributes attributes(after(words, 1));
  total_time_ = attributes.duration("total");
  total_calls_ = whole(attributes.number("calls"));
  total_statements_ = whole(attributes.number("statements"));
  attributes.done();
}

void Builder::add(const Paragraph& paragraph) {
  Snapshot& snapshot = database_.snapshot;
  const std::vector<std::string> words = words_of(paragraph.line);
  const std::string& word = words.at(0);
  const auto window = [&] { return Window{before(reading(), duration(words.at(1))), reading()}; };
  if (word == "server") {
    server(words);
  } else if (word == "window") {
    snapshot.workload.window = words.at(1) == "unknown" ? Window{reading(), reading()} : window();
  } else if (word == "counters") {
    snapshot.schema.counters = words.at(1) == "unknown" ? std::nullopt : std::optional(window());
  } else if (word == "load") {
    load(words);
  } else if (word == "workload") {
    snapshot.workload.kind = words.at(1) == "log"        ? WindowKind::kLog
                             : words.at(1) == "interval" ? WindowKind::kInterval
                                                         : WindowKind::kWorkloadFiles;
  } else if (word == "setting") {
    snapshot.settings[words.at(1)] = {.value = words.at(2) == "''" ? "" : words.at(2),
                                      .unit = words.size() > 3 ? words[3] : ""};
  } else if (word == "extension") {
    snapshot.server.extensions[words.at(1)] = version(words.at(2));
  } else if (word == "no-extension") {
    snapshot.server.extensions.erase(words.at(1));
  } else if (word == "gap") {
    const auto [what, why] = cut(paragraph.line.substr(4), ": ");
    snapshot.gaps.push_back({.what = what, .why = why});
  } else if (word == "table") {
    table(words, paragraph.below);
  } else if (word == "foreign-key") {
    foreign_key(words);
  } else if (word == "sequence") {
    sequence(words);
  } else if (word == "statement") {
    statement(paragraph.line);
  } else if (word == "not-helped") {
    const auto [head, why] = cut(paragraph.line, ": ");
    database_.advice.not_helped[statement_id(words_of(head).at(1))] = why;
  } else if (word == "proposal") {
    proposal(paragraph.line, paragraph.below);
  } else if (word == "plan") {
    plan(words, paragraph.below);
  } else if (word == "interval") {
    interval(words);
  } else if (word == "session") {
    session(words);
  } else {
    throw std::runtime_error("a db block does not understand: " + paragraph.line);
  }
}

Database Builder::finish() {
  Snapshot& snapshot = database_.snapshot;
  std::ranges::sort(snapshot.schema.tables, {}, &Table::name);
  Workload& workload = snapshot.workload;
  std::ranges::stable_sort(workload.statements, std::ranges::greater{},
                           [](const Statement& one) { return one.stats.total_time; });
  for (const Statement& statement : workload.statements) {
    workload.total_time += statement.stats.total_time;
    workload.total_calls += statement.stats.calls;
  }
  workload.total_time = total_time_.value_or(workload.total_time);
  workload.total_calls = total_calls_.value_or(workload.total_calls);
  workload.total_statements =
      total_statements_.value_or(static_cast<std::int64_t>(workload.statements.size()));
  return std::move(database_);
}

}  // namespace

Database parse_db(const std::string& db) {
  Builder builder;
  for (const Paragraph& paragraph : paragraphs(db)) {
    builder.add(paragraph);
  }
  return builder.finish();
}

}  // namespace planwise::test
