// How long the executions of a statement took, bucket by bucket: MySQL 8.0 and later.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/base/units.h"
#include "analyzer/delta.h"
#include "connectors/mysql/catalog_query.h"

namespace planwise::mysql {

[[nodiscard]] const CatalogQuery& histogram_query() noexcept;

// Executions by the upper bound of their bucket, in microseconds; empty buckets left out.
using Histogram = std::map<std::int64_t, std::int64_t>;
// By the keys of DigestReading ("SCHEMA/DIGEST").
using Histograms = std::map<std::string, Histogram>;

// The keys of the `limit` digests that took most time, most first.
[[nodiscard]] std::vector<std::string> heaviest_digests(const CounterReading& reading, std::size_t limit);
// A round trip for each key: looked up by its key a digest costs the server little, where reading all of them
// would cost it a lot. Empty where the server keeps none.
Result<Histograms> read_histograms(Session& session, const ViewColumns& views,
                                   const std::vector<std::string>& keys);
[[nodiscard]] Histogram histogram_of(const Rows& rows);

// Fills the percentiles of what happened between two readings, where both have the histogram and it did not
// begin again.
void add_percentiles(std::map<std::string, CounterReading::Entry>& entries, const Histograms& before,
                     const Histograms& after);

// The upper bound of the bucket up to which this share of the executions lies; nullopt for an empty
// histogram.
[[nodiscard]] std::optional<Millis> percentile(const Histogram& histogram, double share);

}  // namespace planwise::mysql
