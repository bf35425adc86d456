#include "analyzer/advise/gin_cost.h"

#include <algorithm>
#include <cmath>

namespace planwise {

PlannerPrices planner_prices(const Snapshot& snapshot) {
  PlannerPrices prices;
  prices.sequential_page = snapshot.setting("seq_page_cost").value_or(prices.sequential_page);
  prices.random_page = snapshot.setting("random_page_cost").value_or(prices.random_page);
  prices.tuple = snapshot.setting("cpu_tuple_cost").value_or(prices.tuple);
  prices.index_tuple = snapshot.setting("cpu_index_tuple_cost").value_or(prices.index_tuple);
  prices.operation = snapshot.setting("cpu_operator_cost").value_or(prices.operation);
  return prices;
}

double gin_scan_cost(const GinSearch& search, const PlannerPrices& prices) {
  constexpr double kRowsAPage = 8192 / 3.0;  // of a posting list: three bytes each, says gincostestimate()
  const double rows = std::max(search.table_rows, 1.0);
  const double matches = std::clamp(search.matches, 1.0, rows);
  const double entry_pages = std::max(1.0, search.index.entry_pages);
  const double index_pages = search.entries * std::ceil(std::rint(std::pow(entry_pages, 0.15))) +
                             std::ceil(std::min(matches / kRowsAPage, search.index.posting_pages));
  const double bitmap = index_pages * prices.random_page + matches * (prices.index_tuple + prices.operation) +
                        0.1 * prices.operation * matches;

  const double pages = std::max(search.table_pages, 1.0);
  const double fetched = std::min(pages, std::ceil(2 * pages * matches / (2 * pages + matches)));
  const double per_page = fetched < 2 ? prices.random_page
                                      : prices.random_page - (prices.random_page - prices.sequential_page) *
                                                                 std::sqrt(fetched / pages);
  return bitmap + fetched * per_page + matches * (prices.tuple + search.conditions * prices.operation);
}

}  // namespace planwise
