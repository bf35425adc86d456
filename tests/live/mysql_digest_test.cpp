// Our fingerprints against the digests of a real MariaDB.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "analyzer/sql/fingerprint.h"
#include "tests/support/process.h"
#include "tests/support/read_file.h"
#include "tests/support/statement_lines.h"
#include "tests/support/temp_folder.h"

namespace planwise {
namespace {

constexpr auto kServer = "/usr/sbin/mariadbd";

// A server in a folder of its own, reached through the client program; gone at the end.
class DigestServer {
 public:
  DigestServer() {
    const std::string data = "--datadir=" + folder_.file("data");
    const std::string user = geteuid() == 0 ? "--user=root" : "--no-defaults";
    const test::ProcessResult made =
        test::run({"mariadb-install-db", "--no-defaults", data, user,
                   "--auth-root-authentication-method=normal", "--skip-test-db"});
    if (made.status != 0) {
      throw std::runtime_error(made.output);
    }
    process_ = test::spawn(
        {kServer, "--no-defaults", data, user, "--socket=" + folder_.file("s"), "--skip-networking",
         "--performance-schema=ON", "--performance-schema-events-statements-history-long-size=10000",
         "--innodb-buffer-pool-size=16M", "--pid-file=" + folder_.file("pid")},
        folder_.file("log"), test::RunAs::kSelf);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (test::run(client({"-e", "SELECT 1"})).status != 0) {
      if (std::chrono::steady_clock::now() > deadline) {
        stop();
        throw std::runtime_error(test::read_file(folder_.file("log")));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  DigestServer(const DigestServer&) = delete;
  DigestServer& operator=(const DigestServer&) = delete;
  ~DigestServer() { stop(); }

  // Runs them one by one, whatever comes of it, and returns what they print: columns parted by tabs.
  [[nodiscard]] std::string sql(const std::vector<std::string>& statements,
                                const std::string& database) const {
    const std::string script = folder_.file("script.sql");
    std::ofstream out(script, std::ios::binary);
    for (const std::string& statement : statements) {
      out << statement << "\n;\n";
    }
    out.close();
    return test::run(client({"--database=" + database, "-e", "source " + script})).output;
  }

 private:
  [[nodiscard]] std::vector<std::string> client(const std::vector<std::string>& more) const {
    std::vector<std::string> argv{"mariadb",     "--no-defaults", "--socket=" + folder_.file("s"),
                                  "--user=root", "--force",       "--skip-column-names",
                                  "--batch",     "--raw",         "--comments"};
    argv.insert(argv.end(), more.begin(), more.end());
    return argv;
  }

  void stop() {
    if (process_ > 0) {
      ::kill(process_, SIGTERM);
      ::waitpid(process_, nullptr, 0);
      process_ = -1;
    }
  }

  test::TempFolder folder_;
  pid_t process_ = -1;
};

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
  const DigestServer server;
  static_cast<void>(
      server.sql({"CREATE DATABASE digests",
                  "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE NAME LIKE "
                  "'events_statements%'"},
                 "mysql"));
  static_cast<void>(server.sql({statements.begin(), statements.end()}, "digests"));
  const std::string rows = server.sql(
      {"SELECT DIGEST, DIGEST_TEXT, SQL_TEXT FROM performance_schema.events_statements_history_long WHERE "
       "CURRENT_SCHEMA = 'digests' AND DIGEST IS NOT NULL"},
      "mysql");
  std::map<std::string, Digest> found;
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t end = std::min(rows.find('\n', at), rows.size());
    const std::string row = rows.substr(at, end - at);
    const std::size_t first = row.find('\t');
    const std::size_t second = row.find('\t', first + 1);
    if (second != std::string::npos) {
      found[trimmed(row.substr(second + 1))] = {row.substr(0, first),
                                                row.substr(first + 1, second - first - 1)};
    }
    at = end + 1;
  }
  return found;
}

TEST(MySqlDigestLive, FingerprintsGroupAsMariaDbDoes) {
  if (!std::filesystem::exists(kServer)) {
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
