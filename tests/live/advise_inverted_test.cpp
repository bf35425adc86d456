// Inverted indexes that no planner can try beforehand: what is proposed can be built, is read, is as large as told,
// and is not proposed again; what GIN does not serve is left alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/live/rules_live.h"

namespace planwise {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class AdviseInverted : public RulesLive {
 protected:
  // 30,000 documents with tags, properties, words and a title.
  static test::PlantedDatabase library(const std::string& name, bool trigrams) {
    test::PlantedDatabase made = database(name);
    if (trigrams) {
      made.run("CREATE EXTENSION pg_trgm");
    }
    made.run(
        "CREATE TABLE documents (id bigint PRIMARY KEY, title text NOT NULL, body text, tags text[], parts int[], "
        "properties jsonb, options jsonb, words tsvector, owner_id int);"
        "INSERT INTO documents SELECT i, "
        "(SELECT string_agg(md5((i * k)::text), ' ') FROM generate_series(1, 2) k), "
        "(SELECT string_agg('word' || (i * 7 + k * k * 131) % 3001, ' ') FROM generate_series(1, 20) k), "
        "ARRAY['tag' || i % 2000, 'tag' || i % 1999], ARRAY[i % 500, i % 5000, i % 17], "
        "jsonb_build_object('customer', i % 20000, 'state', 's' || i % 4, 'ref', md5(i::text)), "
        "jsonb_build_object('flag' || i % 3000, true, 'kind', i % 5), to_tsvector('simple', 'word' || i % 3001 || ' and word' || i % 2999), i % 30000 "
        "FROM generate_series(1, 30000) i;"
        "CREATE INDEX documents_owner_idx ON documents (owner_id)");
    made.run("VACUUM ANALYZE documents");
    made.reset_counters();
    return made;
  }

  static std::string plan_of(const std::string& name, const std::string& sql) {
    std::string text;
    for (const auto& row : server_->sql("EXPLAIN " + sql, name)) {
      text += row.at(0) + '\n';
    }
    return text;
  }

  static std::vector<std::string> titles(const AuditReport& report, std::string_view rule) {
    std::vector<std::string> out;
    for (const Recommendation* one : test::said(report, rule)) {
      out.push_back(one->finding.title);
    }
    return out;
  }
};

struct Search {
  const char* sql;    // '#' varies
  const char* index;  // what its proposal's title ends in
};

const std::vector<Search>& searches() {
  static const std::vector<Search> kSearches{
      {R"(SELECT id FROM documents WHERE properties @> '{"customer": #}')", "using gin (properties jsonb_path_ops)"},
      {"SELECT id FROM documents WHERE options ? 'flag#'", "using gin (options)"},
      {"SELECT count(*) FROM documents WHERE tags && ARRAY['tag#', 'tag1#']", "using gin (tags)"},
      {"SELECT id, title FROM documents WHERE parts @> '{#, 1#}'", "using gin (parts)"},
      {"SELECT id FROM documents WHERE words @@ to_tsquery('simple', 'word#')", "using gin (words)"},
      {"SELECT id FROM documents WHERE title ILIKE '%c#f0e%'", "using gin (title gin_trgm_ops)"},
  };
  return kSearches;
}

void run_searches(const test::PlantedDatabase& documents) {
  for (const Search& search : searches()) {
    documents.repeat(20, search.sql);
  }
}

std::string filled(std::string sql) {
  for (std::size_t at = sql.find('#'); at != std::string::npos; at = sql.find('#')) {
    sql.replace(at, 1, "7");
  }
  return sql;
}

TEST_F(AdviseInverted, WhatIsProposedIsReadAndIsAsLargeAsTold) {
  const test::PlantedDatabase documents = library("inverted", true);
  run_searches(documents);
  const AuditReport before = documents.audit();
  const std::vector<std::string> proposed = titles(before, "missing-index");
  for (const Search& search : searches()) {
    EXPECT_THAT(proposed, Contains(HasSubstr(search.index))) << test::summary(before);
  }
  for (const Recommendation* one : test::said(before, "missing-index")) {
    EXPECT_EQ(one->finding.confidence, Confidence::kPossible) << one->finding.title;
    EXPECT_EQ(one->finding.impact.basis, Basis::kCostModel);
    follow(documents, *one);
    const std::string built = server_->value(
        "SELECT pg_relation_size('" + one->finding.objects.at(1).name + "'::regclass)", "inverted");
    const double told = static_cast<double>(one->finding.impact.index_size.value_or(Bytes{}).count);
    EXPECT_GT(told, 0.4 * std::stod(built)) << one->finding.title;
    EXPECT_LT(told, 2.5 * std::stod(built)) << one->finding.title;
    RecordProperty(one->finding.objects.at(1).name, std::to_string(told / std::stod(built)));
  }
  documents.run("ANALYZE documents");
  for (const Search& search : searches()) {
    const std::string plan = plan_of("inverted", filled(search.sql));
    EXPECT_THAT(plan, HasSubstr("Bitmap Index Scan")) << plan;
  }
  documents.reset_counters();
  run_searches(documents);
  const AuditReport after = documents.audit();
  EXPECT_THAT(titles(after, "missing-index"), IsEmpty()) << test::summary(after);
}

TEST_F(AdviseInverted, WithoutTheExtensionNoOperatorClassOfItIsNamed) {
  const test::PlantedDatabase documents = library("no_trigrams", false);
  documents.repeat(30, "SELECT id FROM documents WHERE title ILIKE '%c#f0e%'");
  const AuditReport report = documents.audit();
  for (const Recommendation* one : test::said(report, "leading-wildcard")) {
    EXPECT_EQ(one->finding.action.sql.front(), "CREATE EXTENSION IF NOT EXISTS pg_trgm");
  }
  for (const Recommendation& one : report.recommendations) {
    EXPECT_TRUE(one.finding.rule != "missing-index") << test::summary(report);
  }
}

TEST_F(AdviseInverted, WhatTheIndexCannotServeIsLeftAlone) {
  const test::PlantedDatabase documents = library("unserved", true);
  documents.repeat(20, "SELECT id FROM documents WHERE 'tag#' = ANY (tags)");
  documents.repeat(20, R"(SELECT id FROM documents WHERE properties <@ '{"customer": #, "state": "s1"}')");
  documents.repeat(20, "SELECT id FROM documents WHERE to_tsvector(body) @@ to_tsquery('simple', 'word#')");
  documents.repeat(20, R"(SELECT id FROM documents WHERE owner_id = # AND properties @> '{"customer": 1#}')");
  documents.repeat(20, "SELECT count(*) FROM documents WHERE NOT words @@ to_tsquery('simple', 'word#')");
  documents.repeat(20, "SELECT count(*) FROM documents WHERE title NOT ILIKE '%ff#%'");
  documents.repeat(20, "SELECT count(*) FROM documents WHERE title ILIKE '%ff#%' OR id > 100 + #");
  const AuditReport report = documents.audit();
  EXPECT_THAT(titles(report, "missing-index"), Not(Contains(HasSubstr("using gin")))) << test::summary(report);
}

}  // namespace
}  // namespace planwise
