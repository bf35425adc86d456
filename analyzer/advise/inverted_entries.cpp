#include "analyzer/advise/inverted_entries.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "analyzer/sql/keywords.h"

namespace planwise {
namespace {

constexpr double kPage = 8192;
constexpr double kUsable = kPage - 24 - 8;  // page header, GinPageOpaqueData
constexpr double kItemId = 4;
constexpr double kTupleHeader = 8;     // IndexTupleData
constexpr double kListHeader = 8;      // GinPostingList: the first row's place, the length
constexpr double kListSegment = 256;   // GinPostingListSegmentTargetSize
constexpr double kLongestList = 2712;  // GinMaxItemSize
// Of entry pages: they split in halves while keys arrive in order, and are filled up by later batches.
// Measured between 0.5 (one batch) and 0.7.
constexpr double kFilled = 0.6;
constexpr std::size_t kDeepestJson = 64;

// Where an entry comes from (a path of jsonb, else nothing), and how many bytes its key has.
struct Entry {
  std::string path;
  std::string key;
  double bytes = 0;
  auto operator<=>(const Entry&) const = default;
};
using Entries = std::set<Entry>;

struct Sample {
  Entries entries;
  double share = 0;     // of the table's rows
  bool common = false;  // exactly known, not an example of many
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80U;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : lower_ascii(text)) {
    if (is_word(c)) {
      if (!inside) {
        words.emplace_back();
      }
      words.back() += c;
    }
    inside = is_word(c);
  }
  return words;
}

double varlena(std::size_t bytes) {
  return static_cast<double>(bytes) + 1;
}

void add_json(const simdjson::dom::element& value, const std::string& path, bool paths, std::size_t depth,
              Entries& out) {
  if (depth > kDeepestJson) {
    return;
  }
  simdjson::dom::object object;
  simdjson::dom::array array;
  std::string_view text;
  if (value.get(object) == simdjson::SUCCESS) {
    for (const auto& [key, inner] : object) {
      if (!paths) {
        out.insert({.path = "", .key = std::string(key), .bytes = varlena(key.size() + 1)});
      }
      add_json(inner, path + '.' + std::string(key), paths, depth + 1, out);
    }
    return;
  }
  if (value.get(array) == simdjson::SUCCESS) {
    for (const auto& inner : array) {
      add_json(inner, path, paths, depth + 1, out);
    }
    return;
  }
  const bool is_text = value.get(text) == simdjson::SUCCESS;
  std::string key = is_text ? std::string(text) : simdjson::minify(value);
  const double bytes = paths ? 4 : varlena(std::min<std::size_t>(key.size(), 125) + 1);
  out.insert({.path = path + '=', .key = std::move(key), .bytes = bytes});
}

double element_bytes(std::string_view base_type, std::string_view element) {
  static constexpr std::array<std::pair<std::string_view, double>, 9> kFixed{{{"_int2", 2},
                                                                              {"_int4", 4},
                                                                              {"_int8", 8},
                                                                              {"_oid", 4},
                                                                              {"_float8", 8},
                                                                              {"_date", 4},
                                                                              {"_timestamp", 8},
                                                                              {"_timestamptz", 8},
                                                                              {"_uuid", 16}}};
  for (const auto& [type, bytes] : kFixed) {
    if (type == base_type) {
      return bytes;
    }
  }
  return varlena(element.size());
}

// "{a,\"b c\",NULL}"; quotes and backslashes only tell elements apart here.
Entries elements_of(std::string_view array, std::string_view base_type) {
  Entries out;
  std::string element;
  bool quoted = false;
  const auto finish = [&] {
    if (!element.empty() && element != "NULL") {
      out.insert({.path = "", .key = element, .bytes = element_bytes(base_type, element)});
    }
    element.clear();
  };
  for (std::size_t i = 0; i < array.size(); ++i) {
    const char c = array[i];
    if (c == '\\' && i + 1 < array.size()) {
      element += array[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '{' || c == '}')) {
      finish();
    } else {
      element += c;
    }
  }
  finish();
  return out;
}

Entries entries_of(EntryKind kind, const Column& column, const std::string& value) {
  Entries out;
  switch (kind) {
    case EntryKind::kElements: return elements_of(value, column.base_type);
    case EntryKind::kWords:
      for (std::string& word : words_of(value)) {
        const double bytes = varlena(word.size());
        out.insert({.path = "", .key = std::move(word), .bytes = bytes});
      }
      return out;
    case EntryKind::kTrigrams:
      for (std::string& trigram : trigrams_of(value)) {
        out.insert({.path = "", .key = std::move(trigram), .bytes = 4});
      }
      return out;
    case EntryKind::kKeysValues:
    case EntryKind::kPaths: break;
  }
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(value).get(root) == simdjson::SUCCESS) {
    add_json(root, "", kind == EntryKind::kPaths, 0, out);
  }
  return out;
}

std::vector<Sample> samples_of(EntryKind kind, const Column& column, const ColumnStats& stats) {
  std::vector<Sample> samples;
  double rest = 1 - stats.null_fraction;
  for (const CommonValue& common : stats.common_values) {
    samples.push_back(
        {.entries = entries_of(kind, column, common.value), .share = common.frequency, .common = true});
    rest -= common.frequency;
  }
  for (const std::string& value : stats.histogram) {
    samples.push_back({.entries = entries_of(kind, column, value),
                       .share = std::max(0.0, rest) / static_cast<double>(stats.histogram.size()),
                       .common = false});
  }
  return samples;
}

struct Seen {
  double share = 0;
  int times = 0;  // in values that stand for others
  bool common = false;
};

// The entries of one path: those seen often by themselves, those seen once as examples of many.
// No more of them differ than there are different values (`distinct_values`) with as many entries each.
void add_path(const std::map<Entry, Seen>& seen, double sampled_rows, double samples, double distinct_values,
              InvertedEntries& out) {
  double count = 0;
  double different = 0;
  double once = 0;
  double share_of_once = 0;
  double bytes_of_once = 0;
  for (const auto& [entry, known] : seen) {
    count += known.times;
    different += known.times > 0 ? 1 : 0;
    if (known.times == 1 && !known.common) {
      once += 1;
      share_of_once += known.share;
      bytes_of_once += entry.bytes;
    }
  }
  const double rows = samples > 0 ? sampled_rows / samples : 0;  // that one sampled value stands for
  for (const auto& [entry, known] : seen) {
    if (known.times != 1 || known.common) {
      out.groups.push_back({.entries = 1, .rows = std::max(1.0, known.share), .key_bytes = entry.bytes});
    }
  }
  if (once <= 0 || share_of_once <= 0) {
    return;
  }
  const double all = std::max(count * rows, count);
  const double distinct = count * different / (count - once + once * count / all);  // Haas and Stokes, Duj1
  const double most = std::min(share_of_once, distinct_values * count / samples);
  const double left = std::clamp(distinct - (different - once), once, std::max(once, most));
  out.groups.push_back({.entries = left, .rows = share_of_once / left, .key_bytes = bytes_of_once / once});
}

InvertedEntries from_samples(const std::vector<Sample>& samples, double distinct_values, double rows) {
  std::map<std::string, std::map<Entry, Seen>> paths;
  double examples = 0;
  double sampled_rows = 0;
  InvertedEntries out;
  for (const Sample& sample : samples) {
    examples += sample.common ? 0 : 1;
    sampled_rows += sample.common ? 0 : sample.share * rows;
    out.per_row += static_cast<double>(sample.entries.size()) * sample.share;
    for (const Entry& entry : sample.entries) {
      Seen& seen = paths[entry.path][entry];
      seen.share += sample.share * rows;
      seen.times += sample.common ? 0 : 1;
      seen.common = seen.common || sample.common;
    }
  }
  for (const auto& [path, seen] : paths) {
    add_path(seen, sampled_rows, examples, distinct_values, out);
  }
  return out;
}

// Elements by falling frequency, the listed ones and behind them a tail that falls as the inverse of the rank
// (G. K. Zipf), as far as it must reach for rows to hold `per_row`.
InvertedEntries from_elements(const std::vector<double>& listed, double per_row, double bytes, double rows) {
  constexpr int kSlices = 8;
  constexpr double kLongestTail = 400;  // times the number of listed elements
  InvertedEntries out;
  out.per_row = per_row;
  double known = 0;
  for (const double frequency : listed) {
    out.groups.push_back({.entries = 1, .rows = std::max(1.0, frequency * rows), .key_bytes = bytes});
    known += frequency;
  }
  const double rest = per_row - known;
  const auto ranks = static_cast<double>(listed.size());
  const double scale = ranks * listed.back();
  if (rest <= 0 || scale <= 0) {
    return out;
  }
  const double reach = std::min(std::exp(rest / scale), kLongestTail);
  const double mass = rest / std::log(reach);  // of a slice between ranks a and b: mass * ln(b / a)
  double from = ranks;
  for (int i = 1; i <= kSlices; ++i) {
    const double to = ranks * std::pow(reach, static_cast<double>(i) / kSlices);
    const double held = mass * std::log(to / from) * rows;
    const double entries = std::clamp(to - from, 1.0, std::max(1.0, held));
    out.groups.push_back({.entries = entries, .rows = std::max(1.0, held / entries), .key_bytes = bytes});
    from = to;
  }
  return out;
}

// Bytes a row takes that holds one entry, guessed where no value is known: of an array of four bytes each, of
// jsonb with its key, of a word with its blank.
InvertedEntries from_width(EntryKind kind, double width, double rows) {
  InvertedEntries out;
  double bytes_per_entry = 8;
  double bytes = 4;
  double different = 1000;
  switch (kind) {
    case EntryKind::kElements: width = std::max(8.0, width - 21); break;
    case EntryKind::kKeysValues:
    case EntryKind::kPaths:
      bytes_per_entry = kind == EntryKind::kPaths ? 24 : 14;
      bytes = kind == EntryKind::kPaths ? 4 : 10;
      different = rows;  // some path is as good as unique, and that is what costs
      break;
    case EntryKind::kWords:
      bytes = 8;
      // Words of a natural language grow as the square root of the text (Heaps' law).
      different = 50 * std::sqrt(std::max(1.0, rows * width / bytes_per_entry));
      break;
    case EntryKind::kTrigrams:
      bytes_per_entry = 1;
      different = 10'000;
      break;
  }
  out.per_row = std::max(1.0, width / bytes_per_entry);
  const double held = std::max(1.0, out.per_row * rows);
  const double entries = std::clamp(different, 1.0, held);
  out.groups.push_back({.entries = entries, .rows = held / entries, .key_bytes = bytes});
  return out;
}

// Bytes of one row's place among `rows` of an entry, as the difference to the one before: its page in the
// upper bits, 11 bits for the place on the page, seven bits to a byte. Source: ginpostinglist.c.
double bytes_per_place(double rows, double pages) {
  const double density = rows / std::max(pages, 1.0);
  const double next_page = (1 - std::exp(-density)) / density;  // not on the page of the one before
  return 1 + next_page * (1 + std::exp(-8 * density) + std::exp(-1024 * density));
}

double aligned(double size, double to) {
  return std::ceil(size / to) * to;
}

}  // namespace

std::vector<std::string> trigrams_of(std::string_view text) {
  std::set<std::string> trigrams;
  for (const std::string& word : words_of(text)) {
    const std::string padded = "  " + word + " ";
    for (std::size_t i = 0; i + 3 <= padded.size(); ++i) {
      trigrams.insert(padded.substr(i, 3));
    }
  }
  return {trigrams.begin(), trigrams.end()};
}

InvertedEntries inverted_entries(EntryKind kind, const Column& column, double rows) {
  constexpr double kUnknownWidth = 32;      // get_typavgwidth() in lsyscache.c
  constexpr double kLexemeInTsvector = 16;  // its WordEntry, letters and positions
  constexpr double kWordBytes = 8;
  constexpr std::size_t kFewestExamples = 10;  // below, the sample says nothing of what it leaves out
  const ColumnStats stats = column.stats.value_or(ColumnStats{.average_width = {32}});
  const double width =
      stats.average_width.count > 0 ? static_cast<double>(stats.average_width.count) : kUnknownWidth;
  if (!stats.element_frequencies.empty()) {
    double known = 0;
    for (const double frequency : stats.element_frequencies) {
      known += frequency;
    }
    const double guessed = (1 - stats.null_fraction) * width / kLexemeInTsvector;
    const double bytes =
        kind == EntryKind::kElements ? element_bytes(column.base_type, "a word") : kWordBytes;
    return from_elements(stats.element_frequencies, std::max(known, stats.elements_per_row.value_or(guessed)),
                         bytes, rows);
  }
  if (stats.common_values.size() + stats.histogram.size() >= kFewestExamples) {
    InvertedEntries entries =
        from_samples(samples_of(kind, column, stats), stats.distinct > 0 ? stats.distinct : rows, rows);
    if (!entries.groups.empty()) {
      return entries;
    }
  }
  const bool is_tsvector = column.base_type == "tsvector";
  return from_width(kind, is_tsvector ? width / 2 : width, rows * (1 - stats.null_fraction));
}

Bytes GinSize::bytes() const {
  return {static_cast<std::int64_t>(pages() * kPage)};
}

GinSize gin_size(const InvertedEntries& entries, double pages) {
  double entry_bytes = 0;
  GinSize size;
  for (const EntryGroup& group : entries.groups) {
    const double places = (group.rows - 1) * bytes_per_place(group.rows, pages);
    const double list = places + kListHeader * std::max(1.0, places / kListSegment);
    const double key = kTupleHeader + group.key_bytes;
    double tuple = aligned(aligned(key, 2) + aligned(list, 2), 8);
    if (tuple > kLongestList) {
      size.posting_pages += group.entries * std::ceil(list / kUsable);
      tuple = aligned(key, 8);
    }
    entry_bytes += group.entries * (tuple + kItemId);
  }
  size.entry_pages = std::ceil(entry_bytes / (kUsable * kFilled));
  size.posting_pages = std::ceil(size.posting_pages);
  return size;
}

}  // namespace planwise
