#include "analyzer/explain/explain.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>

#include "server/cli/command.h"

namespace planwise::cli {
namespace {

// The rules that a plan is enough for; the others ask about tables, indexes or a workload.
constexpr std::array<std::string_view, 8> kPlanRules{
    "cartesian-join", "correlated-subquery", "inefficient-index", "not-in-nullable",
    "seq-scan",       "sort-without-index",  "spill-to-disk",     "unbounded-result"};
constexpr std::size_t kMaxDocument = std::size_t{64} << 20U;

Result<std::string> read_document(const std::string& file) {
  std::ifstream opened;
  if (file != "-") {
    opened.open(file, std::ios::binary);
    if (!opened) {
      return Error{ErrorCode::kNotFound, file + " cannot be read", "- reads standard input"};
    }
  }
  std::istream& in = file == "-" ? std::cin : opened;
  std::string text;
  for (std::array<char, 65536> part{}; in.read(part.data(), part.size()), in.gcount() > 0;) {
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxDocument) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{} is larger than {} MB", file, kMaxDocument >> 20U)};
    }
  }
  return text;
}

// A document may hold any number.
std::int64_t whole(double value) {
  constexpr double kMost = 1e18;
  return static_cast<std::int64_t>(std::clamp(value, -kMost, kMost));
}

std::optional<std::int64_t> whole(const std::optional<double>& value) {
  return value ? std::optional(whole(*value)) : std::nullopt;
}

// What the plan itself says of its tables: a full scan reads all rows there are.
std::vector<Table> tables_in(const Plan& plan) {
  std::map<TableName, Table> tables;
  walk(plan, [&tables](const PlanNode& node, const std::string& /*path*/) {
    if (node.table.empty()) {
      return;
    }
    Table& table = tables[{node.schema, node.table}];
    table.name = {node.schema, node.table};
    if (node.kind != NodeKind::kFullScan) {
      return;
    }
    double rows = node.rows_read.value_or(node.rows).count;
    if (node.actual && node.actual->loops > 0) {
      const Rows removed = node.actual->rows_removed_by_filter.value_or(Rows{});
      rows = (node.actual->rows.count + removed.count) / node.actual->loops;
    }
    table.rows = Rows{std::max(rows, table.rows.value_or(Rows{}).count)};
  });
  std::vector<Table> sorted;
  sorted.reserve(tables.size());
  for (auto& [name, table] : tables) {
    sorted.push_back(std::move(table));
  }
  return sorted;
}

// A snapshot of nothing but the plan: the rules that read plans speak, and no other has anything to read.
Snapshot snapshot_of(RecognisedPlan read, const std::string& name) {
  Snapshot snapshot;
  snapshot.server.engine = read.engine;
  Statement statement;
  statement.id = {plan_signature(read.plan)};
  statement.query = "(the statement of " + name + ")";
  statement.stats.calls = 1;
  statement.stats.total_time = read.plan.execution_time.value_or(Millis{0});
  if (const auto& actual = read.plan.root.actual; actual) {
    statement.stats.rows = whole(actual->rows.count);
    statement.stats.blocks_hit = whole(actual->blocks_hit);
    statement.stats.blocks_read = whole(actual->blocks_read);
    statement.stats.temp_blocks_read = whole(actual->temp_blocks_read);
    statement.stats.temp_blocks_written = whole(actual->temp_blocks_written);
  }
  snapshot.schema.tables = tables_in(read.plan);
  snapshot.schema.search_path = {""};
  snapshot.workload.total_time = statement.stats.total_time;
  snapshot.workload.total_calls = snapshot.workload.total_statements = 1;
  snapshot.workload.kind = WindowKind::kWorkloadFiles;
  for (const std::string& label : read.plan.unknown_nodes) {
    snapshot.gaps.push_back(
        {"plan node " + label, "this version of planwise does not know it", "", {}, "", statement.id});
  }
  snapshot.plans[statement.id].plan = std::move(read.plan);
  snapshot.workload.statements.push_back(std::move(statement));
  return snapshot;
}

int explain_command(const std::string& file, const ReportOptions& options) {
  auto rules = selected_rules(options.rules);
  if (!rules) {
    return fail(rules.error());
  }
  std::erase_if(*rules, [](const Rule* rule) {
    return std::ranges::find(kPlanRules, rule->info.id) == kPlanRules.end();
  });
  const auto document = read_document(file);
  if (!document) {
    return fail(document.error());
  }
  auto plan = read_plan(*document);
  if (!plan) {
    return fail(Error(plan.error()).in(file));
  }
  const std::string name = file == "-" ? "standard input" : std::filesystem::path(file).filename().string();
  const Snapshot snapshot = snapshot_of(*std::move(plan), name);
  AuditReport report = analyse(snapshot, {}, {}, *rules, name);
  report.has_load = false;
  report.skipped =
      snapshot.gaps;  // what rules say of a catalogue that was never asked is no gap of a document
  report.skipped.push_back({"rules on tables, indexes and counters",
                            "a plan alone does not show them",
                            "`planwise audit` reads them from the database",
                            {},
                            "",
                            {}});
  return finish_report(std::move(report), options);
}

}  // namespace

void add_explain(CLI::App& app, int& status) {
  struct Arguments {
    std::string file;
    ReportOptions options;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = app.add_subcommand(
      "explain", "The plan rules on one EXPLAIN document in JSON: PostgreSQL's, MySQL's or MariaDB's.");
  command->add_option("FILE", arguments->file, "the document; - is standard input")->required();
  add_report_options(*command, arguments->options);
  command->footer(
      "Examples:\n"
      "  planwise explain plan.json\n"
      "  psql -XAtc \"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT …\" | planwise explain - --format "
      "markdown\n"
      "  mysql -e \"EXPLAIN FORMAT=JSON SELECT …\" | planwise explain -\n"
      "  mariadb -e \"ANALYZE FORMAT=JSON SELECT …\" | planwise explain -");
  command->callback([arguments, &status] { status = explain_command(arguments->file, arguments->options); });
}

}  // namespace planwise::cli
