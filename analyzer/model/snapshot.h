// Everything planwise learnt from one source at one time. Built by a Connector, then never changed.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/units.h"
#include "analyzer/model/engine.h"
#include "analyzer/model/plan.h"
#include "analyzer/model/schema.h"
#include "analyzer/model/statement.h"

namespace planwise {

// Something that could not be looked at. No finding means "healthy" only where no gap stands beside it.
struct Gap {
  std::string what;  // "pg_stat_statements", "plan of a statement"
  std::string why;
  std::string remedy;                   // an action for the operator, or empty
  std::vector<std::string> remedy_sql;  // the exact statements, where SQL mends it
  std::string rule;                     // the rule that could not speak, or empty
  std::optional<StatementId> statement;
  auto operator<=>(const Gap&) const = default;
};

// A statement's plan, or why there is none.
struct StatementPlan {
  std::optional<Plan> plan;   // typical parameter values
  std::optional<Plan> worst;  // for the least favourable values, where those lead to another plan
  std::string error;          // without literals; empty where plan is set
};

struct Setting {
  std::string value;   // in `unit`
  std::string unit;    // "8kB", "ms", ...; empty for plain numbers and words
  std::string source;  // "default", "configuration file", ...
};

struct Session {
  std::int64_t pid = 0;
  std::string user;
  std::string application;
  std::string state;  // "active", "idle in transaction", ...
  std::optional<Millis> state_age;
  std::optional<Millis> transaction_age;
  std::string wait_event_type;
  std::string wait_event;
  std::optional<StatementId> statement;
  std::vector<std::int64_t> blocked_by;
};

// Whole-database counters over Schema::counters.
struct DatabaseCounters {
  std::int64_t blocks_hit = 0;
  std::int64_t blocks_read = 0;
  std::int64_t temp_files = 0;
  Bytes temp_bytes;
  std::int64_t deadlocks = 0;
  std::int64_t commits = 0;
  std::int64_t rollbacks = 0;
};

// One reading's difference to the reading before, as the store keeps it for rules that need a history.
struct CounterInterval {
  Window window;
  struct Entry {
    std::int64_t calls = 0;
    std::int64_t rows = 0;
    Millis time{0};
  };
  std::map<StatementId, Entry> statements;
  std::int64_t total_calls = 0;
};

// What earlier audits of the same target saw. Empty where there is no store.
struct History {
  std::vector<CounterInterval> intervals;             // oldest first, one server uptime each
  std::map<IndexName, TimePoint> index_unused_since;  // first reading from which on no scan was ever counted
};

struct Snapshot {
  ServerInfo server;
  TimePoint taken_at;  // by the target's clock
  Workload workload;
  Schema schema;
  std::map<StatementId, StatementPlan> plans;
  std::map<std::string, Setting> settings;
  std::map<std::string, double> status;  // MySQL: the numbers of SHOW GLOBAL STATUS, names in lower case
  std::vector<Session> sessions;
  std::optional<DatabaseCounters> database;
  History history;
  std::vector<Gap> gaps;

  [[nodiscard]] const Plan* plan_of(StatementId id) const;  // nullptr if there is none
  // A setting as a number in its unit; nullopt if absent or no number. Booleans are 1 and 0.
  [[nodiscard]] std::optional<double> setting(const std::string& name) const;
};

}  // namespace planwise
