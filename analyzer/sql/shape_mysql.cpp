#include "analyzer/sql/shape_mysql.h"

#include "analyzer/sql/dialect.h"
#include "analyzer/sql/parse_mysql.h"
#include "analyzer/sql/shape_reader.h"
#include "analyzer/sql/statement_kind.h"

namespace planwise {

StatementShape shape_mysql(std::string_view sql, Engine engine, SqlModes modes) {
  StatementShape shape;
  const Result<void> parsed = parse_mysql(sql, engine, modes, [&](const parse_tree::Node& statement) {
    shape = ShapeReader(mysql_dialect()).read(statement);
  });
  if (!parsed) {
    shape = {.engine = Engine::kMySql,
             .kind = kind_by_words(sql, engine),
             .parsed = false,
             .why_not = parsed.error().message};
  }
  return shape;
}

}  // namespace planwise
