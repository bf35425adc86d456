#include <algorithm>
#include <cmath>
#include <map>

#include "analyzer/cost_model/query.h"

namespace planwise::cost_model {
namespace {

// What the plan says of the rows that one alias's conditions keep.
struct Seen {
  double rows = 0;
  double table_rows = 0;  // of the leaves scanned
  double pages = 0;
  double leaves = 0;
  int workers = 0;  // of the Gather above
  bool usable = true;
};

class PlanRows {
 public:
  explicit PlanRows(const Schema& schema) : schema_(schema) {}

  void read(const PlanNode& node, int workers) {
    const bool is_scan = node.kind == NodeKind::kFullScan || node.kind == NodeKind::kIndexScan ||
                         node.kind == NodeKind::kFullIndexScan || node.kind == NodeKind::kBitmapScan;
    if (is_scan && !node.alias.empty() && !node.table.empty()) {
      note(node, workers);
    }
    for (const PlanNode& child : node.children) {
      read(child, std::max(workers, node.workers.value_or(0)));
    }
  }

  [[nodiscard]] const std::map<std::string, Seen>& seen() const { return seen_; }

 private:
  void note(const PlanNode& node, int workers) {
    const Table* table = schema_.resolve(node.schema, node.table);
    // A partition's alias is its parent's with a number.
    std::string alias = node.alias;
    if (table != nullptr && table->partition_of) {
      const std::size_t end = alias.find_last_not_of("0123456789");
      alias = end != std::string::npos && alias[end] == '_' ? alias.substr(0, end) : alias;
    }
    Seen& seen = seen_[alias];
    const bool parameterised =
        std::ranges::any_of(std::initializer_list<const std::string*>{&node.index_condition,
                                                                      &node.recheck_condition, &node.filter},
                            [&](const std::string* text) { return mentions_other(*text, node.alias); });
    const bool again = seen.leaves > 0 && (table == nullptr || !table->partition_of);
    seen.usable = seen.usable && !parameterised && !again && table != nullptr && table->rows;
    seen.workers = std::max(seen.workers, workers);
    if (table != nullptr && table->rows) {
      seen.rows += node.rows.count;
      seen.table_rows += table->rows->count;
      seen.pages += static_cast<double>(table->pages);
      seen.leaves += 1;
    }
  }

  // A name with a dot behind it that is not the alias: another relation's column, or a cast of this one's.
  static bool mentions_other(const std::string& text, const std::string& alias) {
    for (std::size_t dot = text.find('.'); dot != std::string::npos; dot = text.find('.', dot + 1)) {
      std::size_t start = dot;
      while (start > 0 &&
             (std::isalnum(static_cast<unsigned char>(text[start - 1])) != 0 || text[start - 1] == '_')) {
        --start;
      }
      const std::string name = text.substr(start, dot - start);
      const bool is_name = !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0;
      if (is_name && name != alias) {
        return true;
      }
    }
    return false;
  }

  const Schema& schema_;
  std::map<std::string, Seen> seen_;
};

// Below a Gather rows may be one worker's, and the plan does not say of which scans: what is nearer to the
// model's own estimate is taken.
double rows_of(const Seen& seen, double estimate) {
  const double divisor = seen.workers + std::max(0.0, 1 - 0.3 * seen.workers);
  const auto distance = [&](double rows) { return std::abs(std::log(rows / std::max(1.0, estimate))); };
  const double shared = seen.rows * std::max(1.0, divisor);
  return distance(shared) < distance(std::max(1.0, seen.rows)) ? shared : seen.rows;
}

// Gives the conditions that were guessed the blame for the difference; if there are none, all. A guess of a
// small share is taken to be further off than one of a large share.
void scale(Unit& unit, double share) {
  const bool guessed = std::ranges::any_of(
      unit.clauses, [](const Clause& clause) { return clause.guessed && clause.share < 1; });
  std::vector<Clause*> blamed;
  double product = 1;
  for (Clause& clause : unit.clauses) {
    if (clause.share < 1 && clause.share > 0 && (clause.guessed || !guessed)) {
      blamed.push_back(&clause);
      product *= clause.share;
    }
  }
  if (blamed.empty()) {
    return;
  }
  const double rest = share_of_conditions(unit) / product;
  const double wanted = std::clamp(share / std::max(rest, 1e-300), 1e-12, 1.0);
  const double exponent = std::log(wanted) / std::log(product);
  for (Clause* clause : blamed) {
    clause->share = std::pow(clause->share, exponent);
    clause->prefix_share = std::max(clause->prefix_share, clause->share);
  }
}

}  // namespace

void correct_rows(Query& query, const Plan& plan, const Schema& schema) {
  PlanRows rows(schema);
  rows.read(plan.root, 0);
  std::map<std::string, int> uses;
  for (const Block& block : query.blocks) {
    for (const Unit& unit : block.units) {
      uses[unit.alias] += unit.kind == UnitKind::kTable ? 1 : 0;
    }
  }
  for (Block& block : query.blocks) {
    for (Unit& unit : block.units) {
      const auto found = rows.seen().find(unit.alias);
      if (unit.kind != UnitKind::kTable || found == rows.seen().end() || uses[unit.alias] != 1) {
        continue;
      }
      const Seen& seen = found->second;
      if (unit.table->kind == TableKind::kPartitioned && seen.leaves > 0) {
        query.pages += seen.pages - unit.pages;
        unit.table_rows = std::max(1.0, seen.table_rows);
        unit.pages = std::max(1.0, seen.pages);
        unit.partitions = seen.leaves;
      }
      // One row is what the planner says of none too.
      const double estimate = unit.table_rows * share_of_conditions(unit);
      const bool rounded = seen.rows <= seen.leaves && estimate <= seen.leaves;
      if (seen.usable && !rounded && !unit.clauses.empty()) {
        scale(unit, rows_of(seen, estimate) / unit.table_rows);
      }
      unit.rows = std::max(1.0, unit.table_rows * share_of_conditions(unit));
    }
  }
}

}  // namespace planwise::cost_model
