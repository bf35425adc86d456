#include "analyzer/sql/shape_postgres.h"

#include <string>
#include <utility>

#include "analyzer/sql/dialect.h"
#include "analyzer/sql/parse_postgres.h"
#include "analyzer/sql/repair.h"
#include "analyzer/sql/shape_reader.h"
#include "analyzer/sql/statement_kind.h"

namespace planwise {

StatementShape shape_postgres(std::string_view sql) {
  StatementShape shape;
  const auto refuse = [&](std::string why) {
    shape = {.kind = kind_by_words(sql, Engine::kPostgres), .parsed = false, .why_not = std::move(why)};
  };
  const Result<void> parsed =
      parse_postgres(repaired(sql), [&](const std::vector<parse_tree::Node>& statements) {
        if (statements.size() == 1) {
          shape = ShapeReader(postgres_dialect()).read(statements.front());
        } else {
          refuse(statements.empty() ? "no statement" : "several statements");
        }
      });
  if (!parsed) {
    refuse(parsed.error().message);
  }
  return shape;
}

}  // namespace planwise
