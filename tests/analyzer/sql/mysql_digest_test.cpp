// Fingerprints of MySQL's statements group as the server's digests do; see tests/live/mysql_digest_test.cpp.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "analyzer/sql/fingerprint.h"
#include "analyzer/sql/lexer.h"
#include "tests/support/statement_lines.h"

namespace planwise {
namespace {

StatementId id(std::string_view sql) {
  return normalise(sql, Engine::kMariaDb).id;
}

void expect_same(const std::vector<std::string>& texts) {
  for (const std::string& sql : texts) {
    EXPECT_EQ(id(sql), id(texts.front())) << sql << "\n" << texts.front();
  }
}

TEST(MySqlDigest, FingerprintsGroupAsTheServerDoes) {
  const std::vector<test::DigestPair> pairs = test::digest_pairs(PLANWISE_SOURCE_DIR);
  for (const test::DigestPair& pair : pairs) {
    EXPECT_EQ(id(pair.first) == id(pair.second), pair.relation != '!') << pair.first << "\n" << pair.second;
  }
  EXPECT_GE(pairs.size(), 240U);
}

TEST(MySqlDigest, ATextOfTheServersIsThatOfTheStatement) {
  expect_same({"SELECT `a` FROM `t` WHERE `b` = - ? ", "select a from t where b = -1",
               "select a from t where b = ?"});
  expect_same({"SELECT @? := ? ", "select @a := 1", "SELECT @`b c` := 'x'"});
  expect_same({"SELECT @@SESSION . `sql_mode` ", "select @@session.sql_mode"});
  expect_same({"SELECT @@`sql_mode` ", "select @@sql_mode"});
  expect_same({"SELECT (_charset) ? , (unknown) ", "select _utf8mb4'x', x'1f'"});
  expect_same({"SELECT DISTINCTROW `a` FROM `t` WHERE `b` != ? ", "select distinct a from t where b <> 5"});
  expect_same({"SELECT NOW ( ) - INTERVAL ? SQL_TSI_DAY ", "select current_timestamp() - interval 5 day"});
  expect_same({"SELECT `a` FROM `t` WHERE ( `b` , `c` ) IN ( (...) /* , ... */ ) ",
               "select a from t where (b, c) in ((1, 2), (3, 4))"});
  expect_same({"INSERT INTO `t` VALUES ( @?, ... ) ", "insert into t values (@a, 1)"});
  expect_same(
      {"SELECT SYSTEM_USER , SQL_TSI_DAY , `position` FROM `t` ", "select user, day, position from t"});
}

TEST(MySqlDigest, NoLiteralIsLeft) {
  const std::string text =
      normalise(
          "SELECT 'sec1', \"sec2\", N'sec3', _utf8mb4'sec4', x'5EC5', 0x5EC6, b'1011', 'it''s sec7', "
          "'a\\'sec8', "
          "DATE '2020-01-01', 4711, -4712, 4.713, {ts '2020-01-01 00:00:00'}, @a := 'sec9'",
          Engine::kMySql)
          .text;
  for (const std::string secret : {"sec", "5EC", "1011", "2020", "47", "4.7"}) {
    EXPECT_EQ(text.find(secret), std::string::npos) << text;
  }
}

// The tokens of a statement.
std::vector<std::pair<TokenKind, std::string>> tokens_of(const std::string& sql) {
  std::vector<std::pair<TokenKind, std::string>> tokens;
  Lexer lexer(sql, Engine::kMariaDb);
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    tokens.emplace_back(token.kind, std::string(lexer.text(token)));
  }
  return tokens;
}

std::string other_case(const std::string& word) {
  std::string out;
  for (const char c : word) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    out += letter && *rc::gen::arbitrary<bool>() ? static_cast<char>(c ^ 0x20) : c;
  }
  return out;
}

// White space, comments, case and literals are no part of a statement's identity.
RC_GTEST_PROP(MySqlDigest, FingerprintsIgnoreWhatDoesNotMatter, ()) {
  static const std::vector<std::string> kStatements =
      test::statement_lines(PLANWISE_SOURCE_DIR, "statements.sql");
  RC_ASSERT(!kStatements.empty());
  const std::string sql = *rc::gen::elementOf(kStatements);
  std::string changed;
  for (const auto& [kind, text] : tokens_of(sql)) {
    changed += *rc::gen::elementOf(
        std::vector<std::string>{" ", "\n", "\t ", " /* c */ ", " -- c\n", " # c\n", "/**/ "});
    const bool plain_string = kind == TokenKind::kString && text.front() == '\'';
    changed += kind == TokenKind::kWord     ? other_case(text)
               : kind == TokenKind::kNumber ? *rc::gen::elementOf(std::vector<std::string>{"7", "0.5", "1e9"})
               : plain_string
                   ? *rc::gen::elementOf(std::vector<std::string>{"'x'", "'it''s'", "'a\\'b'", "''"})
                   : text;
  }
  RC_LOG() << "sql:     " << sql << "\nchanged: " << changed;
  RC_ASSERT(id(sql) == id(changed));
}

}  // namespace
}  // namespace planwise
