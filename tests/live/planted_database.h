// A database with problems planted in it, on a private server, and the audit of it: capture, shapes, advice,
// rules.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/audit.h"
#include "tests/support/postgres_server.h"

namespace planwise::test {

class PlantedDatabase {
 public:
  // Creates the database with pg_stat_statements and HypoPG.
  PlantedDatabase(const PostgresServer& server, std::string name);

  void run(std::string_view sql) const;
  // The same statement `times` times, each with its own value in place of every '#'.
  void repeat(int times, std::string_view sql) const;
  // Forgets the statements and the table counters so far.
  void reset_counters() const;

  // `adjust` may change what was captured before it is analysed: ages that no test can wait for.
  [[nodiscard]] AuditReport audit(const std::function<void(Snapshot&)>& adjust = {}) const;

 private:
  const PostgresServer& server_;
  std::string name_;
};

// The recommendations the rule makes, or takes part in, about an object of this name; of any where `object`
// is empty.
[[nodiscard]] std::vector<const Recommendation*> said(const AuditReport& report, std::string_view rule,
                                                      std::string_view object = "");

// What was recommended, one line each, for failures.
[[nodiscard]] std::string summary(const AuditReport& report);

}  // namespace planwise::test
