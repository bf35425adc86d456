#include "connectors/mysql/histograms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "analyzer/sql/quote.h"

namespace planwise::mysql {
namespace {

constexpr double kPicosecondsPerMicrosecond = 1e6;
constexpr double kEndless = 1e19;  // picoseconds; the largest unsigned number stands for no end

constexpr std::array kColumns{
    CatalogColumn{"BUCKET_TIMER_HIGH", "s.BUCKET_TIMER_HIGH"},
    CatalogColumn{"COUNT_BUCKET", "s.COUNT_BUCKET"},
};
constexpr CatalogQuery kHistogram{
    "histogram",
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-histogram-summary-tables.html",
    "performance_schema",
    "events_statements_histogram_by_digest",
    kColumns,
    "performance_schema.events_statements_histogram_by_digest AS s\nWHERE s.COUNT_BUCKET > 0",
};

// What came after `before`; nullopt where a bucket shrank, so that counting began again.
std::optional<Histogram> difference(const Histogram& before, const Histogram& after) {
  Histogram between = after;
  for (const auto& [bound, count] : before) {
    const auto at = between.find(bound);
    if (at == between.end() || at->second < count) {
      return std::nullopt;
    }
    at->second -= count;
  }
  return between;
}

}  // namespace

const CatalogQuery& histogram_query() noexcept {
  return kHistogram;
}

Histogram histogram_of(const Rows& rows) {
  Histogram histogram;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto bound = rows[i].number("BUCKET_TIMER_HIGH");
    const auto count = rows[i].integer("COUNT_BUCKET");
    // The last bucket has no end.
    if (bound && count && *bound < kEndless) {
      histogram[std::llround(*bound / kPicosecondsPerMicrosecond)] += *count;
    }
  }
  return histogram;
}

std::vector<std::string> heaviest_digests(const CounterReading& reading, std::size_t limit) {
  std::vector<std::pair<Millis, std::string>> heaviest;
  for (const auto& [key, entry] : reading.entries) {
    if (entry.statement != StatementId{} && !key.starts_with("prepared/")) {
      heaviest.emplace_back(entry.totals.total_time, key);
    }
  }
  std::ranges::sort(heaviest, std::ranges::greater{});
  heaviest.resize(std::min(heaviest.size(), limit));
  std::vector<std::string> keys;
  for (auto& [time, key] : heaviest) {
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<Histograms> read_histograms(Session& session, const ViewColumns& views,
                                   const std::vector<std::string>& keys) {
  Histograms histograms;
  if (!views.has(kHistogram)) {
    return histograms;
  }
  const Engine engine = session.server().engine;
  for (const std::string& key : keys) {
    const std::size_t slash = key.rfind('/');  // a digest has none
    const std::string schema = slash == 0 ? "IS NULL" : "= " + literal(key.substr(0, slash), engine);
    PLANWISE_TRY(const Rows rows, run(session, views, kHistogram,
                                      fmt::format(" AND s.SCHEMA_NAME {} AND s.DIGEST = {}", schema,
                                                  literal(key.substr(slash + 1), engine))));
    histograms.emplace(key, histogram_of(rows));
  }
  return histograms;
}

std::optional<Millis> percentile(const Histogram& histogram, double share) {
  std::int64_t total = 0;
  for (const auto& [bound, count] : histogram) {
    total += count;
  }
  const auto wanted = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(total)));
  std::int64_t seen = 0;
  for (const auto& [bound, count] : histogram) {
    seen += count;
    if (count > 0 && seen >= wanted) {
      return Millis(static_cast<double>(bound) / 1000);
    }
  }
  return std::nullopt;
}

void add_percentiles(std::map<std::string, CounterReading::Entry>& entries, const Histograms& before,
                     const Histograms& after) {
  for (auto& [key, entry] : entries) {
    const auto earlier = before.find(key);
    const auto now = after.find(key);
    if (earlier == before.end() || now == after.end()) {
      continue;
    }
    const auto between = difference(earlier->second, now->second);
    const auto p95 = between ? percentile(*between, 0.95) : std::nullopt;
    if (p95) {
      entry.totals.p95_time = p95;
      entry.totals.p99_time = percentile(*between, 0.99);
      entry.totals.percentiles_measured = true;
    }
  }
}

}  // namespace planwise::mysql
