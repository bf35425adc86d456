#include "analyzer/sql/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace planwise {
namespace {

using testing::ElementsAre;

constexpr Engine kPg = Engine::kPostgres;
constexpr Engine kMy = Engine::kMySql;

// "w:select n:1 ...": one letter for the kind, then the text.
std::vector<std::string> tokens(std::string_view sql, Engine engine = kPg) {
  std::vector<std::string> out;
  Lexer lexer(sql, engine);
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    out.push_back(std::string(1, "ewqsnpo."[static_cast<int>(token.kind)]) + ":" +
                  std::string(lexer.text(token)));
  }
  return out;
}

TEST(Lexer, ReadsPostgresStrings) {
  EXPECT_THAT(tokens("'it''s'"), ElementsAre("s:'it''s'"));
  EXPECT_THAT(tokens("'back\\' x"), ElementsAre("s:'back\\'", "w:x"));
  EXPECT_THAT(tokens("E'it\\'s' x"), ElementsAre("s:E'it\\'s'", "w:x"));
  EXPECT_THAT(tokens("b'01' X'1F' n'a' U&'d\\0061'"),
              ElementsAre("s:b'01'", "s:X'1F'", "s:n'a'", "s:U&'d\\0061'"));
  EXPECT_THAT(tokens("'a'\n  'b'"), ElementsAre("s:'a'\n  'b'"));
  EXPECT_THAT(tokens("'a' 'b'"), ElementsAre("s:'a'", "s:'b'"));
  EXPECT_THAT(tokens("'open"), ElementsAre("s:'open"));
}

TEST(Lexer, ReadsDollarQuotes) {
  EXPECT_THAT(tokens("$$it's; $1$$ x"), ElementsAre("s:$$it's; $1$$", "w:x"));
  EXPECT_THAT(tokens("$a$ $b$ $$ $a$"), ElementsAre("s:$a$ $b$ $$ $a$"));
  EXPECT_THAT(tokens("$1 $23"), ElementsAre("p:$1", "p:$23"));
  EXPECT_THAT(tokens("a$b$c"), ElementsAre("w:a$b$c"));
  EXPECT_THAT(tokens("$x$ never closed"), ElementsAre("s:$x$ never closed"));
}

TEST(Lexer, CommentsNestInPostgresOnly) {
  EXPECT_THAT(tokens("a /* b /* c */ d */ e -- f\ng"), ElementsAre("w:a", "w:e", "w:g"));
  EXPECT_THAT(tokens("a /* b /* c */ d", kMy), ElementsAre("w:a", "w:d"));
  EXPECT_THAT(tokens("a # b\nc -- d\ne--f", kMy), ElementsAre("w:a", "w:c", "w:e", "o:-", "o:-", "w:f"));
  EXPECT_THAT(tokens("a /* never closed"), ElementsAre("w:a"));
}

TEST(Lexer, TheBodyOfAVersionCommentIsCode) {
  EXPECT_THAT(tokens("SELECT /*!50100 SQL_NO_CACHE */ a", kMy),
              ElementsAre("w:SELECT", "w:SQL_NO_CACHE", "w:a"));
}

TEST(Lexer, ReadsNumbers) {
  EXPECT_THAT(tokens("1 1.5 .5 1e10 1.5E-3 0xFF 1_000"),
              ElementsAre("n:1", "n:1.5", "n:.5", "n:1e10", "n:1.5E-3", "n:0xFF", "n:1_000"));
  EXPECT_THAT(tokens("1..10"), ElementsAre("n:1", ".:.", ".:.", "n:10"));
  EXPECT_THAT(tokens("2fa_codes", kMy), ElementsAre("w:2fa_codes"));
}

TEST(Lexer, ReadsOperatorsAsPostgresDoes) {
  EXPECT_THAT(tokens("a<=-1"), ElementsAre("w:a", "o:<=", "o:-", "n:1"));
  EXPECT_THAT(tokens("a@-1"), ElementsAre("w:a", "o:@-", "n:1"));
  EXPECT_THAT(tokens("a->>'b'#>c::int"),
              ElementsAre("w:a", "o:->>", "s:'b'", "o:#>", "w:c", ".:::", "w:int"));
  EXPECT_THAT(tokens("a*/*x*/b"), ElementsAre("w:a", "o:*", "w:b"));
}

TEST(Lexer, AQuestionMarkIsAnOperatorOnlyBetweenOperands) {
  EXPECT_THAT(tokens("data ? 'k'"), ElementsAre("w:data", "o:?", "s:'k'"));
  EXPECT_THAT(tokens("id = ? AND x IN (?,?)"),
              ElementsAre("w:id", "o:=", "p:?", "w:AND", "w:x", "w:IN", ".:(", "p:?", ".:,", "p:?", ".:)"));
  EXPECT_THAT(tokens("id=?"), ElementsAre("w:id", "o:=", "p:?"));
  EXPECT_THAT(tokens("a @? b"), ElementsAre("w:a", "o:@?", "w:b"));
}

TEST(Lexer, NamedParametersAreNoCastsAndNoSlices) {
  EXPECT_THAT(tokens("a = :name"), ElementsAre("w:a", "o:=", "p::name"));
  EXPECT_THAT(tokens("a::name"), ElementsAre("w:a", ".:::", "w:name"));
  EXPECT_THAT(tokens("a[1:n]"), ElementsAre("w:a", ".:[", "n:1", ".::", "w:n", ".:]"));
}

TEST(Lexer, ReadsMySqlNamesAndStrings) {
  EXPECT_THAT(tokens("`a``b` \"it\\\"s\" @x @@session.y", kMy),
              ElementsAre("q:`a``b`", "s:\"it\\\"s\"", "w:@x", "w:@@session", ".:.", "w:y"));
  EXPECT_THAT(tokens("\"A\"\"b\"", kPg), ElementsAre("q:\"A\"\"b\""));
}

TEST(Lexer, RunsVersionCommentsOfItsEngine) {
  constexpr Engine kMaria = Engine::kMariaDb;
  EXPECT_THAT(tokens("a /*!40101 b */ c", kMy), ElementsAre("w:a", "w:b", "w:c"));
  EXPECT_THAT(tokens("a /*! b */ c", kMaria), ElementsAre("w:a", "w:b", "w:c"));
  EXPECT_THAT(tokens("a /*!50701 b */ c", kMaria), ElementsAre("w:a", "w:c"));
  EXPECT_THAT(tokens("a /*!100401 b */ c", kMaria), ElementsAre("w:a", "w:b", "w:c"));
  EXPECT_THAT(tokens("a /*!100401 b /* d */ e */ c", kMy), ElementsAre("w:a", "w:c"));
  EXPECT_THAT(tokens("a /*M!100401 b */ c", kMaria), ElementsAre("w:a", "w:b", "w:c"));
  EXPECT_THAT(tokens("a /*M! b */ c", kMy), ElementsAre("w:a", "w:c"));
  EXPECT_THAT(tokens("a /*!123 b", kMy), ElementsAre("w:a", "n:123", "w:b"));
}

TEST(Lexer, ReadsQuotesByMySqlsModes) {
  const auto first = [](std::string_view sql, SqlModes modes) {
    Lexer lexer(sql, kMy, modes);
    const Token token = lexer.next();
    return std::pair(token.kind, lexer.text(token));
  };
  EXPECT_EQ(first("\"a\"", {}), std::pair(TokenKind::kString, std::string_view("\"a\"")));
  EXPECT_EQ(first("\"a\"", {.ansi_quotes = true}),
            std::pair(TokenKind::kQuotedName, std::string_view("\"a\"")));
  EXPECT_EQ(first("'a\\' b'", {}).second, "'a\\' b'");
  EXPECT_EQ(first("'a\\' b'", {.no_backslash_escapes = true}).second, "'a\\'");
  EXPECT_EQ(first("@`my var` x", {}).second, "@`my var`");
}

TEST(Lexer, SplitsAtSemicolonsOutsideQuotes) {
  EXPECT_THAT(split_statements("-- first\nSELECT ';' ;\n\nSELECT $$;$$; /* ; */ ;SELECT 3", kPg),
              ElementsAre("SELECT ';'", "SELECT $$;$$", "SELECT 3"));
  EXPECT_THAT(split_statements("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3", kPg),
              ElementsAre("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"));
  EXPECT_THAT(split_statements("SELECT \";\"; SELECT `;`", kMy), ElementsAre("SELECT \";\"", "SELECT `;`"));
  EXPECT_THAT(split_statements(" ;; -- none", kPg), testing::IsEmpty());
}

TEST(Lexer, CountsWhatDeepensATree) {
  EXPECT_EQ(count_depth_makers("SELECT a FROM t", kPg), 1U);
  EXPECT_EQ(count_depth_makers("SELECT 1+1+1::int FROM t JOIN u ON (x = y)", kPg), 7U);
  EXPECT_EQ(count_depth_makers("SELECT '(((((' -- ((((", kPg), 1U);
}

}  // namespace
}  // namespace planwise
