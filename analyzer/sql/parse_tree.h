// PostgreSQL's parse tree as libpg_query prints it, one JSON object a node: {"ColumnRef": {"fields": [...]}}.
//
// Views into a document that must outlive them. What is not there reads as empty, false or zero, as the
// tree's writer leaves such fields out. Needs a deep stack for deep trees: see parse_postgres.h.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace planwise::parse_tree {

// A node with its tag; an empty tag is no node.
class Node {
 public:
  Node() = default;
  Node(std::string_view tag, simdjson::dom::object fields) : tag_(tag), fields_(fields) {}

  [[nodiscard]] std::string_view tag() const { return tag_; }
  [[nodiscard]] bool is(std::string_view tag) const { return tag_ == tag; }
  explicit operator bool() const { return !tag_.empty(); }

  [[nodiscard]] bool has(std::string_view key) const {
    simdjson::dom::element value;
    return get(key, value);
  }
  [[nodiscard]] std::string_view text(std::string_view key) const {
    simdjson::dom::element value;
    std::string_view out;
    return get(key, value) && value.get_string().get(out) == simdjson::SUCCESS ? out : std::string_view{};
  }
  [[nodiscard]] bool flag(std::string_view key) const {
    simdjson::dom::element value;
    bool out = false;
    return get(key, value) && value.get_bool().get(out) == simdjson::SUCCESS && out;
  }
  [[nodiscard]] std::int64_t integer(std::string_view key) const {
    simdjson::dom::element value;
    std::int64_t out = 0;
    return get(key, value) && value.get_int64().get(out) == simdjson::SUCCESS ? out : 0;
  }
  // The node at `key`, which carries its own tag.
  [[nodiscard]] Node child(std::string_view key) const {
    simdjson::dom::element value;
    return get(key, value) ? of(value) : Node{};
  }
  // The object at `key` where the grammar allows one kind only and the tag is left out.
  [[nodiscard]] Node untagged(std::string_view key, std::string_view tag) const {
    simdjson::dom::element value;
    simdjson::dom::object fields;
    return get(key, value) && value.get_object().get(fields) == simdjson::SUCCESS ? Node(tag, fields)
                                                                                  : Node{};
  }
  [[nodiscard]] std::vector<Node> list(std::string_view key) const {
    std::vector<Node> out;
    simdjson::dom::element value;
    simdjson::dom::array items;
    if (get(key, value) && value.get_array().get(items) == simdjson::SUCCESS) {
      for (const simdjson::dom::element item : items) {
        out.push_back(of(item));
      }
    }
    return out;
  }
  // Every node directly below, whatever field it stands in.
  [[nodiscard]] std::vector<Node> children() const {
    std::vector<Node> out;
    if (!tag_.empty()) {
      for (const auto& field : fields_) {
        collect(field.value, out);
      }
    }
    return out;
  }

  static Node of(simdjson::dom::element value) {
    simdjson::dom::object wrapper;
    simdjson::dom::object fields;
    if (value.get_object().get(wrapper) != simdjson::SUCCESS || wrapper.size() != 1 ||
        (*wrapper.begin()).value.get_object().get(fields) != simdjson::SUCCESS) {
      return {};
    }
    return {(*wrapper.begin()).key, fields};
  }

 private:
  [[nodiscard]] bool get(std::string_view key, simdjson::dom::element& out) const {
    return !tag_.empty() && fields_[key].get(out) == simdjson::SUCCESS;
  }
  static void collect(simdjson::dom::element value, std::vector<Node>& out) {
    simdjson::dom::array items;
    simdjson::dom::object fields;
    if (value.get_array().get(items) == simdjson::SUCCESS) {
      for (const simdjson::dom::element item : items) {
        collect(item, out);
      }
    } else if (const Node node = of(value)) {
      out.push_back(node);
    } else if (value.get_object().get(fields) == simdjson::SUCCESS) {
      out.emplace_back("untagged", fields);
    }
  }

  std::string_view tag_;
  simdjson::dom::object fields_;
};

// The texts of a list of String nodes: the parts of a name.
inline std::vector<std::string> names(const Node& node, std::string_view key) {
  std::vector<std::string> out;
  for (const Node& part : node.list(key)) {
    if (part.is("String")) {
      out.emplace_back(part.text("sval"));
    }
  }
  return out;
}

}  // namespace planwise::parse_tree
