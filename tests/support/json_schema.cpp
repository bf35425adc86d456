#include "tests/support/json_schema.h"

#include <regex.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace planwise::test {
namespace {

using Json = nlohmann::ordered_json;

bool is_of_type(const Json& value, const std::string& type) {
  return (type == "null" && value.is_null()) || (type == "boolean" && value.is_boolean()) ||
         (type == "string" && value.is_string()) || (type == "array" && value.is_array()) ||
         (type == "object" && value.is_object()) || (type == "number" && value.is_number()) ||
         (type == "integer" && (value.is_number_integer() ||
                                (value.is_number_float() &&
                                 value.get<double>() == static_cast<double>(value.get<std::int64_t>()))));
}

// POSIX extended syntax, which our patterns share with ECMA-262.
bool matches(const std::string& text, const std::string& pattern) {
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) {
    return false;
  }
  const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}

bool has_format(const std::string& text, const std::string& format) {
  static const std::map<std::string, std::string, std::less<>> kPatterns{
      {"date-time",
       "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"},
      {"uri", "^[a-z][a-z0-9+.-]*:"},
      {"uri-reference", "^[^ ]*$"}};
  const auto at = kPatterns.find(format);
  return at != kPatterns.end() && matches(text, at->second);
}

class Checker {
 public:
  explicit Checker(const Json& document) : document_(document) {}

  [[nodiscard]] std::vector<std::string> check(const Json& schema, const Json& value,
                                               const std::string& path) const {
    std::vector<std::string> out;
    if (schema.is_boolean()) {
      if (!schema.get<bool>()) {
        out.push_back(path + ": is not allowed");
      }
      return out;
    }
    for (const auto& [keyword, argument] : schema.items()) {
      const auto at = keywords().find(keyword);
      if (at == keywords().end()) {
        out.push_back(path + ": the checker does not know the keyword " + keyword);
      } else if (at->second != nullptr) {
        (this->*at->second)(schema, argument, value, path, out);
      }
    }
    return out;
  }

 private:
  using Lines = std::vector<std::string>;
  using Keyword = void (Checker::*)(const Json& schema, const Json& argument, const Json& value,
                                    const std::string& path, Lines& out) const;

  static const std::map<std::string, Keyword, std::less<>>& keywords() {
    static const std::map<std::string, Keyword, std::less<>> kTable{
        {"$schema", nullptr},
        {"$id", nullptr},
        {"$defs", nullptr},
        {"$comment", nullptr},
        {"title", nullptr},
        {"description", nullptr},
        {"default", nullptr},
        {"examples", nullptr},
        {"deprecated", nullptr},
        {"readOnly", nullptr},
        {"writeOnly", nullptr},
        {"$ref", &Checker::ref},
        {"type", &Checker::type},
        {"enum", &Checker::enumeration},
        {"const", &Checker::constant},
        {"properties", &Checker::properties},
        {"required", &Checker::required},
        {"additionalProperties", &Checker::additional},
        {"minProperties", &Checker::min_size},
        {"items", &Checker::items},
        {"minItems", &Checker::min_size},
        {"maxItems", &Checker::max_size},
        {"minLength", &Checker::min_size},
        {"maxLength", &Checker::max_size},
        {"pattern", &Checker::pattern},
        {"format", &Checker::format},
        {"minimum", &Checker::minimum},
        {"maximum", &Checker::maximum},
        {"exclusiveMinimum", &Checker::exclusive_minimum},
        {"allOf", &Checker::all_of},
        {"anyOf", &Checker::any_of},
        {"oneOf", &Checker::one_of}};
    return kTable;
  }

  static void append(Lines lines, Lines& out) { out.insert(out.end(), lines.begin(), lines.end()); }

  void ref(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
           Lines& out) const {
    const auto target = argument.get<std::string>();
    const Json::json_pointer pointer(target.starts_with('#') ? target.substr(1) : "/no such place");
    if (!document_.contains(pointer)) {
      out.push_back(path + ": the schema refers to " + target + ", which is not there");
    } else {
      append(check(document_.at(pointer), value, path), out);
    }
  }

  void type(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
            Lines& out) const {
    const Json types = argument.is_array() ? argument : Json::array({argument});
    const bool fits = std::any_of(types.begin(), types.end(), [&](const Json& type) {
      return is_of_type(value, type.get<std::string>());
    });
    if (!fits) {
      out.push_back(path + ": is " + value.dump().substr(0, 60) + ", not of type " + argument.dump());
    }
  }

  void enumeration(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
                   Lines& out) const {
    if (std::find(argument.begin(), argument.end(), value) == argument.end()) {
      out.push_back(path + ": is " + value.dump().substr(0, 60) + ", not one of " + argument.dump());
    }
  }

  void constant(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
                Lines& out) const {
    if (value != argument) {
      out.push_back(path + ": is not " + argument.dump());
    }
  }

  void properties(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
                  Lines& out) const {
    if (!value.is_object()) {
      return;
    }
    for (const auto& [name, schema] : argument.items()) {
      if (value.contains(name)) {
        append(check(schema, value.at(name), path + "/" + name), out);
      }
    }
  }

  void required(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
                Lines& out) const {
    for (const Json& name : argument) {
      if (value.is_object() && !value.contains(name.get<std::string>())) {
        out.push_back(path + ": lacks " + name.get<std::string>());
      }
    }
  }

  void additional(const Json& schema, const Json& argument, const Json& value, const std::string& path,
                  Lines& out) const {
    if (!value.is_object()) {
      return;
    }
    for (const auto& [name, member] : value.items()) {
      if (!schema.contains("properties") || !schema.at("properties").contains(name)) {
        append(check(argument, member, path + "/" + name), out);
      }
    }
  }

  void items(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
             Lines& out) const {
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
      append(check(argument, value.at(i), path + "/" + std::to_string(i)), out);
    }
  }

  // Code points of a string, members of an array or an object.
  static std::size_t size_of(const Json& value) {
    if (!value.is_string()) {
      return value.size();
    }
    const auto text = value.get<std::string>();
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char letter) {
      return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U;
    }));
  }

  void min_size(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
                Lines& out) const {
    if ((value.is_string() || value.is_structured()) && size_of(value) < argument.get<std::size_t>()) {
      out.push_back(path + ": is shorter than " + argument.dump());
    }
  }

  void max_size(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
                Lines& out) const {
    if ((value.is_string() || value.is_structured()) && size_of(value) > argument.get<std::size_t>()) {
      out.push_back(path + ": is longer than " + argument.dump());
    }
  }

  void pattern(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
               Lines& out) const {
    if (value.is_string() && !matches(value.get<std::string>(), argument.get<std::string>())) {
      out.push_back(path + ": is " + value.dump().substr(0, 60) + ", which does not match " +
                    argument.dump());
    }
  }

  void format(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
              Lines& out) const {
    if (value.is_string() && !has_format(value.get<std::string>(), argument.get<std::string>())) {
      out.push_back(path + ": is " + value.dump().substr(0, 60) + ", which is no " +
                    argument.get<std::string>());
    }
  }

  void minimum(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
               Lines& out) const {
    if (value.is_number() && value.get<double>() < argument.get<double>()) {
      out.push_back(path + ": is less than " + argument.dump());
    }
  }

  void maximum(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
               Lines& out) const {
    if (value.is_number() && value.get<double>() > argument.get<double>()) {
      out.push_back(path + ": is more than " + argument.dump());
    }
  }

  void exclusive_minimum(const Json& /*schema*/, const Json& argument, const Json& value,
                         const std::string& path, Lines& out) const {
    if (value.is_number() && value.get<double>() <= argument.get<double>()) {
      out.push_back(path + ": is not more than " + argument.dump());
    }
  }

  void all_of(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
              Lines& out) const {
    for (const Json& part : argument) {
      append(check(part, value, path), out);
    }
  }

  [[nodiscard]] std::ptrdiff_t fitting(const Json& choices, const Json& value,
                                       const std::string& path) const {
    return std::count_if(choices.begin(), choices.end(),
                         [&](const Json& choice) { return check(choice, value, path).empty(); });
  }

  void any_of(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
              Lines& out) const {
    if (fitting(argument, value, path) == 0) {
      out.push_back(path + ": fits none of " + argument.dump().substr(0, 200));
    }
  }

  void one_of(const Json& /*schema*/, const Json& argument, const Json& value, const std::string& path,
              Lines& out) const {
    if (fitting(argument, value, path) != 1) {
      out.push_back(path + ": fits not exactly one of " + argument.dump().substr(0, 200));
    }
  }

  const Json& document_;
};

}  // namespace

std::vector<std::string> schema_violations(const Json& document, std::string_view pointer,
                                           const Json& value) {
  const Json::json_pointer at{std::string(pointer)};
  if (!document.contains(at)) {
    return {"there is no schema at " + std::string(pointer)};
  }
  return Checker(document).check(document.at(at), value, "");
}

std::vector<std::string> schema_violations(std::string_view document, std::string_view pointer,
                                           std::string_view value) {
  const Json schema = Json::parse(document, nullptr, false);
  const Json parsed = Json::parse(value, nullptr, false);
  if (schema.is_discarded() || parsed.is_discarded()) {
    return {schema.is_discarded() ? "the schema is no JSON" : "the text is no JSON"};
  }
  return schema_violations(schema, pointer, parsed);
}

}  // namespace planwise::test
