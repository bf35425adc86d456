#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "analyzer/base/text.h"
#include "connectors/least_privilege.h"
#include "server/cli/target.h"

namespace planwise::cli {
namespace {

// One thing an audit wants to see.
struct Item {
  std::string what;
  bool is_there = false;
  std::string detail;  // what was seen, or why it could not be
  std::string remedy;
  std::vector<std::string> remedy_sql;
};

std::string count(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}", human(Rows{static_cast<double>(number)}), noun);
}

std::vector<Item> what_is_there(const Snapshot& snapshot) {
  std::size_t columns = 0;
  std::size_t indexes = 0;
  for (const Table& table : snapshot.schema.tables) {
    indexes += table.indexes.size();
    for (const Column& column : table.columns) {
      columns += column.stats ? 1 : 0;
    }
  }
  std::size_t planned = 0;
  for (const auto& [id, statement] : snapshot.plans) {
    planned += statement.plan ? 1 : 0;
  }
  std::vector<Item> items;
  const auto add = [&items](std::string what, std::string detail) {
    items.push_back({std::move(what), true, std::move(detail), "", {}});
  };
  add("statements", count(snapshot.workload.statements.size(), "with their counters"));
  add("tables", count(snapshot.schema.tables.size(), "tables, ") + count(indexes, "indexes"));
  add("column statistics", count(columns, "columns"));
  add("settings", count(snapshot.settings.size(), "settings"));
  add("plans", fmt::format("{} of {} statements tried", planned, snapshot.plans.size()));
  return items;
}

std::vector<Item> what_is_missing(const Snapshot& snapshot) {
  std::vector<Item> items;
  for (const Gap& gap : snapshot.gaps) {
    if (!gap.statement && (!gap.remedy.empty() || !gap.remedy_sql.empty())) {
      items.push_back({gap.what, false, gap.why, gap.remedy, gap.remedy_sql});
    }
  }
  return items;
}

std::string as_text(const std::string& name, const Snapshot& snapshot, const std::vector<Item>& items) {
  std::string out =
      fmt::format("{}: {} {}, database {}\n", printable(name), to_string(snapshot.server.engine),
                  snapshot.server.version_text, printable(snapshot.server.database));
  for (const Item& item : items) {
    out += fmt::format("  {:<8} {}: {}\n", item.is_there ? "ok" : "missing", printable(item.what),
                       printable(item.detail));
    if (!item.remedy.empty()) {
      out += fmt::format("           {}\n", printable(item.remedy));
    }
    for (const std::string& statement : item.remedy_sql) {
      out += fmt::format("             {};\n", printable(statement));
    }
  }
  return out;
}

std::string as_json(const std::string& name, const Snapshot& snapshot, const std::vector<Item>& items) {
  nlohmann::ordered_json json{{"target",
                               {{"name", name},
                                {"engine", to_string(snapshot.server.engine)},
                                {"version", snapshot.server.version_text},
                                {"database", snapshot.server.database}}},
                              {"items", nlohmann::ordered_json::array()}};
  for (const Item& item : items) {
    json["items"].push_back({{"what", item.what},
                             {"there", item.is_there},
                             {"detail", item.detail},
                             {"remedy", item.remedy},
                             {"remedy_sql", item.remedy_sql}});
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string as_sql(const std::vector<Item>& items) {
  std::string out;
  for (const Item& item : items) {
    for (const std::string& statement : item.remedy_sql) {
      out += statement + ";\n";
    }
  }
  return out;
}

// A login that may do too much is the first thing missing: the right one is.
Item privileged_login(const Error& refused, const Snapshot& snapshot) {
  const std::string password = password_hint("planwise", snapshot.server);
  return {"login", false, refused.message,
          "make a role that can see all an audit needs and nothing more" +
              (password.empty() ? "" : "; " + password),
          least_privilege_sql("planwise", snapshot)};
}

int check_target_command(const std::string& name, const ReportOptions& options) {
  const auto resolved = resolve_target(name, options);
  if (!resolved) {
    return fail(resolved.error());
  }
  CaptureOptions capture = audit_options(*resolved, options, {}).capture;
  capture.plan_limit = 50;
  capture.progress = progress_bar(options);
  auto connector = open_target(resolved->dsn, capture);
  std::optional<Error> refused;
  if (!connector && connector.error().code == ErrorCode::kPermissionDenied && !capture.allow_privileged) {
    refused = connector.error();
    capture.allow_privileged = true;
    connector = open_target(resolved->dsn, capture);
  }
  if (!connector) {
    return fail(connector.error());
  }
  const auto snapshot = (*connector)->capture(capture);
  capture.progress(1, "");
  if (!snapshot) {
    return fail(snapshot.error());
  }
  std::vector<Item> items;
  if (refused) {
    items.push_back(privileged_login(*refused, *snapshot));
  }
  const std::vector<Item> missing = what_is_missing(*snapshot);
  items.insert(items.end(), missing.begin(), missing.end());
  const bool all_there = items.empty();
  const std::vector<Item> there = what_is_there(*snapshot);
  items.insert(items.begin(), there.begin(), there.end());
  const std::string text = options.format == Format::kSql    ? as_sql(items)
                           : options.format == Format::kJson ? as_json(resolved->name, *snapshot, items)
                                                             : as_text(resolved->name, *snapshot, items);
  if (const auto written = write_output(options, text); !written) {
    return fail(written.error());
  }
  return all_there ? kNothingFound : kFound;
}

}  // namespace

void add_check_target(CLI::App& app, int& status) {
  struct Arguments {
    std::string target;
    ReportOptions options;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = app.add_subcommand(
      "check-target",
      "What the connection may see and what is missing, each with the SQL or setting that mends it.");
  command
      ->add_option("TARGET", arguments->target,
                   "postgres://…, mysql://…, a keyword string or a configured name")
      ->required();
  add_output_options(*command, arguments->options);
  add_target_options(*command, arguments->options);
  command->footer(
      "Exit status: 0 all there, 1 something missing, 2 no connection.\n\n"
      "Examples:\n"
      "  planwise check-target postgres://planwise@db1/shop\n"
      "  planwise check-target postgres://postgres@db1/shop --format sql    the role to make, with the least "
      "rights");
  command->callback(
      [arguments, &status] { status = check_target_command(arguments->target, arguments->options); });
}

}  // namespace planwise::cli
