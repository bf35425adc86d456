#include "analyzer/advise/btree_size.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace planwise {
namespace {

constexpr double kPage = 8192;
constexpr double kUsable = kPage - 24 - 16;  // page header, B-tree special space
constexpr double kItemId = 4;
constexpr double kTid = 6;
constexpr double kHeader = 8;            // of an index tuple...
constexpr double kHeaderWithNulls = 16;  // ...and with the bitmap of up to 32 columns, aligned
constexpr double kLargestPosting = 812;  // MAXALIGN_DOWN(a tenth of a page) - sizeof(ItemIdData)
constexpr double kInnerFree = 0.3;       // BTREE_NONLEAF_FILLFACTOR 70
constexpr int kSamples = 256;

struct FixedType {
  std::string_view name;
  int width;
  int alignment;
};
// Source: pg_type.dat (typlen, typalign).
constexpr std::array kFixedTypes{
    FixedType{"bool", 1, 1},      FixedType{"char", 1, 1},        FixedType{"int2", 2, 2},
    FixedType{"int4", 4, 4},      FixedType{"int8", 8, 8},        FixedType{"oid", 4, 4},
    FixedType{"float4", 4, 4},    FixedType{"float8", 8, 8},      FixedType{"money", 8, 8},
    FixedType{"date", 4, 4},      FixedType{"time", 8, 8},        FixedType{"timetz", 12, 8},
    FixedType{"timestamp", 8, 8}, FixedType{"timestamptz", 8, 8}, FixedType{"interval", 16, 8},
    FixedType{"uuid", 16, 1},     FixedType{"macaddr", 6, 4},     FixedType{"macaddr8", 8, 4},
    FixedType{"pg_lsn", 8, 8},
};
constexpr std::array<std::string_view, 4> kTextTypes{"text", "varchar", "bpchar", "name"};
// Types whose default B-tree operator class has no equalimage support function, so that it never
// deduplicates.
constexpr std::array<std::string_view, 6> kUnequalImages{"numeric", "float4",   "float8",
                                                         "jsonb",   "interval", "citext"};

double aligned(double size, double to) {
  return std::ceil(size / to) * to;
}

// One value of a column: how long it is and how many of the rows have it.
struct Sample {
  double width = 0;
  double frequency = 0;  // of this very value
  bool is_null = false;
};

double stored_text(std::string_view value) {
  const auto length = static_cast<double>(value.size());
  return length < 127 ? length + 1 : length + 4;
}

// The value at quantile `u` of a column's rows: its NULLs, then its common values, then all others.
Sample sample_at(const EntryColumn& column, double u, double rows) {
  const ColumnStats& stats = column.stats;
  if (u < stats.null_fraction) {
    return {0, stats.null_fraction, true};
  }
  double reached = stats.null_fraction;
  const double fixed = column.fixed_width;
  const double average = static_cast<double>(stats.average_width.count);
  for (const CommonValue& common : stats.common_values) {
    reached += common.frequency;
    if (u < reached) {
      return {fixed > 0 ? fixed : column.is_text ? stored_text(common.value) : average, common.frequency};
    }
  }
  // Values without frequencies of their own share what is left evenly. A snapshot without values keeps the
  // sum.
  const double known = std::max(stats.common_total, reached - stats.null_fraction);
  const auto named = static_cast<double>(stats.common_values.size());
  const double distinct = stats.distinct > 0 ? stats.distinct : rows;
  const double rest = std::max(0.0, 1 - stats.null_fraction - (named > 0 ? known : 0));
  const double frequency = rest / std::max(1.0, distinct - named);
  double width = fixed > 0 ? fixed : average;
  if (fixed <= 0 && column.is_text && !stats.histogram.empty()) {
    const double position = (u - reached) / std::max(1e-9, 1 - reached);
    const auto count = static_cast<double>(stats.histogram.size());
    width =
        stored_text(stats.histogram[static_cast<std::size_t>(std::clamp(position * count, 0.0, count - 1))]);
  }
  return {width, frequency};
}

// Bytes of a leaf's tuple without its item pointer, aligned.
class TupleWidth {
 public:
  void add(const EntryColumn& column, const Sample& sample) {
    has_null_ |= sample.is_null;
    if (!sample.is_null) {
      data_ = aligned(data_, column.fixed_width > 0 ? column.alignment : 1) + sample.width;
    }
  }
  [[nodiscard]] double bytes() const { return aligned((has_null_ ? kHeaderWithNulls : kHeader) + data_, 8); }

 private:
  double data_ = 0;
  bool has_null_ = false;
};

// Bytes on leaf pages of `count` entries with the same key.
double group_bytes(double tuple, double count, bool deduplicates) {
  const double in_posting = std::floor((kLargestPosting - 4 - tuple) / kTid);
  if (!deduplicates || count < 2 || in_posting < 2) {
    return count * (tuple + kItemId);
  }
  const double full = std::floor(count / in_posting);
  const double left = count - full * in_posting;
  double bytes = full * (aligned(tuple + in_posting * kTid, 8) + kItemId);
  if (left >= 2) {
    bytes += aligned(tuple + left * kTid, 8) + kItemId;
  } else {
    bytes += left * (tuple + kItemId);
  }
  return bytes;
}

// Mean bytes an entry takes whose key `others` entries besides it are expected to share. Where that is only
// expected (the key has several columns), small groups vary as Poisson has it.
double bytes_per_entry(double tuple, double others, bool varies, bool deduplicates) {
  if (!deduplicates || !varies || others > 30) {
    return group_bytes(tuple, others + 1, deduplicates) / (others + 1);
  }
  double probability = std::exp(-others);
  double bytes = 0;
  for (int k = 0; k < 80; ++k) {
    bytes += probability * group_bytes(tuple, k + 1, true) / (k + 1);
    probability *= others / (k + 1);
  }
  return bytes;
}

// Evenly spread points that repeat in no two columns alike: multiples of the square roots of primes, modulo
// one. Source: R. D. Richtmyer, "The evaluation of definite integrals, and a quasi-Monte-Carlo method", 1951.
double quantile(int sample, std::size_t column) {
  constexpr std::array kPrimes{2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0};
  const double at = (sample + 0.5) * std::sqrt(kPrimes[column % kPrimes.size()]);
  return at - std::floor(at);
}

}  // namespace

EntryColumn entry_column(const Column& column) {
  EntryColumn entry;
  const auto* const fixed = std::ranges::find(kFixedTypes, column.base_type, &FixedType::name);
  if (fixed != kFixedTypes.end()) {
    entry.fixed_width = fixed->width;
    entry.alignment = fixed->alignment;
  }
  entry.is_text = std::ranges::find(kTextTypes, column.base_type) != kTextTypes.end();
  entry.equal_is_same = std::ranges::find(kUnequalImages, column.base_type) == kUnequalImages.end() &&
                        !column.base_type.starts_with('_') && !column.base_type.ends_with("range");
  if (column.stats) {
    entry.stats = *column.stats;
  } else if (fixed != kFixedTypes.end()) {
    entry.stats.average_width = {fixed->width};
  } else {
    entry.stats.average_width = {32};  // the planner's own guess. Source: get_typavgwidth(), lsyscache.c
  }
  return entry;
}

Bytes btree_size(const BtreeShape& shape) {
  if (shape.rows < 1) {
    return {static_cast<std::int64_t>(kPage)};  // the metapage alone
  }
  const bool deduplicates = shape.deduplicates && shape.include.empty() &&
                            std::ranges::all_of(shape.keys, &EntryColumn::equal_is_same);
  double entry_bytes = 0;
  double tuple_bytes = 0;
  double key_bytes = 0;
  for (int k = 0; k < kSamples; ++k) {
    TupleWidth tuple;
    TupleWidth key;
    double product = 1;
    double rarest = 1;
    std::size_t position = 0;
    for (const EntryColumn& column : shape.keys) {
      const Sample sample = sample_at(column, quantile(k, position++), shape.rows);
      product *= sample.frequency;
      rarest = std::min(rarest, sample.frequency);
      tuple.add(column, sample);
      key.add(column, sample);
    }
    for (const EntryColumn& column : shape.include) {
      tuple.add(column, sample_at(column, quantile(k, position++), shape.rows));
    }
    // Of the entries that share the rarest value, the others' frequencies tell how many share the whole key.
    const double sharing = std::max(0.0, shape.rows * rarest - 1);
    const double others = rarest > 0 ? sharing * product / rarest : 0;
    entry_bytes += bytes_per_entry(tuple.bytes(), others, shape.keys.size() > 1, deduplicates) / kSamples;
    tuple_bytes += tuple.bytes() / kSamples;
    key_bytes += key.bytes() / kSamples;
  }
  // A page is closed once its free space falls below the fill factor's share; its high key is a copy of a
  // key.
  const double filled = kUsable - kPage * (100 - shape.fill_factor) / 100;
  const double capacity =
      std::max(2 * (tuple_bytes + kItemId), filled + entry_bytes / 2 - key_bytes - kItemId);
  double level = std::ceil(shape.rows * entry_bytes / capacity);
  double pages = 1 + level;  // with the metapage
  const double fan_out = std::max(2.0, (kUsable - kPage * kInnerFree) / (key_bytes + kItemId));
  while (level > 1) {
    level = std::ceil(level / fan_out);
    pages += level;
  }
  return {static_cast<std::int64_t>(pages * kPage)};
}

}  // namespace planwise
