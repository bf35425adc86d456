#include "analyzer/sql/shape_postgres.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace planwise {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

StatementShape shape(std::string_view sql) {
  StatementShape read = shape_postgres(sql);
  EXPECT_TRUE(read.parsed) << sql << ": " << read.why_not;
  if (read.blocks.empty()) {
    read.blocks.emplace_back();
  }
  return read;
}

std::string name(const ColumnUse& use) {
  const std::string text = use.expression.empty() ? use.column : use.expression;
  return use.qualifier.empty() ? text : use.qualifier + ":" + text;
}

std::string word(PredicateKind kind) {
  static const std::vector<std::string> kWords{"equal",     "range",  "in",       "like", "ilike",
                                               "regex",     "null",   "not-null", "true", "false",
                                               "not-equal", "not-in", "contains", "text", "other"};
  return kWords.at(static_cast<std::size_t>(kind));
}

// "status equal", "a range |0.1" for branch 1 of OR group 0.
std::vector<std::string> predicates(const QueryBlock& block) {
  std::vector<std::string> out;
  for (const Predicate& each : block.predicates) {
    std::string text = name(each.column) + " " + word(each.kind);
    if (each.or_group >= 0) {
      text += " |" + std::to_string(each.or_group) + "." + std::to_string(each.or_branch);
    }
    out.push_back(std::move(text));
  }
  return out;
}

std::vector<std::string> where(std::string_view condition) {
  return predicates(shape("SELECT 1 FROM t WHERE " + std::string(condition)).blocks[0]);
}

std::vector<std::string> joins(const QueryBlock& block) {
  std::vector<std::string> out;
  for (const JoinPredicate& each : block.joins) {
    out.push_back(name(each.left) + " " + each.op + " " + name(each.right));
  }
  return out;
}

std::vector<std::string> order(const QueryBlock& block) {
  std::vector<std::string> out;
  for (const OrderItem& each : block.order_by) {
    out.push_back(
        name(each.column) + (each.descending ? " desc" : "") +
        (each.nulls_first != each.descending ? (each.nulls_first ? " nulls-first" : " nulls-last") : ""));
  }
  return out;
}

std::vector<std::string> names(const std::vector<ColumnUse>& uses) {
  std::vector<std::string> out;
  for (const ColumnUse& use : uses) {
    out.push_back(name(use));
  }
  return out;
}

TEST(ShapePostgres, ComparisonsWithValues) {
  EXPECT_THAT(where("a = $1 AND b < 5 AND c IN (1, 2) AND d = ANY ($2) AND e BETWEEN 1 AND 2"),
              ElementsAre("a equal", "b range", "c in", "d in", "e range"));
  EXPECT_THAT(where("a LIKE 'x%' AND b ILIKE $1 AND c ~ 'x' AND d IS NULL AND e IS NOT NULL"),
              ElementsAre("a like", "b ilike", "c regex", "d null", "e not-null"));
  EXPECT_THAT(where("active AND NOT deleted AND f IS TRUE AND g IS FALSE AND h <> 1 AND i NOT IN (1)"),
              ElementsAre("active true", "deleted false", "f true", "g false", "h not-equal", "i not-in"));
  EXPECT_THAT(where("tags @> '{a}' AND doc ? 'k' AND r && $1 AND v @@ to_tsquery('x')"),
              ElementsAre("tags contains", "doc contains", "r contains", "v text"));
  EXPECT_THAT(
      where(
          "a SIMILAR TO 'x' AND b NOT LIKE 'x' AND c NOT BETWEEN 1 AND 2 AND d IS DISTINCT FROM 1 AND f(e)"),
      ElementsAre("a regex", "b other", "c other", "d other", "f(e) other"));
}

TEST(ShapePostgres, TheColumnMayStandOnTheRight) {
  const StatementShape read = shape("SELECT 1 FROM t WHERE 5 > a AND $1 = b AND '{x}' <@ c");
  EXPECT_THAT(predicates(read.blocks[0]), ElementsAre("a range", "b equal", "c contains"));
  EXPECT_EQ(read.blocks[0].predicates[0].op, "<");
  EXPECT_EQ(read.blocks[0].predicates[2].op, "@>");
}

TEST(ShapePostgres, ValuesTellTheirKind) {
  const auto value = [](std::string_view condition) {
    return shape("SELECT 1 FROM t WHERE " + std::string(condition)).blocks[0].predicates.at(0);
  };
  EXPECT_EQ(value("a = $3").value, ValueKind::kParameter);
  EXPECT_EQ(value("a = 'x'").value_type, "text");
  EXPECT_THAT(value("a = 'x'").constants, ElementsAre("x"));
  EXPECT_EQ(value("a = 1.5").value_type, "numeric");
  EXPECT_EQ(value("a = $1::numeric").value_cast, "numeric");
  EXPECT_EQ(value("a = $1::numeric").value, ValueKind::kParameter);
  EXPECT_EQ(value("a > now() - interval '1 day'").value, ValueKind::kExpression);
  EXPECT_EQ(value("a = (SELECT max(b) FROM u)").value, ValueKind::kSubquery);
  EXPECT_EQ(value("a IN ($1, $2, $3)").in_list_length, 3);
  EXPECT_THAT(value("a = -5").constants, ElementsAre("-5"));
  EXPECT_THAT(value("a = - 012").constants, ElementsAre("-12"));
  EXPECT_THAT(value("a = 0").constants, ElementsAre("0"));
  EXPECT_THAT(value("a = -0").constants, ElementsAre("0"));
  EXPECT_THAT(value("a IN ('x', 'y')").constants, ElementsAre("x", "y"));
  EXPECT_EQ(value("a = ANY (ARRAY[1, 2]::int[])").in_list_length, 2);
}

TEST(ShapePostgres, OrBranchesAreTold) {
  EXPECT_THAT(where("x = 0 AND (a = 1 OR b = 2 AND c > 3)"),
              ElementsAre("x equal", "a equal |0.0", "b equal |0.1", "c range |0.1"));
  EXPECT_THAT(where("(a = 1 OR b = 2) AND (c = 3 OR d = 4)"),
              ElementsAre("a equal |0.0", "b equal |0.1", "c equal |1.0", "d equal |1.1"));
  EXPECT_THAT(where("NOT (a = 1 AND b > 2)"), ElementsAre("a not-equal |0.0", "b range |0.1"));
  EXPECT_THAT(where("NOT (a = 1 OR b > 2)"), ElementsAre("a not-equal", "b range"));
  EXPECT_THAT(where("a = 1 OR (b = 2 AND (c = 3 OR d = 4))").back(), HasSubstr("other |0.1"));
}

TEST(ShapePostgres, ExpressionsAreTextForCreateIndex) {
  EXPECT_THAT(where("lower(email) = 'x'"), ElementsAre("lower(email) equal"));
  EXPECT_THAT(where("created_at::date = '2020-01-01'"), ElementsAre("(created_at)::date equal"));
  EXPECT_THAT(where("data ->> 'k' = 'x' AND data #>> '{a,b}' = 'y'"),
              ElementsAre("(data ->> 'k') equal", "(data #>> '{a,b}') equal"));
  EXPECT_THAT(where("date_trunc('day', at) = $1 AND extract(year FROM at) = 5"),
              ElementsAre("date_trunc('day', at) equal", "EXTRACT(year FROM at) equal"));
  EXPECT_THAT(
      where("coalesce(a, 0) > 5 AND a * 2 > 5 AND -a = 1 AND \"Mixed Case\" || 'x' = 'y'"),
      ElementsAre("COALESCE(a, 0) range", "(a * 2) range", "(- a) equal", "(\"Mixed Case\" || 'x') equal"));
  const ColumnUse use = shape("SELECT 1 FROM t WHERE lower(t.email) = 'x'").blocks[0].predicates[0].column;
  EXPECT_EQ(use.function, "lower");
  EXPECT_EQ(use.column, "email");
  EXPECT_EQ(use.relation, 0);
  EXPECT_EQ(shape("SELECT 1 FROM t WHERE a::numeric(10,2) = 1").blocks[0].predicates[0].column.cast,
            "numeric(10,2)");
}

TEST(ShapePostgres, RowComparisons) {
  EXPECT_THAT(where("(a, b) = (1, 2)"), ElementsAre("a equal", "b equal"));
  const QueryBlock block = shape("SELECT 1 FROM t WHERE (a, b) > ($1, $2)").blocks[0];
  EXPECT_THAT(predicates(block), ElementsAre("a range"));
  EXPECT_EQ(block.predicates[0].op, ">=");
  EXPECT_THAT(names(block.others), ElementsAre("b"));
  EXPECT_THAT(where("(a, b) IN ((1, 2), (3, 4))"), ElementsAre("a in", "b in"));
}

TEST(ShapePostgres, JoinsOfEverySpelling) {
  const QueryBlock on =
      shape("SELECT 1 FROM a JOIN b ON a.x = b.y AND b.z = 5 LEFT JOIN c ON c.p > a.q").blocks[0];
  EXPECT_THAT(joins(on), ElementsAre("a:x = b:y", "c:p > a:q"));
  EXPECT_THAT(predicates(on), ElementsAre("b:z equal"));
  EXPECT_FALSE(on.joins[1].equality);
  EXPECT_FALSE(on.relations[1].outer);
  EXPECT_TRUE(on.relations[2].outer);
  EXPECT_EQ(on.joins[0].right.relation, 1);
  EXPECT_THAT(joins(shape("SELECT 1 FROM a, b WHERE a.x = b.y").blocks[0]), ElementsAre("a:x = b:y"));
  EXPECT_THAT(joins(shape("SELECT 1 FROM a JOIN b USING (x, y)").blocks[0]),
              ElementsAre("a:x = b:x", "a:y = b:y"));
  EXPECT_THAT(where("t.a = t.b"), ElementsAre("t:a other"));
}

TEST(ShapePostgres, AnOuterJoinDoesNotFilterTheSideItKeeps) {
  const QueryBlock block =
      shape("SELECT 1 FROM a LEFT JOIN b ON a.id = b.id AND a.x = 1 AND b.y = 2 WHERE a.z = 3").blocks[0];
  EXPECT_THAT(predicates(block), ElementsAre("a:x other", "b:y equal", "a:z equal"));
}

TEST(ShapePostgres, GroupAndOrderByPositionAndAlias) {
  const QueryBlock block = shape(
                               "SELECT date_trunc('day', at) AS day, b, count(*) FROM t GROUP BY day, 2 "
                               "ORDER BY 1 DESC, b NULLS FIRST, 3")
                               .blocks[0];
  EXPECT_THAT(names(block.group_by), ElementsAre("date_trunc('day', at)", "b"));
  EXPECT_THAT(order(block), ElementsAre("date_trunc('day', at) desc", "b nulls-first", ""));
  EXPECT_TRUE(block.has_aggregate);
  EXPECT_THAT(names(shape("SELECT 1 FROM t GROUP BY ROLLUP (a, b)").blocks[0].group_by),
              ElementsAre("a", "b"));
  EXPECT_EQ(shape("SELECT 1 FROM t ORDER BY random() LIMIT 1").blocks[0].order_by[0].column.function,
            "random");
}

TEST(ShapePostgres, DistinctLimitsAndLocks) {
  const QueryBlock block =
      shape("SELECT DISTINCT ON (a) a, b FROM t ORDER BY a LIMIT 10 OFFSET 20 FOR UPDATE").blocks[0];
  EXPECT_TRUE(block.distinct && block.has_limit && block.has_offset && block.for_update);
  EXPECT_THAT(names(block.distinct_on), ElementsAre("a"));
  EXPECT_EQ(block.limit, 10);
  EXPECT_EQ(block.offset, 20);
  EXPECT_FALSE(shape("SELECT 1 FROM t LIMIT ALL").blocks[0].has_limit);
  EXPECT_TRUE(shape("SELECT 1 FROM t FETCH FIRST 5 ROWS ONLY").blocks[0].has_limit);
  EXPECT_FALSE(shape("SELECT 1 FROM t LIMIT $1").blocks[0].limit);
}

TEST(ShapePostgres, OutputsAndOthers) {
  const QueryBlock block =
      shape("SELECT t.a, lower(b) AS l, sum(c), CASE WHEN d THEN 1 END FROM t HAVING max(e) > 1").blocks[0];
  EXPECT_THAT(names(block.output), ElementsAre("t:a", "lower(b)", "d"));
  EXPECT_THAT(names(block.others), UnorderedElementsAre("e", "c"));
  EXPECT_THAT(block.output_names, ElementsAre("a", "l", "sum", "?column?"));
  EXPECT_TRUE(shape("SELECT t.* FROM t").blocks[0].star);
  EXPECT_FALSE(shape("SELECT count(*) FROM t").blocks[0].star);
  EXPECT_TRUE(shape("SELECT rank() OVER (ORDER BY a) FROM t").blocks[0].has_window);
}

TEST(ShapePostgres, SubqueriesOfEveryKind) {
  const StatementShape read = shape(
      "SELECT (SELECT max(x) FROM a WHERE a.id = t.id) FROM t, (SELECT y FROM b) s WHERE EXISTS (SELECT 1 "
      "FROM c WHERE "
      "c.t_id = t.id) AND NOT EXISTS (SELECT 1 FROM d) AND t.e IN (SELECT z FROM e) AND t.f NOT IN (SELECT w "
      "FROM f)");
  std::vector<std::pair<SubqueryUse, bool>> uses;
  for (const QueryBlock& block : read.blocks) {
    uses.emplace_back(block.use, block.correlated);
  }
  EXPECT_THAT(uses, UnorderedElementsAre(
                        std::pair(SubqueryUse::kTop, false), std::pair(SubqueryUse::kFrom, false),
                        std::pair(SubqueryUse::kExists, true), std::pair(SubqueryUse::kNotExists, false),
                        std::pair(SubqueryUse::kIn, false), std::pair(SubqueryUse::kNotIn, false),
                        std::pair(SubqueryUse::kScalar, true)));
  for (const QueryBlock& block : read.blocks) {
    if (block.use == SubqueryUse::kExists) {
      EXPECT_THAT(joins(block), ElementsAre("c:t_id = t:id"));
      EXPECT_EQ(block.joins[0].right.block, 0);
      EXPECT_EQ(block.joins[0].left.block, 2);
    }
    if (block.use == SubqueryUse::kNotIn) {
      EXPECT_EQ(name(block.in_column), "t:f");
    }
  }
  EXPECT_THAT(predicates(read.blocks[0]), ElementsAre("t:e in", "t:f not-in"));
  EXPECT_EQ(read.blocks[0].predicates[0].value, ValueKind::kSubquery);
}

TEST(ShapePostgres, CommonTableExpressions) {
  const StatementShape read = shape(
      "WITH RECURSIVE tree AS (SELECT id FROM node WHERE parent IS NULL UNION ALL SELECT n.id FROM node n "
      "JOIN tree ON "
      "n.parent = tree.id) SELECT * FROM tree WHERE id > 5");
  EXPECT_EQ(read.blocks[0].relations[0].kind, RelationKind::kCte);
  EXPECT_EQ(read.blocks[0].relations[0].block, 1);
  EXPECT_EQ(read.blocks[1].use, SubqueryUse::kCte);
  EXPECT_TRUE(read.blocks[1].recursive);
  EXPECT_EQ(read.blocks[3].use, SubqueryUse::kSetOperation);
  EXPECT_EQ(read.blocks[3].relations[1].kind, RelationKind::kCte);
  EXPECT_THAT(read.blocks[1].output_names, ElementsAre("id"));
}

TEST(ShapePostgres, WritesTellTargetAndColumns) {
  const StatementShape insert = shape(
      "INSERT INTO s.t (a, b) VALUES (1, 2), (3, 4) ON CONFLICT (a) DO UPDATE SET b = excluded.b, c = now() "
      "RETURNING id");
  EXPECT_EQ(insert.kind, StatementKind::kInsert);
  EXPECT_EQ(insert.insert_rows, 2);
  EXPECT_THAT(insert.written_columns, ElementsAre("a", "b", "c"));
  EXPECT_EQ(insert.blocks[0].relations[0].schema, "s");
  EXPECT_THAT(insert.functions, ElementsAre("now"));
  const StatementShape copy = shape("INSERT INTO t SELECT * FROM u WHERE x = 1");
  EXPECT_EQ(copy.insert_rows, 0);
  EXPECT_THAT(predicates(copy.blocks[1]), ElementsAre("x equal"));
  const StatementShape update = shape("UPDATE t SET a = a + 1, b = u.b FROM u WHERE t.id = u.id AND t.c = 5");
  EXPECT_EQ(update.kind, StatementKind::kUpdate);
  EXPECT_THAT(update.written_columns, ElementsAre("a", "b"));
  EXPECT_THAT(joins(update.blocks[0]), ElementsAre("t:id = u:id"));
  EXPECT_THAT(predicates(update.blocks[0]), ElementsAre("t:c equal"));
  const StatementShape remove = shape("DELETE FROM t USING u WHERE t.id = u.id AND u.x < $1");
  EXPECT_EQ(remove.kind, StatementKind::kDelete);
  EXPECT_THAT(joins(remove.blocks[0]), ElementsAre("t:id = u:id"));
  EXPECT_EQ(remove.parameters, 1);
  const StatementShape merge = shape(
      "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED AND u.x > 1 THEN UPDATE SET a = u.a WHEN NOT MATCHED "
      "THEN INSERT "
      "(id) VALUES (u.id)");
  EXPECT_EQ(merge.kind, StatementKind::kMerge);
  EXPECT_THAT(joins(merge.blocks[0]), ElementsAre("t:id = u:id"));
  EXPECT_THAT(merge.written_columns, ElementsAre("a", "id"));
}

TEST(ShapePostgres, TypedLiteralsThatLostTheirConstantsAreRead) {
  EXPECT_THAT(where("a >= date $1 AND b < now() - interval $2 AND extract($3 FROM c) = $4"),
              ElementsAre("a range", "b range", "date_part($3, c) equal"));
}

TEST(ShapePostgres, WhatTheParserRefusesKeepsItsKindAndReason) {
  const StatementShape broken = shape_postgres("WITH a AS (SELECT 1) DELETE FROM t WHERE WHERE 'secret'");
  EXPECT_FALSE(broken.parsed);
  EXPECT_EQ(broken.kind, StatementKind::kDelete);
  EXPECT_THAT(broken.why_not, HasSubstr("syntax error"));
  EXPECT_THAT(shape_postgres("SELECT 1; SELECT 2").why_not, HasSubstr("several"));
  EXPECT_EQ(shape_postgres("").kind, StatementKind::kUnknown);
  EXPECT_EQ(shape("VACUUM t").kind, StatementKind::kUtility);
}

TEST(ShapePostgres, DeepTextsAreReadOrRefusedButNeverCrash) {
  const auto chain = [](std::string_view head, std::string_view link, int count) {
    std::string sql(head);
    for (int i = 0; i < count; ++i) {
      sql += link;
    }
    return sql;
  };
  EXPECT_TRUE(shape_postgres(chain("SELECT 1 FROM t WHERE a = 1", " + 1", 4900)).parsed);
  EXPECT_TRUE(shape_postgres(chain("SELECT 1", " UNION ALL SELECT 1", 2400)).parsed);
  EXPECT_TRUE(shape_postgres(chain("SELECT 1 FROM t", " CROSS JOIN t", 4900)).parsed);
  EXPECT_FALSE(shape_postgres(chain("SELECT 1", " + 1", 6000)).parsed);
  EXPECT_FALSE(shape_postgres("SELECT '" + std::string(300'000, 'x') + "'").parsed);
  static_cast<void>(shape_postgres(chain("SELECT ", "(", 4900)));
}

Schema shop() {
  const auto table = [](std::string name, const std::vector<std::string>& columns) {
    Table out{.name = {"public", std::move(name)}};
    for (const std::string& column : columns) {
      out.columns.push_back({.name = column});
    }
    return out;
  };
  Schema schema{
      .tables = {table("customers", {"id", "name"}), table("orders", {"id", "customer_id", "total"})}};
  schema.search_path = {"public"};
  return schema;
}

StatementShape resolved(std::string_view sql) {
  StatementShape read = shape(sql);
  resolve(read, shop());
  return read;
}

TEST(ShapeResolve, UnqualifiedColumnsAreLookedUpInTheTables) {
  const QueryBlock block =
      resolved("SELECT name FROM customers c JOIN orders o ON c.id = customer_id WHERE total > 5").blocks[0];
  EXPECT_EQ(block.relations[1].table, (TableName{"public", "orders"}));
  EXPECT_EQ(block.predicates[0].column.relation, 1);
  EXPECT_EQ(block.output[0].relation, 0);
  EXPECT_EQ(block.joins[0].right.relation, 1);
}

TEST(ShapeResolve, AnUnqualifiedColumnOfTheOuterQueryCorrelates) {
  const StatementShape read =
      resolved("SELECT 1 FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE customer_id = name)");
  EXPECT_TRUE(read.blocks[1].correlated);
  ASSERT_EQ(read.blocks[1].joins.size(), 1U);
  EXPECT_EQ(read.blocks[1].joins[0].right.block, 0);
}

TEST(ShapeResolve, NaturalJoinsUseTheCommonColumns) {
  EXPECT_THAT(joins(resolved("SELECT 1 FROM customers NATURAL JOIN orders").blocks[0]),
              ElementsAre("customers:id = orders:id"));
}

TEST(ShapeResolve, TwoColumnsOfOneTableJoinNothing) {
  const QueryBlock block = resolved("SELECT 1 FROM customers, orders WHERE customer_id = total").blocks[0];
  EXPECT_THAT(joins(block), IsEmpty());
  EXPECT_THAT(predicates(block), ElementsAre("customer_id other"));
}

TEST(ShapeResolve, ColumnsOfDerivedTablesAreKnownByTheirNames) {
  const QueryBlock block =
      resolved(
          "SELECT 1 FROM (SELECT max(total) AS top FROM orders) s, customers WHERE top = 5 AND name = 'x'")
          .blocks[0];
  EXPECT_EQ(block.predicates[0].column.relation, 0);
  EXPECT_EQ(block.predicates[1].column.relation, 1);
}

TEST(ShapeResolve, TablesAreListedOnce) {
  EXPECT_THAT(
      tables_of(resolved("SELECT 1 FROM orders a, orders b WHERE a.id IN (SELECT id FROM customers)")),
      ElementsAre(TableName{"public", "customers"}, TableName{"public", "orders"}));
}

}  // namespace
}  // namespace planwise
