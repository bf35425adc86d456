#include "connectors/mysql/catalog_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "connectors/mysql/activity.h"
#include "connectors/mysql/constraints.h"
#include "connectors/mysql/digests.h"
#include "connectors/mysql/histograms.h"
#include "connectors/mysql/indexes.h"
#include "connectors/mysql/slow_log.h"
#include "connectors/mysql/tables.h"
#include "connectors/mysql/usage.h"
#include "tests/connectors/mysql/recorded.h"

namespace planwise::mysql {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MySqlCatalogQuery, AColumnTheServerLacksIsNull) {
  const std::set<std::string> old =
      test::recorded_columns("mysql/mysql56_events_statements_summary_by_digest.json");
  const std::string sql = render(digests_query(), old);
  EXPECT_THAT(sql, HasSubstr("NULL AS `QUERY_SAMPLE_TEXT`"));
  EXPECT_THAT(sql, HasSubstr("s.COUNT_STAR AS `COUNT_STAR`"));
  std::set<std::string> recent = old;
  recent.insert({"QUERY_SAMPLE_TEXT", "QUANTILE_95", "QUANTILE_99"});
  EXPECT_THAT(render(digests_query(), recent), HasSubstr("s.QUERY_SAMPLE_TEXT AS `QUERY_SAMPLE_TEXT`"));
  EXPECT_THAT(render(digests_query(), recent), Not(HasSubstr("NULL AS")));
}

TEST(MySqlCatalogQuery, TheFirstSpellingThatFitsIsTaken) {
  const std::set<std::string> mariadb =
      test::recorded_columns("mysql/mariadb1011_information_schema_statistics.json");
  EXPECT_THAT(render(indexes_query(), mariadb),
              HasSubstr("IF(s.IGNORED = 'YES', 'NO', 'YES') AS `IS_VISIBLE`"));
  const std::set<std::string> old =
      test::recorded_columns("mysql/mysql56_information_schema_statistics.json");
  EXPECT_THAT(render(indexes_query(), old), HasSubstr("NULL AS `IS_VISIBLE`"));
}

TEST(MySqlCatalogQuery, EveryQueryIsDocumentedAndNamesItsView) {
  const std::array queries{
      &digests_query(),          &prepared_query(),    &executions_query(),   &tables_query(),
      &columns_query(),          &partitions_query(),  &views_query(),        &table_stats_query(),
      &indexes_query(),          &index_stats_query(), &index_usage_query(),  &user_index_usage_query(),
      &user_table_usage_query(), &key_columns_query(), &foreign_keys_query(), &sessions_query(),
      &transactions_query(),     &slow_log_query(),    &histogram_query()};
  for (const CatalogQuery* query : queries) {
    EXPECT_THAT(std::string(query->source), testing::StartsWith("https://")) << query->name;
    EXPECT_THAT(std::string(query->from),
                HasSubstr(std::string(query->schema) + "." + std::string(query->view) + " AS s"))
        << query->name;
  }
}

}  // namespace
}  // namespace planwise::mysql
