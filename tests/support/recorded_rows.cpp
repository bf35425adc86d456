#include "tests/support/recorded_rows.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "tests/support/read_file.h"

namespace planwise::test {
namespace {

nlohmann::json content_of(const std::string& file) {
  return nlohmann::json::parse(read_file(std::string(PLANWISE_SOURCE_DIR) + "/tests/data/" + file));
}

}  // namespace

TextRows recorded_rows(const std::string& file, const std::vector<std::string>& columns) {
  TextRows rows(columns);
  for (const nlohmann::json& object : content_of(file)) {
    for (const std::string& column : columns) {
      const auto value = object.find(column);
      if (value == object.end() || value->is_null()) {
        rows.append(std::nullopt);
      } else {
        rows.append(value->is_string() ? value->get<std::string>() : value->dump());
      }
    }
  }
  return rows;
}

std::set<std::string> recorded_columns(const std::string& file) {
  std::set<std::string> columns;
  const nlohmann::json content = content_of(file);
  for (const auto& [name, value] : content.at(0).items()) {
    std::string upper = name;
    std::ranges::transform(upper, upper.begin(), [](char letter) {
      return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    });
    columns.insert(upper);
  }
  return columns;
}

}  // namespace planwise::test
