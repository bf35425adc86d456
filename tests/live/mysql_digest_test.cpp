// Our fingerprints against the digests of a real MariaDB.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/sql/fingerprint.h"
#include "tests/support/mysql_server.h"
#include "tests/support/statement_lines.h"

namespace planwise {
namespace {

struct Digest {
  std::string hash;
  std::string text;
};

std::string trimmed(std::string_view text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n;");
  return std::string(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
}

// What the server made of each statement it could parse; whether it could run it does not matter.
std::map<std::string, Digest> digests_of(const std::set<std::string>& statements) {
  const test::MySqlServer server(
      {.settings = {"performance-schema-events-statements-history-long-size=10000"}});
  server.sql("CREATE DATABASE digests");
  server.sql(
      "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE NAME LIKE 'events_statements%'");
  const test::MySqlClient client = server.client("digests");
  for (const std::string& statement : statements) {
    try {
      client.sql(statement);
    } catch (const std::runtime_error&) {  // it names tables that are not there
    }
  }
  std::map<std::string, Digest> found;
  for (const std::vector<std::string>& row :
       server.sql("SELECT DIGEST, DIGEST_TEXT, SQL_TEXT FROM "
                  "performance_schema.events_statements_history_long WHERE "
                  "CURRENT_SCHEMA = 'digests' AND DIGEST IS NOT NULL")) {
    found[trimmed(row[2])] = {row[0], row[1]};
  }
  return found;
}

TEST(MySqlDigestLive, FingerprintsGroupAsMariaDbDoes) {
  if (!test::MySqlServer::available()) {
    GTEST_SKIP() << "no MariaDB server";
  }
  const std::vector<test::DigestPair> pairs = test::digest_pairs(PLANWISE_SOURCE_DIR);
  std::set<std::string> statements;
  for (const test::DigestPair& pair : pairs) {
    statements.insert({pair.first, pair.second});
  }
  const std::map<std::string, Digest> digests = digests_of(statements);

  // A statement that the server counts under one digest is one for us, and the digest's text is its text.
  std::map<std::string, std::pair<StatementId, std::string>> by_hash;
  for (const auto& [sql, digest] : digests) {
    const StatementId id = normalise(sql, Engine::kMariaDb).id;
    EXPECT_EQ(normalise(digest.text, Engine::kMariaDb).id, id) << sql << "\n" << digest.text;
    const auto [other, is_first] = by_hash.try_emplace(digest.hash, id, sql);
    EXPECT_EQ(other->second.first, id) << sql << "\n" << other->second.second;
  }

  int compared = 0;
  for (const test::DigestPair& pair : pairs) {
    const auto first = digests.find(trimmed(pair.first));
    const auto second = digests.find(trimmed(pair.second));
    if (first == digests.end() || second == digests.end()) {
      ADD_FAILURE() << "no digest: " << pair.first << "\n" << pair.second;
      continue;
    }
    EXPECT_EQ(first->second.hash == second->second.hash, pair.relation == '=') << pair.first << "\n"
                                                                               << pair.second;
    const bool one =
        normalise(pair.first, Engine::kMariaDb).id == normalise(pair.second, Engine::kMariaDb).id;
    EXPECT_EQ(one, pair.relation != '!') << pair.first << "\n" << pair.second;
    ++compared;
  }
  EXPECT_GE(compared, 240);
}

}  // namespace
}  // namespace planwise
