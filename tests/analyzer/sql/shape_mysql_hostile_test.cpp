// Texts of strangers are read or refused, soon, and never crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "analyzer/sql/fingerprint.h"
#include "analyzer/sql/lexer.h"
#include "analyzer/sql/shape_mysql.h"
#include "tests/support/statement_lines.h"

namespace planwise {
namespace {

using testing::HasSubstr;

std::string repeated(std::string_view head, std::string_view link, int count, std::string_view tail = "") {
  std::string sql(head);
  for (int i = 0; i < count; ++i) {
    sql += link;
  }
  return sql.append(tail);
}

std::string why_not(const std::string& sql) {
  const StatementShape read = shape_mysql(sql);
  EXPECT_FALSE(read.parsed) << sql.substr(0, 100);
  return read.why_not;
}

TEST(ShapeMySqlHostile, ChainsAreReadAsFarAsTheyStayFlat) {
  EXPECT_TRUE(shape_mysql(repeated("SELECT 1 FROM t WHERE a = 1", " AND a = 1", 5'000)).parsed);
  EXPECT_TRUE(shape_mysql(repeated("SELECT 1 FROM t WHERE a IN (1", ", 1", 20'000, ")")).parsed);
  EXPECT_TRUE(shape_mysql(repeated("SELECT 1 FROM t WHERE a = 1", " + a", 390)).parsed);
  EXPECT_TRUE(shape_mysql(repeated("SELECT 1", " UNION ALL SELECT 1", 390)).parsed);
  EXPECT_TRUE(shape_mysql(repeated("SELECT 1 FROM t", " JOIN t", 60)).parsed);
  EXPECT_TRUE(
      shape_mysql(repeated(repeated("SELECT 1 FROM t WHERE ", "(", 2'900) + "a = 1", " OR b = 2)", 2'900))
          .parsed)
      << "as query builders nest them";
  EXPECT_TRUE(
      shape_mysql(repeated(repeated("", "SELECT a FROM t WHERE a IN (", 63) + "SELECT 1", ")", 63)).parsed)
      << "as deep as MySQL nests queries";
}

TEST(ShapeMySqlHostile, WhatIsTooDeepIsRefused) {
  EXPECT_THAT(why_not(repeated("SELECT ", "(", 100'000)), HasSubstr("3,000 parentheses"));
  EXPECT_THAT(why_not(repeated("SELECT 1 FROM t WHERE a = 1", " + a", 20'000)), HasSubstr("400 levels"));
  EXPECT_THAT(why_not(repeated("SELECT 1", " UNION SELECT 1", 5'000)), HasSubstr("400 levels"));
  EXPECT_THAT(why_not(repeated("SELECT 1 FROM t WHERE ", "NOT ", 20'000, "a")), HasSubstr("400 levels"));
  EXPECT_THAT(why_not(repeated("SELECT 1 FROM t", ", t", 5'000)), HasSubstr("61 tables"));
  EXPECT_THAT(why_not(repeated("SELECT 1 FROM t", " LEFT JOIN t", 5'000)), HasSubstr("61 tables"));
  for (const std::string_view link :
       {"f(", "SELECT (", "CASE WHEN ", "INTERVAL ", "{d ", "convert(", "(SELECT 1 FROM (", "f() OVER (",
        "a IN (", "a = ANY (SELECT ", "MATCH (a) AGAINST (", "a BETWEEN ", "a LIKE 'x' ESCAPE ", "CAST(",
        "- ", "@x := "}) {
    const std::string why = why_not(repeated("SELECT ", link, 10'000));
    EXPECT_FALSE(why.empty()) << link;
  }
  EXPECT_FALSE(why_not(repeated("", "WITH a AS (", 10'000)).empty());
  EXPECT_FALSE(why_not(repeated("SELECT 1 FROM ", "(", 10'000)).empty());
  EXPECT_EQ(why_not("SELECT '" + std::string(1 << 20, 'x') + "'"), "the statement is longer than 256 KiB");
}

TEST(ShapeMySqlHostile, BrokenTextsAreRefused) {
  for (const std::string_view sql : {"SELECT 'abc",
                                     "SELECT \"abc",
                                     "SELECT `abc",
                                     "SELECT /* abc",
                                     "SELECT x'1",
                                     "SELECT (1",
                                     "SELECT 1)",
                                     "SELECT a.",
                                     "SELECT .",
                                     "(",
                                     ")",
                                     "SELECT CASE",
                                     "SELECT f(",
                                     "INSERT INTO t (",
                                     "UPDATE",
                                     "DELETE",
                                     "WITH",
                                     "SELECT a FROM",
                                     "SELECT \xFF\xFE FROM \xC3 WHERE",
                                     "SELECT @ FROM t WHERE",
                                     "\\"}) {
    EXPECT_FALSE(shape_mysql(sql).parsed) << sql;
    EXPECT_FALSE(shape_mysql(sql).why_not.empty()) << sql;
  }
  EXPECT_TRUE(shape_mysql(std::string_view("SELECT a\0FROM t", 15)).parsed) << "NUL is white space";
}

const std::vector<std::string>& statements() {
  static const std::vector<std::string> kAll = test::statement_lines(PLANWISE_SOURCE_DIR, "statements.sql");
  return kAll;
}

std::vector<std::string> tokens_of(const std::string& sql) {
  std::vector<std::string> tokens;
  Lexer lexer(sql, Engine::kMySql);
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    tokens.emplace_back(lexer.text(token));
  }
  return tokens;
}

// A secret stands among the tokens: it must never come out.
RC_GTEST_PROP(ShapeMySqlHostile, MutatedStatementsAreReadOrRefused, ()) {
  static const std::vector<std::string> kPool{
      "(",      ")",         ",",          ".",    ";",     "*",       "=",       "<=>",   "->",     ":=",
      "?",      "...",       "'s3cr3t'",   "AND",  "OR",    "NOT",     "BETWEEN", "IN",    "LIKE",   "ESCAPE",
      "IS",     "NULL",      "CASE",       "WHEN", "END",   "SELECT",  "FROM",    "WHERE", "GROUP",  "BY",
      "ORDER",  "LIMIT",     "UNION",      "JOIN", "LEFT",  "ON",      "USING",   "WITH",  "AS",     "VALUES",
      "SET",    "INTERVAL",  "DAY",        "CAST", "MATCH", "AGAINST", "OVER",    "ROW",   "EXISTS", "ANY",
      "{",      "}",         "@x",         "`q`",  "-",     "!",       "/*!",     "*/",    "INTO",   "FOR",
      "UPDATE", "PARTITION", "JSON_TABLE", "1",    "TABLE"};
  std::vector<std::string> tokens = tokens_of(*rc::gen::elementOf(statements()));
  const int edits = *rc::gen::inRange(1, 6);
  for (int i = 0; i < edits && !tokens.empty(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, tokens.size()));
    switch (*rc::gen::inRange(0, 4)) {
      case 0: tokens.erase(tokens.begin() + at); break;
      case 1: tokens.insert(tokens.begin() + at, *rc::gen::elementOf(kPool)); break;
      case 2: tokens[static_cast<std::size_t>(at)] = *rc::gen::elementOf(kPool); break;
      default:
        std::swap(tokens[static_cast<std::size_t>(at)],
                  tokens[*rc::gen::inRange<std::size_t>(0, tokens.size())]);
    }
  }
  std::string sql;
  for (const std::string& token : tokens) {
    sql += token + " ";
  }
  RC_LOG() << sql;
  StatementShape read = shape_mysql(sql);
  RC_ASSERT(read.parsed == read.why_not.empty());
  RC_ASSERT(read.why_not.find("s3cr3t") == std::string::npos);
  RC_ASSERT(normalise(sql, Engine::kMySql).text.find("s3cr3t") == std::string::npos);
  resolve(read, Schema{});
}

RC_GTEST_PROP(ShapeMySqlHostile, AnyBytesAreReadOrRefused, (const std::string& bytes)) {
  const StatementShape read = shape_mysql(bytes);
  RC_ASSERT(read.parsed == read.why_not.empty());
}

}  // namespace
}  // namespace planwise
