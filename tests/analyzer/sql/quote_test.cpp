#include "analyzer/sql/quote.h"

#include <gtest/gtest.h>
#include <pg_query.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace planwise {
namespace {

using nlohmann::json;

constexpr Engine kPg = Engine::kPostgres;
constexpr Engine kMy = Engine::kMySql;

const std::vector<std::string>& hostile_names() {
  static const std::vector<std::string> kNames{"orders",     "Orders",
                                               "order",      "user",
                                               "left",       "between",
                                               "a b",        "a\"b",
                                               "\"\"",       "per%cent",
                                               "per%%s",     "new\nline",
                                               "tab\there",  "semi;",
                                               "--comment",  "/* */",
                                               "it's",       "$1",
                                               "1st",        "back\\sl",
                                               "Größe",      "Заказы",
                                               "注文",       "😀",
                                               "a.b",        "_x",
                                               "x_1",        "`tick`",
                                               "json_table", "a$b",
                                               "CamelCase",  " ",
                                               "virtual",    std::string(200, 'x')};
  return kNames;
}

// The parse tree of the single statement in `sql`; null where PostgreSQL's parser refuses it.
json parsed(const std::string& sql) {
  const PgQueryParseResult result = pg_query_parse(sql.c_str());
  json tree = result.error != nullptr ? json() : json::parse(result.parse_tree)["stmts"];
  pg_query_free_parse_result(result);
  return tree.size() == 1 ? tree[0]["stmt"] : json();
}

// PostgreSQL itself cuts names after 63 bytes; the names above are either short or plain ASCII.
std::string as_stored(const std::string& name) {
  return name.substr(0, 63);
}

TEST(Quote, HostileNamesComeBackFromPostgresParser) {
  for (const std::string& name : hostile_names()) {
    const std::string sql = "SELECT " + quoted(name, kPg) + " FROM " + quoted(TableName{name, name}, kPg);
    const json statement = parsed(sql);
    ASSERT_FALSE(statement.is_null()) << sql;
    const json& select = statement["SelectStmt"];
    EXPECT_EQ(select["fromClause"][0]["RangeVar"]["relname"], as_stored(name)) << sql;
    EXPECT_EQ(select["fromClause"][0]["RangeVar"]["schemaname"], as_stored(name)) << sql;
    const json& column = select["targetList"][0]["ResTarget"]["val"]["ColumnRef"]["fields"][0];
    EXPECT_EQ(column["String"]["sval"], as_stored(name)) << sql;
  }
}

TEST(Quote, LiteralsComeBackFromPostgresParser) {
  for (const std::string& text : hostile_names()) {
    const json statement = parsed("SELECT " + literal(text, kPg));
    ASSERT_FALSE(statement.is_null()) << text;
    EXPECT_EQ(statement["SelectStmt"]["targetList"][0]["ResTarget"]["val"]["A_Const"]["sval"]["sval"], text);
  }
}

TEST(Quote, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(quoted("orders", kPg), "orders");
  EXPECT_EQ(quoted("status", kPg), "status");
  EXPECT_EQ(quoted("Orders", kPg), "\"Orders\"");
  EXPECT_EQ(quoted("order", kPg), "\"order\"");
  EXPECT_EQ(quoted("say \"hi\"", kPg), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(quoted("Orders", kMy), "Orders");
  EXPECT_EQ(quoted("order", kMy), "`order`");
  EXPECT_EQ(quoted("rank", kMy), "`rank`");
  EXPECT_EQ(quoted("a`b", kMy), "`a``b`");
  EXPECT_EQ(quoted(TableName{"", "t"}, kPg), "t");
  EXPECT_EQ(quoted(TableName{"My App", "user"}, kPg), "\"My App\".\"user\"");
}

TEST(Quote, BackslashesAreDoubled) {
  EXPECT_EQ(literal("it's", kPg), "'it''s'");
  EXPECT_EQ(literal("a\\'b", kPg), "E'a\\\\''b'");
  EXPECT_EQ(literal("a\\'b", kMy), "'a\\\\''b'");
}

IndexDef full_definition() {
  IndexDef def{.table = {"public", "Orders"}};
  def.keys = {{.expression = "customer_id"},
              {.expression = "created_at", .descending = true, .nulls_first = true},
              {.expression = "closed_at", .descending = true},
              {.expression = "opened_at", .nulls_first = true},
              {.expression = "name", .opclass = "text_pattern_ops", .collation = "de_DE.utf8"},
              {.expression = "lower(email)", .is_expression = true},
              {.expression = "data ->> 'a)'", .is_expression = true}};
  def.include = {"total", "order"};
  def.predicate = "deleted_at IS NULL";
  def.unique = true;
  def.nulls_not_distinct = true;
  def.options = {{"fillfactor", "90"}};
  return def;
}

TEST(Quote, CreateIndexSaysEverythingOnce) {
  const std::string sql = create_index(full_definition(), "Orders_idx", kPg, true);
  EXPECT_EQ(
      sql,
      "CREATE UNIQUE INDEX CONCURRENTLY \"Orders_idx\" ON public.\"Orders\" (customer_id, created_at DESC, "
      "closed_at DESC NULLS LAST, opened_at NULLS FIRST, name COLLATE \"de_DE.utf8\" text_pattern_ops, "
      "lower(email), (data ->> 'a)')) INCLUDE (total, \"order\") NULLS NOT DISTINCT WITH (fillfactor = 90) "
      "WHERE deleted_at IS NULL");
  EXPECT_FALSE(parsed(sql).is_null());
}

TEST(Quote, AccessMethodAndQualifiedOperatorClass) {
  IndexDef def{.table = {"public", "t"},
               .keys = {{.expression = "c", .opclass = "ext.gist_trgm_ops(siglen='32')"}}};
  def.method = IndexMethod::kGist;
  const std::string sql = create_index(def, "t_c_idx", kPg, false);
  EXPECT_EQ(sql, "CREATE INDEX t_c_idx ON public.t USING gist (c ext.gist_trgm_ops(siglen='32'))");
  EXPECT_FALSE(parsed(sql).is_null());
}

TEST(Quote, TwoCallsAreNotTakenForOne) {
  const IndexDef def{.table = {"", "t"}, .keys = {{.expression = "f(a) || f(b)", .is_expression = true}}};
  EXPECT_EQ(index_columns(def, kPg), "((f(a) || f(b)))");
  const IndexDef both{.table = {"", "t"}, .keys = {{.expression = "(a) || (b)", .is_expression = true}}};
  EXPECT_EQ(index_columns(both, kPg), "(((a) || (b)))");
}

TEST(Quote, MySqlHasPrefixesAndKinds) {
  IndexDef def{.table = {"shop", "orders"},
               .keys = {{.expression = "note", .prefix_length = 20},
                        {.expression = "id", .descending = true},
                        {.expression = "lower(`email`)", .is_expression = true}}};
  EXPECT_EQ(create_index(def, "orders_note_idx", kMy, true),
            "CREATE INDEX orders_note_idx ON shop.orders (note(20), id DESC, (lower(`email`)))");
  def.keys.resize(1);
  def.keys[0].prefix_length.reset();
  def.method = IndexMethod::kFullText;
  EXPECT_EQ(create_index(def, "orders_note_idx", kMy, false),
            "CREATE FULLTEXT INDEX orders_note_idx ON shop.orders (note)");
}

std::string named(const std::string& table, std::vector<IndexKey> keys, std::vector<std::string> include = {},
                  std::vector<std::string> taken = {}) {
  Table owner{.name = {"public", table}};
  for (std::string& name : taken) {
    owner.indexes.push_back(Index{.name = std::move(name)});
  }
  const IndexDef def{.table = owner.name, .keys = std::move(keys), .include = std::move(include)};
  return index_name(def, owner, kPg);
}

IndexKey expression(std::string text) {
  return IndexKey{.expression = std::move(text), .is_expression = true};
}

// Every expected name was made by a PostgreSQL 15 server from CREATE INDEX without a name.
TEST(Quote, IndexNamesAreThoseOfPostgres) {
  EXPECT_EQ(named("orders", {{.expression = "customer_id"}, {.expression = "created_at"}}),
            "orders_customer_id_created_at_idx");
  EXPECT_EQ(
      named("orders", {expression("lower(email)"), expression("upper(email)"), expression("lower(email)")},
            {"id"}),
      "orders_lower_upper_lower1_id_idx");
  EXPECT_EQ(named("orders", {expression("(data ->> 'a'::text)"), expression("data ->> 'b'::text")}),
            "orders_expr_expr1_idx");
  EXPECT_EQ(named("orders", {expression("((email)::character varying)")}), "orders_email_idx");
  EXPECT_EQ(named("orders", {expression("COALESCE(email, 'x'::text)"), expression("(id + 1)")}),
            "orders_coalesce_expr_idx");
  EXPECT_EQ(named("Заказы покупателей за очень длинн",
                  {{.expression = "Имя покупателя и адрес доставки"}, {.expression = "a"}}),
            "Заказы покупате_Имя покупателя _idx");
}

TEST(Quote, LongIndexNamesAreCutAndStayUnique) {
  const std::string table = "a_table_with_a_name_of_sixty_three_bytes_which_is_the_longest_o";
  const IndexKey key{.expression = "a_column_with_a_rather_long_name"};
  const std::string first = "a_table_with_a_name_of_sixty__a_column_with_a_rather_long_n_idx";
  EXPECT_EQ(named(table, {key}), first);
  EXPECT_EQ(named(table, {key}, {}, {first}),
            "a_table_with_a_name_of_sixty__a_column_with_a_rather_long__idx1");
}

}  // namespace
}  // namespace planwise
