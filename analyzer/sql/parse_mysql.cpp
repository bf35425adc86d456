#include "analyzer/sql/parse_mysql.h"

#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/sql/built_tree.h"
#include "analyzer/sql/mysql_parser.h"
#include "analyzer/sql/mysql_tokens.h"

namespace planwise {

Result<void> parse_mysql(std::string_view sql, Engine engine, SqlModes modes,
                         const std::function<void(const parse_tree::Node& statement)>& use) {
  if (sql.size() > kMaxMySqlBytes) {
    return Error{ErrorCode::kUnsupported, "the statement is longer than 256 KiB"};
  }
  const std::vector<MySqlToken> tokens = mysql_tokens(sql, engine, modes);
  parse_tree::TreeBuilder tree;
  MySqlParser parser(tokens, tree, modes);
  const parse_tree::BuiltNode* const statement = parser.statement();
  if (parser.failed()) {
    return Error{ErrorCode::kInvalidArgument, valid_utf8(parser.failure())};
  }
  use(parse_tree::Node(statement));
  return {};
}

}  // namespace planwise
