// Parse trees of statements, in the vocabulary of PostgreSQL's raw parse tree (parsenodes.h), whatever the
// dialect: a ColumnRef has `fields`, a SelectStmt a `targetList`.
//
// Two kinds stand behind a Node: the JSON that libpg_query prints, one object a node
// {"ColumnRef": {"fields": [...]}}, and the nodes of a parser of ours (built_tree.h). Views into what must
// outlive them. What is not there reads as empty, false or zero, as the tree's writer leaves such fields out.
// Needs a deep stack for deep trees: see parse_postgres.h.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analyzer/sql/built_tree.h"

namespace planwise::parse_tree {

// A node with its tag; an empty tag is no node.
class Node {
 public:
  Node() = default;
  Node(std::string_view tag, simdjson::dom::object fields) : tag_(tag), fields_(fields) {}
  explicit Node(const BuiltNode* built)
      : tag_(built == nullptr ? std::string_view{} : built->tag), built_(built) {}

  [[nodiscard]] std::string_view tag() const { return tag_; }
  [[nodiscard]] bool is(std::string_view tag) const { return tag_ == tag; }
  explicit operator bool() const { return !tag_.empty(); }

  [[nodiscard]] bool has(std::string_view key) const {
    simdjson::dom::element value;
    return built_ != nullptr ? built_->find(key) != nullptr : get(key, value);
  }
  [[nodiscard]] std::string_view text(std::string_view key) const {
    if (built_ != nullptr) {
      const std::string* const value = built<std::string>(key);
      return value == nullptr ? std::string_view{} : *value;
    }
    simdjson::dom::element value;
    std::string_view out;
    return get(key, value) && value.get_string().get(out) == simdjson::SUCCESS ? out : std::string_view{};
  }
  [[nodiscard]] bool flag(std::string_view key) const {
    if (built_ != nullptr) {
      const bool* const value = built<bool>(key);
      return value != nullptr && *value;
    }
    simdjson::dom::element value;
    bool out = false;
    return get(key, value) && value.get_bool().get(out) == simdjson::SUCCESS && out;
  }
  [[nodiscard]] std::int64_t integer(std::string_view key) const {
    if (built_ != nullptr) {
      const std::int64_t* const value = built<std::int64_t>(key);
      return value == nullptr ? 0 : *value;
    }
    simdjson::dom::element value;
    std::int64_t out = 0;
    return get(key, value) && value.get_int64().get(out) == simdjson::SUCCESS ? out : 0;
  }
  // Where the node begins in the statement, in bytes; of the nodes that the reader asks, no two are alike.
  [[nodiscard]] std::int64_t location() const {
    return built_ != nullptr ? static_cast<std::int64_t>(built_->location) : integer("location");
  }
  // The node at `key`, which carries its own tag.
  [[nodiscard]] Node child(std::string_view key) const {
    if (built_ != nullptr) {
      BuiltNode* const* const value = built<BuiltNode*>(key);
      return value == nullptr ? Node{} : Node(*value);
    }
    simdjson::dom::element value;
    return get(key, value) ? of(value) : Node{};
  }
  // The object at `key` where the grammar allows one kind only and the tag is left out.
  [[nodiscard]] Node untagged(std::string_view key, std::string_view tag) const {
    if (built_ != nullptr) {
      return child(key);
    }
    simdjson::dom::element value;
    simdjson::dom::object fields;
    return get(key, value) && value.get_object().get(fields) == simdjson::SUCCESS ? Node(tag, fields)
                                                                                  : Node{};
  }
  [[nodiscard]] std::vector<Node> list(std::string_view key) const {
    std::vector<Node> out;
    if (built_ != nullptr) {
      if (const BuiltList* const value = built<BuiltList>(key); value != nullptr) {
        for (const BuiltNode* const item : *value) {
          out.emplace_back(item);
        }
      }
      return out;
    }
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
    if (built_ != nullptr) {
      for (const BuiltField& field : built_->fields) {
        collect(field.value, out);
      }
    } else if (!tag_.empty()) {
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
  template <class Value>
  [[nodiscard]] const Value* built(std::string_view key) const {
    const BuiltValue* const value = built_->find(key);
    return value == nullptr ? nullptr : std::get_if<Value>(value);
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
  static void collect(const BuiltValue& value, std::vector<Node>& out) {
    if (BuiltNode* const* const node = std::get_if<BuiltNode*>(&value); node != nullptr) {
      out.emplace_back(*node);
    } else if (const BuiltList* const list = std::get_if<BuiltList>(&value); list != nullptr) {
      for (const BuiltNode* const item : *list) {
        if (item != nullptr) {
          out.emplace_back(item);
        }
      }
    }
  }

  std::string_view tag_;
  simdjson::dom::object fields_;
  const BuiltNode* built_ = nullptr;
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
