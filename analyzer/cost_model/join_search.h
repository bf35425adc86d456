// Looks for the order and the methods to join the units of a block. Internal to join_paths().
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "analyzer/cost_model/planner.h"

namespace planwise::cost_model {

// An equality between a unit joined so far and the next one.
struct Link {
  int key_class = 0;
  int provider = 0;
  const ValueStats* outer = nullptr;
  const ValueStats* inner = nullptr;
  const std::string* key = nullptr;  // of the next unit
};

class JoinSearch {
 public:
  JoinSearch(Planner& planner, int number, bool bound, double loops);
  std::vector<const Path*> run();

 private:
  // Units joined so far.
  struct Joined {
    double rows = 1;
    std::vector<const Path*> paths;
    [[nodiscard]] double cheapest() const;
  };

  // joins.cpp: which units in which order
  void note_useful_classes();
  std::vector<const Path*> base_paths(int u);
  void start(int u, std::map<UnitSet, Joined>& level);
  const Path* unique(const Path& path, const Unit& semi);
  void extend(UnitSet set, const Joined& joined, std::map<UnitSet, Joined>& next);
  [[nodiscard]] std::vector<Link> links_between(UnitSet set, int u) const;
  static void narrow(std::map<UnitSet, Joined>& level);
  double share_of(const Link& link);
  double joined_rows(UnitSet set, const Joined& joined, int u, const std::vector<Link>& links);
  void join(UnitSet set, const Joined& joined, int u, const std::vector<Link>& links, Joined& into);

  // join_methods.cpp: what each way of joining costs
  const Path* parameterised(int u, const std::vector<Link>& links);
  const Path* nested_loop(const Path& outer, const Path& inner, int u, const std::vector<Link>& links,
                          double rows, bool searched);
  [[nodiscard]] double memoized(const Path& outer, const Path& inner, const std::vector<Link>& links) const;
  void hash_joins(const Path& outer, const Path& whole, int u, const std::vector<Link>& links, Joined& into);
  const Path* hash_join(const Path& outer, const Path& inner, double inner_distinct, std::size_t keys,
                        double rows, double unique_share);
  [[nodiscard]] bool is_unique(int u, const std::vector<Link>& links) const;
  void merge_join(const Path& outer, const Path& whole, const std::vector<Link>& links, Joined& into);
  const Path* sorted(const Path& path, int key_class);
  const Path* keep(Path path);
  [[nodiscard]] double rows_of(int u) const;

  [[nodiscard]] int count() const { return static_cast<int>(block_.units.size()); }
  [[nodiscard]] const Unit& unit(int u) const { return block_.units[static_cast<std::size_t>(u)]; }
  [[nodiscard]] static UnitSet bit(int u) { return UnitSet{1} << u; }
  [[nodiscard]] static bool is_semi(const Unit& unit) {
    return unit.kind == UnitKind::kSemi || unit.kind == UnitKind::kAnti;
  }

  Planner& planner_;
  const CostSettings& settings_;
  const int number_;
  const Block& block_;
  const double loops_;
  std::vector<std::vector<Bound>> own_bounds_;  // by unit, from outer blocks
  std::vector<std::vector<const Path*>> base_;  // by unit
  std::vector<bool> useful_;                    // by class: its order may serve something
  std::map<std::pair<const ValueStats*, const ValueStats*>, double> shares_;
  std::map<std::tuple<int, UnitSet, std::size_t>, const Path*> parameterised_;
};

}  // namespace planwise::cost_model
