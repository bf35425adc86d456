// What a statement names that the server turns into code when it plans it.
#pragma once

#include <set>
#include <string>

#include "analyzer/base/result.h"
#include "analyzer/model/statement.h"
#include "analyzer/sql/shape.h"
#include "connectors/postgres/parse_tree.h"

namespace planwise::pg {

struct StatementNames {
  StatementKind kind = StatementKind::kUnknown;
  std::set<WrittenName>
      relations;  // names of CTEs too: they may hide a relation only in part of the statement
  std::set<WrittenName> functions;
  std::set<WrittenName> operators;  // those that BETWEEN, IN, LIKE, USING, CASE and their kin stand for too
  std::set<WrittenName> types;
  std::set<std::string> fields;  // last parts of column references: r.f is also how f(r) may be written
  bool locks_rows = false;       // FOR UPDATE and its kin, anywhere
};

// Reads the names of one statement. kInvalidArgument for one that has no plan (anything but SELECT, VALUES,
// INSERT, UPDATE, DELETE and MERGE); kUnsupported, with the reason, for one that must not be explained:
// SELECT INTO, WHERE CURRENT OF, more than kMaxRelations relations, a function whose folding can eat the
// server's memory or runs another query.
[[nodiscard]] Result<StatementNames> read_names(const ParseTree& tree);

}  // namespace planwise::pg
