#include "analyzer/sql/built_tree.h"

#include <algorithm>

namespace planwise::parse_tree {
namespace {

bool is_empty(const BuiltValue& value) {
  if (const bool* flag = std::get_if<bool>(&value)) {
    return !*flag;
  }
  if (BuiltNode* const* node = std::get_if<BuiltNode*>(&value)) {
    return *node == nullptr;
  }
  if (const std::string* text = std::get_if<std::string>(&value)) {
    return text->empty();
  }
  const BuiltList* list = std::get_if<BuiltList>(&value);
  return list != nullptr && list->empty();
}

std::size_t height_of(const BuiltValue& value) {
  if (BuiltNode* const* node = std::get_if<BuiltNode*>(&value)) {
    return *node == nullptr ? 0 : (*node)->height;
  }
  std::size_t height = 0;
  if (const BuiltList* list = std::get_if<BuiltList>(&value)) {
    for (const BuiltNode* item : *list) {
      height = std::max(height, item == nullptr ? 0 : item->height);
    }
  }
  return height;
}

}  // namespace

const BuiltValue* BuiltNode::find(std::string_view key) const {
  const auto at = std::ranges::find(fields, key, &BuiltField::key);
  return at == fields.end() ? nullptr : &at->value;
}

BuiltNode* TreeBuilder::make(std::string_view tag, std::size_t location, std::vector<BuiltField> fields) {
  std::erase_if(fields, [](const BuiltField& field) { return is_empty(field.value); });
  BuiltNode& node = nodes_.emplace_back();
  node.tag = tag;
  node.location = location;
  node.fields = std::move(fields);
  for (const BuiltField& field : node.fields) {
    node.height = std::max(node.height, height_of(field.value) + 1);
  }
  return &node;
}

void BuiltNode::set(std::string_view key, BuiltValue value) {
  std::erase_if(fields, [&](const BuiltField& field) { return field.key == key; });
  if (!is_empty(value)) {
    height = std::max(height, height_of(value) + 1);
    fields.push_back({key, std::move(value)});
  }
}

void BuiltNode::append(std::string_view key, BuiltNode* item) {
  const auto at = std::ranges::find(fields, key, &BuiltField::key);
  BuiltList* const list = at == fields.end() ? nullptr : std::get_if<BuiltList>(&at->value);
  if (list == nullptr) {
    set(key, BuiltList{item});
    return;
  }
  list->push_back(item);
  height = std::max(height, item->height + 1);
}

BuiltNode* TreeBuilder::text(std::string_view value, std::size_t location) {
  return make("String", location, {{"sval", std::string(value)}});
}

BuiltList TreeBuilder::texts(std::initializer_list<std::string_view> values, std::size_t location) {
  BuiltList list;
  for (const std::string_view value : values) {
    list.push_back(text(value, location));
  }
  return list;
}

}  // namespace planwise::parse_tree
