#include "tests/support/described_database.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/audit.h"
#include "analyzer/explain/explain.h"
#include "tests/support/ddl.h"
#include "tests/support/described_schema.h"
#include "tests/support/plan_drawing.h"
#include "tests/support/read_file.h"
#include "tests/support/words.h"

namespace planwise::test {
namespace {

using std::chrono::days;

StatementId statement_id(std::string_view word) {
  return {static_cast<std::uint64_t>(std::stoull(std::string(word), nullptr, 16))};
}

Version version(const std::string& text) {
  Version parsed;
  std::istringstream in(text);
  char dot = 0;
  in >> parsed.major >> dot >> parsed.minor >> dot >> parsed.patch;
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
  void statement(const std::string& line);
  void proposal(const std::string& line, const std::vector<std::string>& below);
  void plan(const std::vector<std::string>& words, const std::vector<std::string>& below);
  void plan_file(const std::vector<std::string>& words);
  void interval(const std::vector<std::string>& words);
  void session(const std::vector<std::string>& words);
  void load(const std::vector<std::string>& words);

  Database database_;
  std::optional<Millis> total_time_;
  std::optional<std::int64_t> total_calls_;
  std::optional<std::int64_t> total_statements_;
};

void Builder::server(const std::vector<std::string>& words) {
  ServerInfo& described = database_.snapshot.server;
  described.engine = words.at(1) == "mysql"     ? Engine::kMySql
                     : words.at(1) == "mariadb" ? Engine::kMariaDb
                                                : Engine::kPostgres;
  const std::size_t at = described.engine == Engine::kPostgres ? 1 : 2;
  described.version = version(words.at(at));
  Attributes attributes(after(words, at + 1));
  database_.snapshot.server.is_replica = attributes.flag("replica");
  attributes.done();
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

void Builder::plan_file(const std::vector<std::string>& words) {
  Result<Plan> plan =
      read_postgres_plan(read_file(std::filesystem::path(PLANWISE_SOURCE_DIR) / "tests/data" / words.at(2)));
  if (!plan) {
    throw std::runtime_error(words.at(2) + ": " + plan.error().message);
  }
  database_.snapshot.plans[statement_id(words.at(1))].plan = *std::move(plan);
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
    for (const std::string& line : paragraph.below) {
      Gap& gap = snapshot.gaps.back();
      gap.remedy.empty() ? (void)(gap.remedy = line) : gap.remedy_sql.push_back(line);
    }
  } else if (word == "table") {
    add_table(words, paragraph.below, snapshot);
  } else if (word == "foreign-key") {
    add_foreign_key(words, snapshot);
  } else if (word == "sequence") {
    add_sequence(words, snapshot);
  } else if (word == "statement") {
    statement(paragraph.line);
  } else if (word == "not-helped") {
    const auto [head, why] = cut(paragraph.line, ": ");
    database_.advice.not_helped[statement_id(words_of(head).at(1))] = why;
  } else if (word == "proposal") {
    proposal(paragraph.line, paragraph.below);
  } else if (word == "plan") {
    plan(words, paragraph.below);
  } else if (word == "plan-file") {
    plan_file(words);
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
  database_.shapes = shapes_of(snapshot);
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
