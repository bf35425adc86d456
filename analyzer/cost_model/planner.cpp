#include "analyzer/cost_model/planner.h"

#include <algorithm>

namespace planwise::cost_model {

const Path& Planner::block(int number, bool bound, double loops) {
  const auto [entry, added] = blocks_.try_emplace({number, bound ? loops : 0}, nullptr);
  if (!added) {
    return *entry->second;
  }
  const Block& block = query_.blocks[static_cast<std::size_t>(number)];
  std::vector<const Path*> inputs;
  if (!block.units.empty()) {
    inputs = join_paths(*this, number, bound, loops);
  } else {
    Path input{.kind = block.parts.empty() ? PathKind::kResult : PathKind::kAppend};
    input.total = settings_.cpu_tuple;
    input.rows = block.parts.empty() ? 1 : 0;
    for (const int part : block.parts) {
      const Path& path = this->block(part, bound, loops);
      input.total += path.total;
      input.rows += path.rows;
      input.width = std::max(input.width, path.width);
      input.children.push_back(&path);
    }
    inputs.push_back(keep(std::move(input)));
  }
  const Path* best = finish_block(*this, number, inputs);
  blocks_[{number, bound ? loops : 0}] = best;
  return *best;
}

std::vector<const Path*> Planner::unit_paths(int number, int position, std::span<const Bound> bounds,
                                             double loops) {
  const Block& block = query_.blocks[static_cast<std::size_t>(number)];
  const Unit& unit = block.units[static_cast<std::size_t>(position)];
  std::vector<const Path*> paths;
  if (unit.kind == UnitKind::kTable) {
    const ScanRequest request{.block = block,
                              .unit = unit,
                              .indexes = indexes_(*unit.table),
                              .bounds = bounds,
                              .loops = loops,
                              .query_pages = query_.pages};
    for (Path& path : scans(request, settings_)) {
      paths.push_back(keep(std::move(path)));
    }
    return paths;
  }
  const bool correlated = unit.kind != UnitKind::kDerived && !bounds.empty();
  const Path& inner = this->block(unit.block, correlated, loops);
  Path path{.kind = PathKind::kSubquery, .width = inner.width};
  path.startup = inner.startup;
  path.total = inner.total + settings_.cpu_tuple * inner.rows;
  path.rows = std::max(1.0, inner.rows * share_of_conditions(unit));
  path.unit = &unit;
  path.children = {&inner};
  paths.push_back(keep(std::move(path)));
  return paths;
}

Path gathered(const Path& path, const CostSettings& settings, const Path* kept) {
  Path gather = path;
  gather.kind = PathKind::kGather;
  gather.unit = nullptr;
  gather.indexes.clear();
  gather.children = {kept};
  gather.divisor = 1;
  gather.order.clear();
  gather.rows = path.rows * path.divisor;
  gather.startup = path.startup + settings.parallel_setup;
  gather.total = path.total + settings.parallel_setup + settings.parallel_tuple * gather.rows;
  return gather;
}

}  // namespace planwise::cost_model
