// What a statement asks of its tables: relations, predicates, joins, grouping and order, one block per
// SELECT.
//
// Read by shape_postgres.h and shape_mysql.h from a normalised or a literal text. Names are
// as written; resolve() ties them to a Schema. Nothing here needs a database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/engine.h"
#include "analyzer/model/schema.h"

namespace planwise {

enum class StatementKind : std::uint8_t { kSelect, kInsert, kUpdate, kDelete, kMerge, kUtility, kUnknown };

enum class RelationKind : std::uint8_t { kTable, kSubquery, kCte, kFunction, kValues };

struct Relation {
  RelationKind kind = RelationKind::kTable;
  std::string schema;  // as written; empty if not
  std::string name;
  std::string alias;     // the name columns are qualified by; equals `name` without an alias
  int block = -1;        // of a sub-query or CTE: the block that computes it
  bool outer = false;    // on the nullable side of an outer join
  bool natural = false;  // NATURAL JOINed to the relations before it; resolve() adds the join predicates
  std::optional<TableName> table;  // set by resolve(); nullopt for what is no known table
};

// A column, or an expression over the columns of one relation.
struct ColumnUse {
  int relation = -1;       // index into QueryBlock::relations of `block`; -1 where it could not be resolved
  int block = -1;          // the block whose relation it is; differs from the user's block when correlated
  std::string qualifier;   // as written
  std::string column;      // the (first) column
  std::string expression;  // canonical text when it is more than the bare column: "lower(email)", else empty
  std::string function;    // outermost function of the expression: "lower", "date_trunc"; empty for operators
  std::string cast;        // target type where the expression is a plain cast of the column
  std::vector<std::string> columns;  // every column the expression reads
};

enum class PredicateKind : std::uint8_t {
  kEqual,
  kRange,  // < <= > >= BETWEEN
  kIn,     // IN (...), = ANY (...)
  kLike,
  kILike,
  kRegex,
  kIsNull,
  kIsNotNull,
  kIsTrue,  // a boolean column by itself, or IS TRUE
  kIsFalse,
  kNotEqual,
  kNotIn,       // NOT IN of a list
  kContains,    // @> <@ ? ?| ?& &&: jsonb, arrays, ranges
  kTextSearch,  // @@
  kOther,
};

enum class ValueKind : std::uint8_t { kParameter, kConstant, kExpression, kSubquery, kNone };

struct Predicate {
  ColumnUse column;
  PredicateKind kind = PredicateKind::kOther;
  std::string op;  // the operator as written: "<=", "@>", "~~*"
  ValueKind value = ValueKind::kNone;
  std::vector<std::string> constants;  // text of literal values, where there are any
  std::vector<std::string>
      estimates;           // the values, those of expressions of constants worked out; for estimates only
  std::string value_cast;  // type the value is cast to, as written: "numeric"; empty if none
  std::string value_type;  // "text", "integer", "numeric", "boolean" for an uncast literal; empty otherwise
  int in_list_length = 0;
  int subquery_block = -1;  // of `= ANY (SELECT ...)` and its kin
  // Predicates with the same or_group >= 0 are branches of one OR; or_branch tells which. -1: AND-ed.
  int or_group = -1;
  int or_branch = -1;
};

struct JoinPredicate {
  ColumnUse left;
  ColumnUse right;
  std::string op = "=";
  bool equality = true;
};

struct OrderItem {
  ColumnUse column;  // positions (ORDER BY 1) and output aliases are resolved to what they name
  bool descending = false;
  bool nulls_first = false;  // the default is `descending`, which also stands for MySQL's only order of NULLs
};

enum class SubqueryUse : std::uint8_t {
  kTop,
  kFrom,
  kCte,
  kScalar,
  kExists,
  kNotExists,
  kIn,
  kNotIn,
  kSetOperation
};

struct QueryBlock {
  SubqueryUse use = SubqueryUse::kTop;
  int parent = -1;  // the block it stands in; -1 for the top
  std::vector<Relation> relations;
  std::vector<Predicate> predicates;  // WHERE and join conditions that compare with a value
  std::vector<JoinPredicate> joins;   // conditions between two relations, outer references included
  std::vector<ColumnUse> group_by;
  std::vector<OrderItem> order_by;
  std::vector<ColumnUse> distinct_on;
  std::vector<ColumnUse> output;          // plain columns and expressions of the target list
  std::vector<std::string> output_names;  // of every target in order; "*" for a star
  std::vector<int> output_at;             // of every target: its position in `output`, -1 where it has none
  std::vector<ColumnUse>
      others;  // every further column the block reads (aggregates' arguments, CASE, HAVING)
  bool distinct = false;
  bool star = false;  // SELECT * or t.*
  bool has_limit = false;
  bool has_offset = false;
  std::optional<double> limit;  // where written as a literal
  std::optional<double> offset;
  bool has_aggregate = false;
  bool has_window = false;
  bool has_having = false;
  bool for_update = false;
  bool correlated = false;  // refers to a relation of an outer block
  ColumnUse in_column;      // of kIn and kNotIn: the outer column compared with the block's output
  bool recursive = false;
};

struct StatementShape {
  Engine engine = Engine::kPostgres;  // whose dialect it was read as; kMySql stands for MariaDB too
  StatementKind kind = StatementKind::kUnknown;
  bool parsed = false;  // false: the parser refused; only `kind` is set (from the lexer)
  std::string why_not;  // where parsed is false
  // blocks[0] is the top: of a DML its WHERE, with the target as relation 0 (of MySQL's UPDATE and DELETE of
  // several tables the first one that is changed). None for a utility statement.
  std::vector<QueryBlock> blocks;
  std::vector<std::string> written_columns;  // INSERT list or UPDATE SET
  int insert_rows = 0;                       // VALUES lists of an INSERT; 0 for INSERT ... SELECT
  std::vector<std::string> functions;        // every function called, as written, sorted, once
  std::vector<std::string> operators;
  int parameters = 0;  // the highest $n
};

// Ties names to tables and columns; what stays unknown keeps relation -1 or no table. Views are not expanded. Names
// without a schema mean tables of `default_schema` (MySQL's default database) where it is given, else of the first
// schema along the search path that has them.
void resolve(StatementShape& shape, const Schema& schema, std::string_view default_schema = {});

// Every (table, shape relation) of the statement that is a known table, sub-queries included.
[[nodiscard]] std::vector<TableName> tables_of(const StatementShape& shape);

}  // namespace planwise
