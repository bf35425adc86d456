#include "server/api/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "server/api/routes.h"
#include "tests/support/golden.h"

namespace planwise::api {
namespace {

using Json = nlohmann::ordered_json;
using testing::IsEmpty;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

const Json& document() {
  static const Json kDocument = Json::parse(openapi_document());
  return kDocument;
}

TEST(OpenApi, IsWhatTheTreeSays) {
  test::expect_golden("server/api/openapi.json", openapi_document());
}

TEST(OpenApi, DescribesEveryRoute) {
  for (const Route& route : routes()) {
    const Json& operation =
        document()["paths"][std::string(route.path)][lower(std::string(to_string(route.method)))];
    ASSERT_TRUE(operation.is_object()) << route.path;
    EXPECT_EQ(operation["operationId"], route.id);
    EXPECT_FALSE(operation["summary"].get<std::string>().empty()) << route.path;
    EXPECT_EQ(operation.contains("parameters") ? operation["parameters"].size() : 0,
              route.path_parameters.size() + route.query_parameters.size());
    EXPECT_EQ(operation.contains("requestBody"), !route.request_schema.empty());
    EXPECT_GE(operation["responses"].size(), route.responses.empty() ? 0U : 1U);
    EXPECT_NE(route.handle, nullptr);
  }
}

TEST(OpenApi, DescribesNothingElse) {
  std::set<std::string> known;
  for (const Route& route : routes()) {
    known.insert(lower(std::string(to_string(route.method))) + " " + std::string(route.path));
  }
  std::set<std::string> described;
  for (const auto& [path, operations] : document()["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      described.insert(method + " " + path);
    }
  }
  EXPECT_EQ(described, known);
}

TEST(OpenApi, NamesEachOperationOnce) {
  std::set<std::string_view> ids;
  for (const Route& route : routes()) {
    EXPECT_TRUE(ids.insert(route.id).second) << route.id;
  }
}

TEST(Routes, DeclareTheParametersOfTheirPaths) {
  for (const Route& route : routes()) {
    std::string path(route.path);
    std::size_t at = 0;
    for (const Parameter& parameter : route.path_parameters) {
      at = path.find("{" + std::string(parameter.name) + "}", at);
      EXPECT_NE(at, std::string::npos) << route.path << " " << parameter.name;
    }
    EXPECT_EQ(static_cast<std::size_t>(std::count(path.begin(), path.end(), '{')),
              route.path_parameters.size());
  }
}

TEST(Routes, SayWhatEveryParameterMeans) {
  for (const Route& route : routes()) {
    for (const auto parameters : {route.path_parameters, route.query_parameters}) {
      for (const Parameter& parameter : parameters) {
        EXPECT_FALSE(parameter.summary.empty()) << route.path << " " << parameter.name;
        const bool chooses =
            parameter.type == ParameterType::kChoice || parameter.type == ParameterType::kChoices;
        EXPECT_EQ(chooses, !parameter.choices.empty()) << route.path << " " << parameter.name;
      }
    }
  }
}

TEST(Routes, BoundEveryList) {
  for (const Route& route : routes()) {
    const bool lists =
        std::any_of(route.responses.begin(), route.responses.end(), [](const Response& response) {
          return response.schema.ends_with("List") || response.schema.ends_with("History");
        });
    const bool bounded = std::any_of(
        route.query_parameters.begin(), route.query_parameters.end(),
        [](const Parameter& parameter) { return parameter.name == "limit" && parameter.max == 500; });
    EXPECT_EQ(lists, bounded) << route.path;
  }
}

// Calls visit(name) for every schema that `json` refers to.
void visit_references(const Json& json, const std::function<void(const std::string&)>& visit) {
  if (!json.is_structured()) {
    return;
  }
  for (const auto& [name, value] : json.items()) {
    if (name == "$ref" && value.is_string()) {
      visit(value.get<std::string>());
    }
    visit_references(value, visit);
  }
}

TEST(OpenApi, HasEverySchemaThatItRefersToAndNoOther) {
  const std::string prefix = "#/components/schemas/";
  const Json& schemas = document()["components"]["schemas"];
  std::set<std::string> reached;
  const std::function<void(const std::string&)> visit = [&](const std::string& reference) {
    ASSERT_TRUE(reference.starts_with(prefix)) << reference;
    const std::string name = reference.substr(prefix.size());
    ASSERT_TRUE(schemas.contains(name)) << reference;
    if (reached.insert(name).second) {
      visit_references(schemas[name], visit);
    }
  };
  visit_references(document()["paths"], visit);
  std::vector<std::string> orphans;
  for (const auto& [name, schema] : schemas.items()) {
    if (!reached.contains(name)) {
      orphans.push_back(name);
    }
  }
  EXPECT_THAT(orphans, IsEmpty());
}

}  // namespace
}  // namespace planwise::api
