#include "server/api/openapi.h"

#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "server/api/head.h"
#include "server/api/problem.h"
#include "server/api/routes.h"
#include "server/embedded.h"

namespace planwise::api {
namespace {

using Json = nlohmann::ordered_json;

// What every route may answer beside its own responses; the guard gives some of them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kCommon{
    {{"400", "The request, its path or a parameter is malformed; `errors` lists parameters."},
     {"503", "Too busy, or the store cannot be used now."},
     {"default", "Any other failure, as a problem document."}}};

Json reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

Json schema_of(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::kText: return {{"type", "string"}, {"maxLength", parameter.max}};
    case ParameterType::kInteger:
      return {{"type", "integer"}, {"minimum", parameter.min}, {"maximum", parameter.max}};
    case ParameterType::kBoolean: return {{"type", "boolean"}};
    case ParameterType::kChoice: return {{"type", "string"}, {"enum", parameter.choices}};
    case ParameterType::kChoices:
      return {{"type", "array"}, {"items", {{"type", "string"}, {"enum", parameter.choices}}}};
    case ParameterType::kTime: return {{"type", "string"}, {"format", "date-time"}};
    case ParameterType::kId: return {{"type", "string"}, {"pattern", "^[1-9][0-9]*$"}};
    case ParameterType::kHex16: return {{"type", "string"}, {"pattern", "^[0-9a-f]{16}$"}};
  }
  return Json::object();
}

Json parameter_json(const Parameter& parameter, bool in_path) {
  Json json{{"name", parameter.name},
            {"in", in_path ? "path" : "query"},
            {"required", in_path},
            {"description", parameter.summary}};
  if (parameter.type == ParameterType::kChoices) {
    json["style"] = "form";
    json["explode"] = false;
  }
  json["schema"] = schema_of(parameter);
  return json;
}

Json responses_json(const Route& route) {
  Json responses = Json::object();
  for (const Response& response : route.responses) {
    Json& one = responses[std::to_string(response.status)];
    if (one.is_null()) {
      one["description"] = response.summary;
    }
    if (response.status != 204) {
      one["content"][std::string(response.media_type)] = response.schema.empty()
                                                             ? Json{{"schema", {{"type", "string"}}}}
                                                             : Json{{"schema", reference(response.schema)}};
    }
  }
  for (const auto& [status, description] : kCommon) {
    if (!responses.contains(status)) {
      responses[std::string(status)] = {
          {"description", description},
          {"content", {{std::string(kProblemType), {{"schema", reference("Problem")}}}}}};
    }
  }
  return responses;
}

Json operation_json(const Route& route) {
  Json operation{{"operationId", route.id}, {"summary", route.summary}};
  for (const Parameter& parameter : route.path_parameters) {
    operation["parameters"].push_back(parameter_json(parameter, true));
  }
  for (const Parameter& parameter : route.query_parameters) {
    operation["parameters"].push_back(parameter_json(parameter, false));
  }
  if (!route.request_schema.empty()) {
    operation["requestBody"] = {
        {"required", true},
        {"content", {{"application/json", {{"schema", reference(route.request_schema)}}}}}};
  }
  operation["responses"] = responses_json(route);
  return operation;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& letter : out) {
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return out;
}

// The report's schema names its parts in $defs, lower case; here they are report_<name>.
void rename_references(Json& json) {
  constexpr std::string_view kDefs = "#/$defs/";
  if (json.is_structured()) {
    for (auto& [name, value] : json.items()) {
      if (name == "$ref" && value.is_string() && value.get_ref<std::string&>().starts_with(kDefs)) {
        value = "#/components/schemas/report_" + value.get<std::string>().substr(kDefs.size());
      } else {
        rename_references(value);
      }
    }
  }
}

Json schemas_json() {
  Json report = Json::parse(embedded::report_schema());
  Json schemas = Json::parse(embedded::api_schemas());
  Json parts = std::move(report["$defs"]);
  for (const char* const name : {"$defs", "$schema", "$id"}) {
    report.erase(name);
  }
  rename_references(report);
  schemas["Report"] = std::move(report);
  for (auto& [name, part] : parts.items()) {
    rename_references(part);
    schemas["report_" + name] = std::move(part);
  }
  return schemas;
}

std::string print() {
  Json document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "planwise"},
        {"version", PLANWISE_VERSION},
        {"description", "Which changes would make a database faster, in order of what each gives back."},
        {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"servers", Json::array({{{"url", "/"}}})}};
  for (const Route& route : routes()) {
    document["paths"][std::string(route.path)][lower(to_string(route.method))] = operation_json(route);
  }
  document["components"]["schemas"] = schemas_json();
  return document.dump(2) + "\n";
}

}  // namespace

const std::string& openapi_document() {
  static const std::string kDocument = print();
  return kDocument;
}

}  // namespace planwise::api
