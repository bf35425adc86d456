// Whose a document is, what a client printed around it, and what is no plan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/analyzer/explain/plan_documents.h"

namespace planwise {
namespace {

using test::plan_document;
using testing::HasSubstr;

const std::map<std::string, Engine> kFolders{
    {"postgres", Engine::kPostgres},       {"mysql56", Engine::kMySql},
    {"mysql_v1", Engine::kMySql},          {"mysql_v2", Engine::kMySql},
    {"mysql_v2_envelope", Engine::kMySql}, {"mariadb1011", Engine::kMariaDb}};

Error refused(const std::string& text) {
  const auto read = read_plan(text);
  EXPECT_FALSE(read) << text.substr(0, 200);
  return read ? Error{} : read.error();
}

TEST(PlanDocument, ShapeTellsTheEngine) {
  for (const auto& [folder, engine] : kFolders) {
    for (const std::string& name : test::plan_documents(folder)) {
      const auto read = read_plan(plan_document(name));
      ASSERT_TRUE(read) << name << ": " << read.error().message;
      EXPECT_EQ(read->engine, engine) << name;
    }
  }
}

TEST(PlanDocument, ADocumentOfAnotherEngineIsNamed) {
  for (const auto& [folder, engine] : kFolders) {
    const std::string document = plan_document(test::plan_documents(folder).front());
    for (const Engine other : {Engine::kPostgres, Engine::kMySql, Engine::kMariaDb}) {
      const auto read = read_plan_of(other, document);
      ASSERT_EQ(read.operator bool(), other == engine) << folder;
      if (!read) {
        EXPECT_EQ(read.error().code, ErrorCode::kUnsupported);
        EXPECT_THAT(read.error().message, HasSubstr("this is a plan of "));
      }
    }
  }
}

// Whoever knows the server may say so.
TEST(PlanDocument, WhatBothPrintAlikeIsReadForEither) {
  const std::string document = plan_document("mysql56/impossible_where");
  EXPECT_EQ(read_plan(document)->engine, Engine::kMySql);
  for (const Engine engine : {Engine::kMySql, Engine::kMariaDb}) {
    const auto read = read_plan_of(engine, document);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->root.label, "Impossible WHERE");
  }
  const std::string table =
      R"({"query_block": {"select_id": 1, "table": {"table_name": "t", "access_type": "ALL", "rows": 7, "filtered": 100}}})";
  EXPECT_EQ(plan_signature(*read_plan_of(Engine::kMySql, table)),
            plan_signature(*read_plan_of(Engine::kMariaDb, table)));
}

TEST(PlanDocument, WhatClientsPrintAroundItIsLeftOut) {
  const std::string document = plan_document("mysql56/fullscan_noindex_filter");
  const auto bare = plan_signature(read_plan(document)->plan);
  std::string escaped;
  for (const char c : document) {
    escaped += c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
  }
  std::string text;
  for (const char c : document) {
    text += c == '\n' ? "\\n" : c == '"' ? "\\\"" : c == '\\' ? "\\\\" : std::string(1, c);
  }
  const std::vector<std::string> printed{
      "EXPLAIN\n" + document,
      "EXPLAIN\n" + escaped + "\n",
      "*************************** 1. row ***************************\nEXPLAIN: " + document +
          "\n1 row in set, 1 warning (0.00 sec)\n\nNote (Code 1003): /* select#1 */ select '{'\n",
      "+---------+\n| EXPLAIN |\n+---------+\n| " + document + " |\n+---------+\n1 row in set (0.00 sec)\n",
      "[{\"EXPLAIN\": \"" + text + "\"}]",
  };
  for (const std::string& each : printed) {
    const auto read = read_plan(each);
    ASSERT_TRUE(read) << each << read.error().message;
    EXPECT_EQ(plan_signature(read->plan), bare) << each;
  }
}

TEST(PlanDocument, WhatIsNoPlanIsRefusedWithAReason) {
  EXPECT_EQ(refused("").code, ErrorCode::kMalformed);
  EXPECT_EQ(refused("[1, 2]").code, ErrorCode::kMalformed);
  EXPECT_EQ(refused("{}").code, ErrorCode::kMalformed);
  EXPECT_EQ(refused(R"({"query_block": 7})").code, ErrorCode::kMalformed);
  EXPECT_EQ(refused(R"({"query_block": []})").code, ErrorCode::kMalformed);
  EXPECT_EQ(refused(R"({"query_plan": [], "query": "x"})").code, ErrorCode::kMalformed);
  EXPECT_THAT(refused("-> Table scan on t  (cost=0.35 rows=1)\n").message, HasSubstr("text format"));
  EXPECT_THAT(refused(R"({"format": "TREE", "text": "-> Table scan on t"})").message,
              HasSubstr("tree format"));
  EXPECT_THAT(refused(plan_document("mysql56/join_2t").substr(0, 300)).hint, HasSubstr("FORMAT=JSON"));
}

TEST(PlanDocument, DeepNestingIsRefused) {
  const auto nested = [](const std::string& open, const std::string& core, const std::string& close,
                         int times) {
    std::string text;
    for (int i = 0; i < times; ++i) {
      text += open;
    }
    text += core;
    for (int i = 0; i < times; ++i) {
      text += close;
    }
    return text;
  };
  const std::string leaf = R"({"table": {"table_name": "t", "access_type": "ALL"}})";
  for (const int times : {90, 250, 500, 1000, 10000}) {
    for (const std::string open : {R"({"query_block": )", R"({"ordering_operation": )", R"({"filesort": )",
                                   R"({"materialized": )", R"({"nested_loop": [)"}) {
      const std::string close = open.ends_with('[') ? "]}" : "}";
      for (const std::string mark : {"\"cost_info\": {}", "\"r_loops\": 1"}) {
        const std::string document =
            R"({"query_block": {)" + mark + R"(, "filesort": )" + nested(open, leaf, close, times) + "}}";
        const auto read = read_plan(document);
        EXPECT_TRUE(read || read.error().message.find("too deeply") != std::string::npos)
            << open << times << read.error().message;
      }
    }
    EXPECT_EQ(read_plan(nested(R"({"query_block": )", leaf, "}", times)).operator bool(), times < 100);
    const auto tree = read_plan(nested(R"({"operation": "x", "access_type": "stream", "inputs": [)",
                                       R"({"operation": "y", "access_type": "table"})", "]}", times));
    EXPECT_EQ(tree.operator bool(), times < 200) << times;
  }
}

TEST(PlanDocument, AJoinOfMoreTablesThanServersJoinIsRefused) {
  std::string tables;
  for (int i = 0; i < 5000; ++i) {
    tables += R"({"table": {"table_name": "t", "access_type": "ALL", "rows": 10, "filtered": 100}},)";
  }
  tables.pop_back();
  EXPECT_THAT(refused(R"({"query_block": {"r_loops": 1, "nested_loop": [)" + tables + "]}}").message,
              HasSubstr("too deeply"));
  EXPECT_THAT(refused(R"({"query_block": {"cost_info": {}, "nested_loop": [)" + tables + "]}}").message,
              HasSubstr("too deeply"));
}

TEST(PlanDocument, WrongTypesAndHugeNumbersAreLeftOut) {
  for (const std::string mark : {R"("cost_info": [])", R"("r_loops": "many")"}) {
    const auto read = read_plan(
        R"({"query_block": {)" + mark +
        R"(, "select_id": "one", "nested_loop": [7, "x", null, {"table": []}, {"table": {"table_name": 5,
           "access_type": {}, "rows": "lots", "filtered": [], "key": null, "used_key_parts": "a", "ref": {}}},
           {"table": {"table_name": "t", "access_type": "ALL", "rows": 1e308, "filtered": 100}},
           {"table": {"table_name": "u", "access_type": "ALL", "rows": 1e308, "filtered": -4}},
           {"table": {"table_name": "v", "access_type": "ALL", "rows": -1e308, "filtered": 100}}]}})");
    ASSERT_TRUE(read) << mark << read.error().message;
    walk(read->plan, [](const PlanNode& node, const std::string& path) {
      EXPECT_GE(node.rows.count, 0) << path;
      EXPECT_LE(node.rows.count, 1e100) << path;
    });
  }
  const auto tree =
      read_plan(R"({"operation": 3, "access_type": "join", "join_algorithm": [], "inputs": [[], 4,
    {"access_type": "index", "index_access_type": 1, "actual_loops": 1e300, "actual_rows": 1e300,
     "estimated_rows": "1e4"}], "inputs_from_select_list": {}})");
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(tree->plan.root.children.at(0).rows.count, 1e4);
  EXPECT_LE(tree->plan.root.children.at(0).actual->rows.count, 1e100);
}

// Every document cut at random and with bytes, keys and values exchanged: an answer or an error, never a
// crash.
TEST(PlanDocument, DamagedDocumentsNeverCrash) {
  std::mt19937 random(20240607);
  const auto upto = [&](std::size_t limit) {
    return limit == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  const std::vector<std::string> splices{"null",
                                         "[]",
                                         "{}",
                                         "-1",
                                         "1e308",
                                         "\"\"",
                                         "[[{}]]",
                                         "true",
                                         "{\"table\": {}}",
                                         "\"'\"",
                                         "\"/* select#\"",
                                         "\"#1\"",
                                         "\"union(a,\""};
  std::size_t read = 0;
  std::size_t refusals = 0;
  for (const auto& [folder, engine] : kFolders) {
    for (const std::string& name : test::plan_documents(folder)) {
      const std::string whole = plan_document(name);
      for (int round = 0; round < 12; ++round) {
        std::string damaged = whole;
        if (round % 3 == 0) {
          damaged.resize(upto(whole.size()));
        } else if (round % 3 == 1) {
          for (std::size_t i = 0; i < 1 + upto(4); ++i) {
            damaged[upto(damaged.size())] = static_cast<char>(upto(256));
          }
        } else {
          const std::size_t colon = damaged.find(": ", upto(damaged.size()));
          const std::size_t end = damaged.find_first_of(",\n", colon);
          if (colon != std::string::npos && end != std::string::npos) {
            damaged.replace(colon + 2, end - colon - 2, splices[upto(splices.size())]);
          }
        }
        const auto plan = read_plan(damaged);
        ++(plan ? read : refusals);
        EXPECT_TRUE(plan || !plan.error().message.empty());
      }
    }
  }
  EXPECT_GT(read, 100U);
  EXPECT_GT(refusals, 100U);
}

// All recorded documents of public test suites, where a copy of them is at hand: a folder of .json files
// whose names begin with the server ("mysql84_v2_...").
TEST(PlanDocument, RecordedDocumentsElsewhereAreRead) {
  const char* const folder = std::getenv("PLANWISE_PLAN_CORPUS");
  if (folder == nullptr) {
    GTEST_SKIP() << "PLANWISE_PLAN_CORPUS names no folder";
  }
  std::size_t seen = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    if (file.path().extension() != ".json") {
      continue;
    }
    ++seen;
    const auto read = read_plan(test::read_file(file.path()));
    if (name.find("_tree_") != std::string::npos) {
      EXPECT_THAT(read ? "" : read.error().message, HasSubstr("tree format")) << name;
      continue;
    }
    ASSERT_TRUE(read) << name << ": " << read.error().message;
    EXPECT_EQ(read->engine, name.starts_with("mariadb") ? Engine::kMariaDb : Engine::kMySql) << name;
    if (name.find("analyze") != std::string::npos) {
      EXPECT_TRUE(read->plan.root.actual || read->plan.execution_time || read->plan.planning_time) << name;
    }
  }
  EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace planwise
