#include "connectors/mysql/digests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/connectors/mysql/recorded.h"

namespace planwise::mysql {
namespace {

using testing::HasSubstr;

Workload workload_of_reading(const DigestReading& reading) {
  return workload_of(reading.statements, reading.statements.reading.entries, 100);
}

const Statement* find(const Workload& workload, std::string_view words) {
  for (const Statement& statement : workload.statements) {
    if (statement.query.find(words) != std::string::npos) {
      return &statement;
    }
  }
  return nullptr;
}

TEST(MySqlDigests, RecordedOnesBecomeTheWorkload) {
  for (const auto& [file, engine] :
       {std::pair{"mariadb1011", Engine::kMariaDb}, {"mysql56", Engine::kMySql}}) {
    const Rows rows = recorded(std::string(file) + "_events_statements_summary_by_digest", digests_query());
    const DigestReading reading = digests_of(rows, Rows{}, {"shop", engine});
    const Workload workload = workload_of_reading(reading);
    EXPECT_EQ(workload.total_calls, reading.executions->digested) << file;
    EXPECT_GT(workload.total_calls, 22'000);
    const Statement* lookup = find(workload, "`sku` =");
    if (lookup == nullptr) {
      lookup = find(workload, "sku =");
    }
    ASSERT_NE(lookup, nullptr) << file;
    EXPECT_EQ(lookup->stats.calls, 368);
    EXPECT_EQ(lookup->stats.rows_examined, 736000);
    EXPECT_EQ(lookup->stats.rows, 0);
    EXPECT_EQ(lookup->stats.full_scans, 368);
    EXPECT_EQ(lookup->stats.p95_time, std::nullopt);
    EXPECT_EQ(lookup->schema, "shop");
    EXPECT_EQ(lookup->engine_ids.size(), 1U);
    EXPECT_EQ(workload_of_reading(digests_of(rows, Rows{}, {"other", engine})).total_calls, 0);
  }
}

// One digest with what MySQL 8 has beyond 5.6.
struct Digest {
  std::optional<std::string> schema = "shop";
  std::optional<std::string> digest = "d1";
  std::string text = "SELECT NAME FROM `t` WHERE `id` = ?";
  std::optional<std::string> sample;
  std::string calls = "10";
  std::string first_seen = "1000000";
};

Rows rows_of(const std::vector<Digest>& digests) {
  const std::vector<std::string> names = names_of(digests_query());
  Rows rows(names);
  for (const Digest& digest : digests) {
    for (const std::string& name : names) {
      const auto value = name == "SCHEMA_NAME"         ? digest.schema
                         : name == "DIGEST"            ? digest.digest
                         : name == "DIGEST_TEXT"       ? std::optional(digest.text)
                         : name == "QUERY_SAMPLE_TEXT" ? digest.sample
                         : name == "COUNT_STAR"        ? std::optional(digest.calls)
                         : name == "SUM_TIMER_WAIT"    ? std::optional<std::string>("5000000000")
                         : name == "QUANTILE_95"       ? std::optional<std::string>("900000000")
                         : name == "first_seen_us"     ? std::optional(digest.first_seen)
                                                       : std::nullopt;
      rows.append(value);
    }
  }
  return rows;
}

TEST(MySqlDigests, ASampleShowsTheStatementAndTheDigestNamesIt) {
  const auto query = [](std::optional<std::string> sample) {
    const DigestReading reading = digests_of(rows_of({{.sample = std::move(sample)}}), Rows{}, {});
    return workload_of_reading(reading).statements.at(0);
  };
  const Statement with = query("SELECT name FROM t WHERE id = 'secret'");
  EXPECT_EQ(with.query.find("secret"), std::string::npos);
  EXPECT_THAT(with.query, HasSubstr("name"));
  EXPECT_EQ(with.id, query(std::nullopt).id);
  EXPECT_EQ(query("SELECT name FROM t WHERE ...").query, query(std::nullopt).query);  // cut
  EXPECT_EQ(with.stats.total_time, Millis(5));
  EXPECT_EQ(with.stats.p95_time, Millis(0.9));
  EXPECT_TRUE(with.stats.percentiles_measured);
}

TEST(MySqlDigests, WhatHasNoDefaultDatabaseCountsWhereItNamesTheSchema) {
  const auto calls = [](std::string text) {
    return workload_of_reading(
               digests_of(rows_of({{.schema = std::nullopt, .text = std::move(text)}}), Rows{}, {"shop"}))
        .total_calls;
  };
  EXPECT_EQ(calls("SELECT * FROM `shop` . `t`"), 10);
  EXPECT_EQ(calls("SELECT * FROM SHOP . `t`"), 10);
  EXPECT_EQ(calls("SELECT * FROM `shopping` . `t`"), 0);
  EXPECT_EQ(calls("SELECT ?"), 0);
}

TEST(MySqlDigests, SystemSchemasAreLeftOutAndTheOverflowIsCounted) {
  const DigestReading reading =
      digests_of(rows_of({{.schema = "information_schema", .digest = "own", .first_seen = "500000"},
                          {.digest = "a", .first_seen = "2000000"},
                          {.schema = std::nullopt, .digest = std::nullopt, .calls = "77"},
                          {.digest = "b", .text = "SELECT a + b + ..."}}),
                 Rows{}, {});
  EXPECT_EQ(reading.overflowed, 77);
  EXPECT_EQ(reading.cut_texts, 1);
  EXPECT_EQ(workload_of_reading(reading).total_calls, 97);
  EXPECT_EQ(reading.statements.reading.since, TimePoint(std::chrono::microseconds(500000)));
}

TEST(MySqlDigests, CountersBeyondTheSignedRangeDoNotBecomeZero) {
  const DigestReading reading = digests_of(rows_of({{.calls = "18446744073709551615"}}), Rows{}, {});
  EXPECT_EQ(workload_of_reading(reading).statements.at(0).stats.calls,
            std::numeric_limits<std::int64_t>::max());
}

TEST(MySqlDigests, ACutTextIsKnownByTheRoomItTakes) {
  const std::string cut =
      "SELECT ID , ID + `total` , ID + `total` , ID + `total` , ID + `total` , ID + `total` , ID + `total` , "
      "ID + ";
  EXPECT_TRUE(is_cut(cut, 100));  // as MariaDB 10.11 cuts it
  EXPECT_FALSE(is_cut(cut, 200));
  EXPECT_FALSE(is_cut(cut, 0));
  EXPECT_FALSE(is_cut("SELECT `a b` FROM `t` ", 100));
  EXPECT_TRUE(is_cut("SELECT `a` , ...", 1024));
  EXPECT_FALSE(is_cut("", 100));
  EXPECT_TRUE(is_cut("SELECT `" + std::string(90, 'x'), 100));  // a quote that does not end
}

TEST(MySqlExecutions, PreparedOnesAreUnseenUnlessDigestsHoldThem) {
  EXPECT_EQ((Executions{.as_text = 60, .prepared = 40, .digested = 60}.unseen()), 40);
  EXPECT_EQ((Executions{.as_text = 60, .prepared = 40, .digested = 100}.unseen()), 0);
  EXPECT_EQ((Executions{.as_text = 60, .prepared = 40, .digested = 5}.unseen()), 40);  // digests were emptied
  EXPECT_EQ((Executions{.as_text = 60, .prepared = 40, .digested = 60, .open = 30}.unseen()), 10);
  EXPECT_EQ((Executions{.as_text = 60, .prepared = 40, .digested = 60, .open = 300}.unseen()), 0);
}

TEST(MySqlExecutions, ADifferenceNeverMixesWhatIsOnEitherSideOfAReset) {
  const Executions before{.as_text = 60, .prepared = 40, .digested = 60, .open = 30};
  const Executions later{.as_text = 70, .prepared = 45, .digested = 70, .open = 10};
  EXPECT_EQ(difference(before, later).as_text, 10);
  EXPECT_EQ(difference(before, later).open, 0);
  const Executions reset{.as_text = 5, .prepared = 3, .digested = 5};
  EXPECT_EQ(difference(before, reset).as_text, 5);
}

}  // namespace
}  // namespace planwise::mysql
