// Parse trees that a parser of ours builds, in the vocabulary of parse_tree.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace planwise::parse_tree {

struct BuiltNode;
using BuiltList = std::vector<BuiltNode*>;

// The value of a field. A null node, false and an empty list or text are fields that are not there.
using BuiltValue = std::variant<bool, std::int64_t, std::string, BuiltNode*, BuiltList>;

struct BuiltField {
  std::string_view key;  // static text
  BuiltValue value;
};

struct BuiltNode {
  std::string_view tag;      // static text
  std::size_t location = 0;  // where the node begins in the statement, in bytes
  std::size_t height = 1;    // levels of nodes from here to the deepest leaf
  std::vector<BuiltField> fields;

  [[nodiscard]] const BuiltValue* find(std::string_view key) const;
  // Adds a field, or replaces it.
  void set(std::string_view key, BuiltValue value);
  // Adds to the list at `key`; it is begun where it is not there.
  void append(std::string_view key, BuiltNode* item);
  [[nodiscard]] bool is(std::string_view name) const { return tag == name; }
};

// Owns the nodes of one tree; they live as long as it does.
class TreeBuilder {
 public:
  BuiltNode* make(std::string_view tag, std::size_t location, std::vector<BuiltField> fields = {});
  // A String node, and a list of them: the parts of a name.
  BuiltNode* text(std::string_view value, std::size_t location);
  BuiltList texts(std::initializer_list<std::string_view> values, std::size_t location);

 private:
  std::deque<BuiltNode> nodes_;  // addresses stay
};

}  // namespace planwise::parse_tree
