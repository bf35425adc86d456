// Which statements may be handed to EXPLAIN.
//
// Plain EXPLAIN is not read-only. Planning folds immutable functions of constants, estimates STABLE ones, and
// runs the functions of operators on the common values of a column, volatile ones too and without a check for
// EXECUTE, with the rights of whoever plans (measured on 15: operating-system commands as superuser within a
// READ ONLY transaction). So only code of trusted owners may be reachable from a statement: superusers, who
// need no planwise to do harm, the login itself, and the roles the operator names.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "connectors/postgres/statement_names.h"

namespace planwise::pg {

class Session;

// Why a statement is not planned, in words for a Gap.
struct Objection {
  std::string why;
  std::string remedy;  // or empty
};

// What of a database is not its trusted owners' own. Names only; a few kilobytes for most databases.
struct UntrustedCode {
  std::set<WrittenName> functions;  // schema and name
  std::set<WrittenName>
      row_functions;  // those callable with one argument, which `argument.function` may call
  std::set<WrittenName> operators;
  std::set<WrittenName> types;      // with casts or range functions among `functions`
  std::set<WrittenName> relations;  // whose views, policies, defaults, constraints or indexes run any of them
  bool complete = true;             // false: the catalogue held more than is read; then nothing is safe
};

// Reads it: five queries, each bounded. Trusts superusers, the login of the session, and `trusted_owners`.
[[nodiscard]] Result<UntrustedCode> read_untrusted_code(Session& session,
                                                        std::span<const std::string> trusted_owners);

// nullopt if no name of the statement can resolve to untrusted code, along `schemas` (the active search path)
// where it has none of its own.
[[nodiscard]] std::optional<Objection> objection_to(const StatementNames& names,
                                                    const UntrustedCode& untrusted,
                                                    std::span<const std::string> schemas);

}  // namespace planwise::pg
