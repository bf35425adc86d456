#include "connectors/postgres/catalog_query.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>

#include "connectors/postgres/activity.h"
#include "connectors/postgres/columns.h"
#include "connectors/postgres/constraints.h"
#include "connectors/postgres/indexes.h"
#include "connectors/postgres/statements.h"
#include "connectors/postgres/tables.h"
#include "tests/support/golden.h"

namespace planwise::pg {
namespace {

constexpr std::array kServerVersions{Version{12, 0, 0}, Version{13, 0, 0}, Version{14, 0, 0},
                                     Version{15, 0, 0}, Version{16, 0, 0}, Version{17, 0, 0},
                                     Version{18, 0, 0}};
constexpr std::array kExtensionVersions{Version{1, 7, 0},  Version{1, 8, 0},  Version{1, 9, 0},
                                        Version{1, 10, 0}, Version{1, 11, 0}, Version{1, 12, 0}};

std::vector<const CatalogQuery*> server_queries() {
  return {&tables_query(),       &views_query(),       &columns_query(),
          &column_stats_query(), &indexes_query(),     &expression_stats_query(),
          &foreign_keys_query(), &sequences_query(),   &statistics_objects_query(),
          &identity_query(),     &settings_query(),    &sessions_query(),
          &database_query(),     &search_paths_query()};
}

// A file for each version at which the text changes, named after the first one.
template <std::size_t kCount>
void expect_goldens(const CatalogQuery& query, const std::array<Version, kCount>& versions) {
  std::string before;
  for (const Version& version : versions) {
    const std::string sql = render(query, version);
    const std::string name = kCount == kServerVersions.size()
                                 ? fmt::format("{}", version.major)
                                 : fmt::format("{}.{}", version.major, version.minor);
    const std::string path = fmt::format("tests/connectors/postgres/sql/{}@{}.sql", query.name, name);
    if (sql != before) {
      test::expect_golden(path, sql);
    } else {
      EXPECT_FALSE(std::filesystem::exists(std::string(PLANWISE_SOURCE_DIR) + "/" + path))
          << "as the version before";
    }
    before = sql;
  }
}

TEST(CatalogQuery, TheSqlOfEveryVersionIsReviewed) {
  for (const CatalogQuery* query : server_queries()) {
    expect_goldens(*query, kServerVersions);
  }
  expect_goldens(statements_query(), kExtensionVersions);
  expect_goldens(counters_query(), kExtensionVersions);
}

TEST(CatalogQuery, NoVersionHasTwoSpellingsOfAColumn) {
  auto queries = server_queries();
  queries.push_back(&statements_query());
  queries.push_back(&counters_query());
  for (const CatalogQuery* query : queries) {
    EXPECT_FALSE(query->source.empty()) << query->name;
    for (std::size_t a = 0; a < query->columns.size(); ++a) {
      for (std::size_t b = a + 1; b < query->columns.size(); ++b) {
        const CatalogColumn& first = query->columns[a];
        const CatalogColumn& second = query->columns[b];
        EXPECT_TRUE(first.name != second.name || first.before <= second.since || second.before <= first.since)
            << query->name << '.' << first.name;
      }
    }
  }
}

constexpr std::array kColumns{
    CatalogColumn{"id", "s.id"},
    CatalogColumn{"time", "s.total_time", kAlways, Version{1, 8, 0}},
    CatalogColumn{"time", "s.total_exec_time + s.extra", Version{1, 8, 0}, kStill},
    CatalogColumn{"news", "s.news", Version{2, 0, 0}, kStill},
};
constexpr CatalogQuery kQuery{"q", "nowhere", kColumns, "{schema}.view AS s"};

TEST(CatalogQuery, ANameThatAVersionLacksIsNull) {
  EXPECT_EQ(render(kQuery, {1, 7, 0}),
            "SELECT\n  s.id AS id,\n  s.total_time AS time,\n  NULL AS news\nFROM public.view AS s\n");
}

TEST(CatalogQuery, ASpellingThatNamesAMissingColumnIsNull) {
  const std::set<std::string> available{"id", "total_exec_time"};
  EXPECT_EQ(render(kQuery, {1, 8, 0}, "\"My schema\"", &available),
            "SELECT\n  s.id AS id,\n  NULL AS time,\n  NULL AS news\nFROM \"My schema\".view AS s\n");
}

}  // namespace
}  // namespace planwise::pg
