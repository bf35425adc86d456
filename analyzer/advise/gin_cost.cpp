#include "analyzer/advise/gin_cost.h"

#include <algorithm>
#include <cmath>

namespace planwise {

double gin_scan_cost(const GinSearch& search, const cost_model::CostSettings& prices) {
  constexpr double kRowsAPage = 8192 / 3.0;  // of a posting list: three bytes each, says gincostestimate()
  const double rows = std::max(search.table_rows, 1.0);
  const double matches = std::clamp(search.matches, 1.0, rows);
  const double entry_pages = std::max(1.0, search.index.entry_pages);
  const double index_pages = search.entries * std::ceil(std::rint(std::pow(entry_pages, 0.15))) +
                             std::ceil(std::min(matches / kRowsAPage, search.index.posting_pages));
  const double bitmap = index_pages * prices.random_page +
                        matches * (prices.cpu_index_tuple + prices.cpu_operator) +
                        0.1 * prices.cpu_operator * matches;

  const double pages = std::max(search.table_pages, 1.0);
  const double fetched = std::min(pages, std::ceil(2 * pages * matches / (2 * pages + matches)));
  const double per_page =
      fetched < 2 ? prices.random_page
                  : prices.random_page - (prices.random_page - prices.seq_page) * std::sqrt(fetched / pages);
  return bitmap + fetched * per_page + matches * (prices.cpu_tuple + search.conditions * prices.cpu_operator);
}

}  // namespace planwise
