// A StatementShape as lines of text, for tests that compare two of them whole.
#pragma once

#include <string>
#include <vector>

#include "analyzer/sql/shape.h"

namespace planwise::test {

namespace shape_words {

inline std::string column(const ColumnUse& use) {
  std::string out =
      use.qualifier + "." + use.column + "@" + std::to_string(use.block) + "/" + std::to_string(use.relation);
  for (const std::string& name : use.columns) {
    out += " " + name;
  }
  return out + (use.function.empty() ? "" : " " + use.function + "()") +
         (use.expression.empty() ? "" : " expr");
}

inline std::string columns(const std::vector<ColumnUse>& uses) {
  std::string out;
  for (const ColumnUse& use : uses) {
    out += " [" + column(use) + "]";
  }
  return out;
}

inline std::string words(const std::vector<std::string>& all) {
  std::string out;
  for (const std::string& each : all) {
    out += " " + each;
  }
  return out;
}

inline std::string number(const std::optional<double>& value) {
  return value ? std::to_string(*value) : "-";
}

}  // namespace shape_words

// Everything but the text of expressions, which each engine spells its own way, and the dialect itself.
inline std::string shape_text(const StatementShape& shape) {
  using namespace shape_words;
  std::string out = "kind " + std::to_string(static_cast<int>(shape.kind)) +
                    (shape.parsed ? "" : " not parsed") + " rows " + std::to_string(shape.insert_rows) +
                    " parameters " + std::to_string(shape.parameters) + "\nwritten" +
                    words(shape.written_columns) + "\nfunctions" + words(shape.functions) + "\noperators" +
                    words(shape.operators) + "\n";
  for (std::size_t i = 0; i < shape.blocks.size(); ++i) {
    const QueryBlock& block = shape.blocks[i];
    out += "block " + std::to_string(i) + " use " + std::to_string(static_cast<int>(block.use)) + " parent " +
           std::to_string(block.parent);
    for (const auto& [set, word] :
         {std::pair(block.distinct, " distinct"), std::pair(block.star, " star"),
          std::pair(block.has_limit, " limit"), std::pair(block.has_offset, " offset"),
          std::pair(block.has_aggregate, " aggregate"), std::pair(block.has_window, " window"),
          std::pair(block.has_having, " having"), std::pair(block.for_update, " locks"),
          std::pair(block.correlated, " correlated"), std::pair(block.recursive, " recursive")}) {
      out += set ? word : "";
    }
    out += " " + number(block.limit) + " " + number(block.offset) + "\n";
    for (const Relation& relation : block.relations) {
      out += "  relation " + std::to_string(static_cast<int>(relation.kind)) + " " + relation.schema + "." +
             relation.name + " as " + relation.alias + " block " + std::to_string(relation.block) +
             (relation.outer ? " outer" : "") + (relation.natural ? " natural" : "") + "\n";
    }
    for (const Predicate& each : block.predicates) {
      out += "  predicate " + column(each.column) + " kind " + std::to_string(static_cast<int>(each.kind)) +
             " " + each.op + " value " + std::to_string(static_cast<int>(each.value)) + " " +
             each.value_type + " list " + std::to_string(each.in_list_length) + " block " +
             std::to_string(each.subquery_block) + " or " + std::to_string(each.or_group) + "." +
             std::to_string(each.or_branch) + " constants" + words(each.constants) + " estimates" +
             words(each.estimates) + "\n";
    }
    for (const JoinPredicate& join : block.joins) {
      out += "  join " + column(join.left) + " " + join.op + " " + column(join.right) +
             (join.equality ? " equal" : "") + "\n";
    }
    for (const OrderItem& item : block.order_by) {
      out += "  order " + column(item.column) + (item.descending ? " desc" : "") +
             (item.nulls_first ? " nulls-first" : "") + "\n";
    }
    out += "  group" + columns(block.group_by) + "\n  output" + columns(block.output) + "\n  others" +
           columns(block.others) + "\n  in " + column(block.in_column) + "\n  names" +
           words(block.output_names) + "\n";
  }
  return out;
}

}  // namespace planwise::test
