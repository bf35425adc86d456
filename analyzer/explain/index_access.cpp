#include "analyzer/explain/index_access.h"

#include <algorithm>
#include <array>
#include <utility>

#include "analyzer/explain/conditions.h"
#include "analyzer/sql/lexer.h"

namespace planwise::explain {
namespace {

using namespace std::string_view_literals;

constexpr std::array kMerges{"union"sv, "intersect"sv, "sort_union"sv, "sort_intersect"sv};
constexpr std::size_t kMaxMergeDepth = 8;  // servers nest two

PlanNode index_node(std::string_view index) {
  return {.kind = NodeKind::kBitmapScan, .label = "range", .index = std::string(index)};
}

// Index names may hold any character; what does not read as nested lists stays one name.
class MergeKey {
 public:
  explicit MergeKey(std::string_view key) : key_(key) {}

  bool read(std::vector<PlanNode>& out) { return read_list(out, 0) && at_ == key_.size(); }

 private:
  bool read_list(std::vector<PlanNode>& out, std::size_t depth) {
    do {
      const std::size_t end = std::min(key_.find_first_of(",()", at_), key_.size());
      const std::string_view name = key_.substr(at_, end - at_);
      at_ = end;
      const bool merge = at_ < key_.size() && key_[at_] == '(';
      if (name.empty() ||
          (merge && (depth == kMaxMergeDepth || std::ranges::find(kMerges, name) == kMerges.end()))) {
        return false;
      }
      if (!merge) {
        out.push_back(index_node(name));
        continue;
      }
      PlanNode node{.kind = NodeKind::kBitmapScan, .label = std::string(name)};
      ++at_;
      if (!read_list(node.children, depth + 1) || at_ >= key_.size() || key_[at_] != ')') {
        return false;
      }
      ++at_;
      out.push_back(std::move(node));
    } while (at_ < key_.size() && key_[at_] == ',' && ++at_ > 0);
    return true;
  }

  std::string_view key_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<PlanNode> index_merge_of(std::string_view key) {
  std::vector<PlanNode> nodes;
  if (key.empty() || MergeKey(key).read(nodes)) {
    return nodes;
  }
  nodes.clear();
  nodes.push_back(index_node(key));
  return nodes;
}

std::string lookup_condition(const std::vector<std::string>& columns,
                             const std::vector<std::string_view>& references) {
  std::string condition;
  for (std::size_t i = 0; i < std::min(columns.size(), references.size()); ++i) {
    condition = both(std::move(condition), columns[i] + " = " + std::string(references[i]));
  }
  return condition;
}

std::vector<std::string> columns_looked_up(std::string_view condition) {
  std::vector<std::string> columns;
  Lexer lexer(condition, Engine::kMySql);
  bool expected = true;
  int open = 0;
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    const std::string_view text = lexer.text(token);
    if (expected && (token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedName)) {
      columns.push_back(plain_name(text));
    }
    open += text == "(" ? 1 : text == ")" ? -1 : 0;
    expected = text == "," && open == 0;
  }
  return columns;
}

}  // namespace planwise::explain
