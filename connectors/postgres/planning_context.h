// What one database says about planning its statements: search paths, types, untrusted code, running
// statements.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/statement.h"
#include "connectors/postgres/constants.h"
#include "connectors/postgres/explain.h"
#include "connectors/postgres/safe_statement.h"

namespace planwise::pg {

// Not thread-safe. Answers of the server are kept, so that each is asked for once.
class PlanningContext {
 public:
  // Reads untrusted code and search paths.
  static Result<PlanningContext> read(Session& session, Explainer& explainer,
                                      std::span<const std::string> trusted_owners);

  // The path under which the user's statements look their names up, as SET takes it: from ALTER ROLE ... IN
  // DATABASE, ALTER ROLE, ALTER DATABASE or the server, in this order. What a session sets for itself is not
  // visible. Source: PostgreSQL manual, catalogue pg_db_role_setting.
  [[nodiscard]] std::string search_path_of(const std::string& user) const;

  // nullopt: nothing speaks against planning it.
  Result<std::optional<Objection>> objection(const StatementNames& names, const std::string& search_path);

  // The types of a statement's parameters, as Explainer::parameter_types().
  Result<std::vector<ParameterType>> parameter_types(const std::string& sql, const std::string& search_path);

  // Texts with literals that other sessions run or last ran in this database, by fingerprint; the fullest
  // rung of the ladder. Cut-off texts and those with parameters are left out. One query.
  Result<std::map<StatementId, std::string>> running_statements();

 private:
  PlanningContext(Session& session, Explainer& explainer) : session_(&session), explainer_(&explainer) {}
  Result<void> read_search_paths();
  Result<void> read_types(const std::vector<std::string>& oids);

  Session* session_;
  Explainer* explainer_;
  UntrustedCode untrusted_;
  std::map<std::pair<std::string, bool>, std::string>
      paths_;  // by role ("" for all) and whether for this database only
  std::string server_path_;
  std::map<std::string, std::vector<std::string>> schemas_;  // by search path
  std::map<std::string, ParameterType> types_;               // by OID
};

}  // namespace planwise::pg
