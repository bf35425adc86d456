#include "analyzer/advise/inverted_searches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/sql/shape_postgres.h"

namespace planwise {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Snapshot library(bool trigrams = true) {
  Snapshot snapshot;
  Table table;
  table.name = {"public", "documents"};
  table.rows = Rows{100'000};
  for (const auto& [name, type] : std::initializer_list<std::pair<const char*, const char*>>{
           {"id", "int8"}, {"title", "text"}, {"body", "text"}, {"code", "bpchar"}, {"tags", "_text"},
           {"parts", "_int4"}, {"properties", "jsonb"}, {"words", "tsvector"}}) {
    table.columns.push_back({.name = name, .type = type, .base_type = type});
  }
  snapshot.schema.tables.push_back(std::move(table));
  snapshot.schema.search_path = {"public"};
  if (trigrams) {
    snapshot.server.extensions["pg_trgm"] = {1, 6, 0};
    snapshot.server.extension_schemas["pg_trgm"] = "public";
  }
  return snapshot;
}

// "title gin_trgm_ops | body gin_trgm_ops": the keys of each search.
std::vector<std::string> found(const std::string& condition, const Snapshot& snapshot = library()) {
  StatementShape shape = shape_postgres("SELECT id FROM documents WHERE " + condition);
  resolve(shape, snapshot.schema);
  std::vector<std::string> out;
  for (const InvertedSearch& search : inverted_searches(shape, snapshot)) {
    std::string text;
    for (const InvertedCondition& one : search.any_of) {
      text += (text.empty() ? "" : " | ") + one.key.expression +
              (one.key.opclass.empty() ? "" : " " + one.key.opclass) + (one.any_class ? " (any class)" : "");
    }
    out.push_back(std::move(text));
  }
  return out;
}

TEST(InvertedSearches, JsonbIsSearchedByContentAndByKey) {
  EXPECT_THAT(found("properties @> $1"), ElementsAre("properties (any class)"));
  EXPECT_THAT(found("properties ? $1"), ElementsAre("properties"));
  EXPECT_THAT(found("properties ?| $1"), ElementsAre("properties"));
  EXPECT_THAT(found("properties -> 'tags' ? 'x'"), ElementsAre("(properties -> 'tags')"));
  EXPECT_THAT(found("$1 <@ properties"), ElementsAre("properties (any class)")) << "the other way round";
  EXPECT_THAT(found("properties <@ $1"), IsEmpty());
  EXPECT_THAT(found("properties ->> 'a' = $1"), IsEmpty()) << "a B-tree's";
  EXPECT_THAT(found("properties -> $1 ? 'x'"), IsEmpty()) << "the key is not known";
}

TEST(InvertedSearches, ArraysAreSearchedByElement) {
  EXPECT_THAT(found("tags @> $1"), ElementsAre("tags"));
  EXPECT_THAT(found("tags && $1"), ElementsAre("tags"));
  EXPECT_THAT(found("$1 = ANY (tags)"), IsEmpty()) << "which GIN does not serve";
  EXPECT_THAT(found("id = ANY ($1)"), IsEmpty());
  Snapshot with = library();
  with.server.extensions["intarray"] = {1, 5, 0};
  with.server.extension_schemas["intarray"] = "ext";
  EXPECT_THAT(found("parts @> $1", with), ElementsAre("parts ext.gin__int_ops"));
  EXPECT_THAT(found("tags @> $1", with), ElementsAre("tags"));
}

TEST(InvertedSearches, TextSearchNeedsAVectorThatDependsOnNothingElse) {
  EXPECT_THAT(found("words @@ to_tsquery($1)"), ElementsAre("words"));
  EXPECT_THAT(found("to_tsvector('english', body) @@ plainto_tsquery('english', $1)"),
              ElementsAre("to_tsvector('english', body)"));
  EXPECT_THAT(found("to_tsvector(body) @@ to_tsquery($1)"), IsEmpty()) << "depends on a setting";
  EXPECT_THAT(found("to_tsvector($1, body) @@ to_tsquery($2)"), IsEmpty()) << "normalisation hid it";
}

TEST(InvertedSearches, PatternsNeedThreeLettersInARow) {
  EXPECT_THAT(found("title ILIKE '%invoice%'"), ElementsAre("title gin_trgm_ops"));
  EXPECT_THAT(found("title LIKE $1"), ElementsAre("title gin_trgm_ops"));
  EXPECT_THAT(found("lower(title) LIKE '%invoice%'"), ElementsAre("lower(title) gin_trgm_ops"));
  EXPECT_THAT(found("title ~* 'bound(voice|mail)|order.*late'"), ElementsAre("title gin_trgm_ops"));
  EXPECT_THAT(found("title % $1"), ElementsAre("title gin_trgm_ops"));
  EXPECT_THAT(found("title LIKE '%in%'"), IsEmpty());
  EXPECT_THAT(found("title LIKE '%i_v_i_e%'"), IsEmpty());
  EXPECT_THAT(found("title ~ '[invoice]+'"), IsEmpty());
  EXPECT_THAT(found("title ~ 'invoice|or'"), IsEmpty()) << "one alternative is too short";
  EXPECT_THAT(found("title ~ 'inv?o'"), IsEmpty());
  EXPECT_THAT(found("title NOT LIKE '%invoice%'"), IsEmpty());
  EXPECT_THAT(found("code LIKE '%invoice%'"), IsEmpty()) << "character has no such operator class";
  EXPECT_THAT(found("title LIKE '%invoice%'", library(false)), IsEmpty()) << "pg_trgm is not installed";
  Snapshot elsewhere = library();
  elsewhere.server.extension_schemas["pg_trgm"] = "extensions";
  EXPECT_THAT(found("title LIKE '%invoice%'", elsewhere), ElementsAre("title extensions.gin_trgm_ops"));
}

TEST(InvertedSearches, AnOrIsServedWhereEachBranchIs) {
  EXPECT_THAT(found("title ILIKE '%invoice%' OR body ILIKE '%invoice%'"),
              ElementsAre("title gin_trgm_ops | body gin_trgm_ops"));
  EXPECT_THAT(found("title ILIKE '%invoice%' OR id = 3"), IsEmpty());
  EXPECT_THAT(found("tags @> $1 AND title ILIKE '%invoice%'"), ElementsAre("tags", "title gin_trgm_ops"));
}

}  // namespace
}  // namespace planwise
