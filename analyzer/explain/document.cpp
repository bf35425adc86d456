#include "analyzer/explain/document.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "analyzer/explain/json_fields.h"

namespace planwise::explain {
namespace {

using namespace std::string_view_literals;

// psql puts a heading, line-end marks, borders and a row count around a document. No line of JSON begins or
// ends with the characters they are made of.
std::string without_psql_decoration(std::string_view document) {
  std::string out;
  for (std::size_t at = 0; at < document.size();) {
    const std::size_t end = std::min(document.find('\n', at), document.size());
    std::string_view line = document.substr(at, end - at);
    at = end + 1;
    constexpr std::string_view kMarks = " \t\r|+";
    const std::size_t first = line.find_first_not_of(kMarks);
    if (first == std::string_view::npos) {
      continue;
    }
    line = line.substr(first, line.find_last_not_of(kMarks) + 1 - first);
    const bool footer = line.front() == '(' && line.back() == ')';
    if (!footer && (!out.empty() || line.front() == '[' || line.front() == '{')) {
      out.append(line).append("\n");
    }
  }
  return out;
}

// mysql in batch mode prints a line end as \n, a tab as \t, a backslash as \\.
std::string without_batch_escapes(std::string_view document) {
  std::string out;
  out.reserve(document.size());
  for (std::size_t at = 0; at < document.size(); ++at) {
    if (document[at] == '\\' && at + 1 < document.size()) {
      ++at;
      out += document[at] == 'n' ? '\n' : document[at] == 't' ? '\t' : document[at];
    } else {
      out += document[at];
    }
  }
  return out;
}

// From the first brace to the one that closes it; all the rest if none does.
std::string_view first_object(std::string_view text) {
  const std::size_t begin = std::min(text.find('{'), text.size());
  bool quoted = false;
  std::size_t open = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;  // what is escaped ends no string
    } else if (quoted) {
      quoted = text[at] != '"';
    } else if (text[at] == '"') {
      quoted = true;
    } else if (text[at] == '{') {
      ++open;
    } else if (text[at] == '}' && --open == 0) {
      return text.substr(begin, at + 1 - begin);
    }
  }
  return text.substr(begin);
}

Error not_json(std::string_view document) {
  constexpr std::string_view kHint =
      "record the plan with EXPLAIN (FORMAT JSON) on PostgreSQL, EXPLAIN FORMAT=JSON on MySQL and MariaDB";
  const auto found = [&](std::string_view mark) { return document.find(mark) != std::string_view::npos; };
  if (found("(cost=") || found("(actual ") || document.starts_with("-> ")) {
    return {ErrorCode::kUnsupported, "the plan is in text format", std::string(kHint)};
  }
  if (found("<explain") || found("- Plan:")) {
    return {ErrorCode::kUnsupported, "the plan is in XML or YAML format", std::string(kHint)};
  }
  return {ErrorCode::kMalformed, "no JSON document", std::string(kHint)};
}

std::optional<object> first_of(const element& root) {
  object found;
  if (root.get_object().get(found) == simdjson::SUCCESS) {
    return found;
  }
  array list;
  element first;
  if (root.get_array().get(list) == simdjson::SUCCESS && list.at(0).get(first) == simdjson::SUCCESS &&
      first.get_object().get(found) == simdjson::SUCCESS) {
    return found;
  }
  return std::nullopt;
}

struct Parsed {
  simdjson::error_code error = simdjson::UNINITIALIZED;
  Document document;
};

// An empty list, or a list of anything but objects, leaves INCORRECT_TYPE.
Parsed parse(std::string_view json) {
  Parsed parsed{.document = {.parser = std::make_unique<simdjson::dom::parser>(), .root = {}}};
  element root;
  parsed.error = parsed.document.parser->parse(json.data(), json.size()).get(root);
  if (parsed.error == simdjson::SUCCESS) {
    const auto found = first_of(root);
    parsed.error = found ? simdjson::SUCCESS : simdjson::INCORRECT_TYPE;
    parsed.document.root = found.value_or(object());
  }
  return parsed;
}

Parsed parse_decorated(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool bare = first != std::string_view::npos && (text[first] == '[' || text[first] == '{') &&
                    text.find("+\n") == std::string_view::npos;
  Parsed parsed = parse(bare ? std::string(text) : without_psql_decoration(text));
  if (parsed.error == simdjson::SUCCESS || parsed.error == simdjson::DEPTH_ERROR ||
      parsed.error == simdjson::INCORRECT_TYPE) {
    return parsed;
  }
  const std::size_t brace = text.find('{');
  const bool escaped = brace != std::string_view::npos && text.substr(brace + 1).starts_with("\\n");
  const std::string plain = escaped ? without_batch_escapes(text.substr(brace)) : std::string(text);
  return parse(first_object(plain));
}

// ---- whose a query block is

constexpr std::array kMySqlWords{"cost_info"sv,
                                 "rows_examined_per_scan"sv,
                                 "rows_produced_per_join"sv,
                                 "used_columns"sv,
                                 "ordering_operation"sv,
                                 "grouping_operation"sv,
                                 "buffer_result"sv,
                                 "windowing"sv,
                                 "materialized_from_subquery"sv,
                                 "attached_subqueries"sv,
                                 "select_list_subqueries"sv,
                                 "having_subqueries"sv,
                                 "cacheable"sv,
                                 "optimized_away_subqueries"sv,
                                 "using_filesort"sv,
                                 "using_join_buffer"sv,
                                 "using_temporary_table"sv,
                                 "backward_index_scan"sv};
constexpr std::array kMariaDbWords{"query_optimization"sv,
                                   "filesort"sv,
                                   "read_sorted_file"sv,
                                   "temporary_table"sv,
                                   "block-nl-join"sv,
                                   "window_functions_computation"sv,
                                   "materialization"sv,
                                   "expression_cache"sv,
                                   "subquery_cache"sv,
                                   "subqueries"sv,
                                   "having_condition"sv,
                                   "const_condition"sv,
                                   "outer_ref_condition"sv,
                                   "pseudo_bits_condition"sv,
                                   "materialized"sv,
                                   "rowid_filter"sv,
                                   "index_merge"sv,
                                   "recursive_union"sv,
                                   "mrr_type"sv,
                                   "loops"sv,
                                   "cost"sv,
                                   "operation"sv,
                                   "range-checked-for-each-record"sv,
                                   "full-scan-on-null_key"sv};

// MySQL quotes every name of a condition and puts parentheses around it; MariaDB quotes what needs it.
std::optional<Family> by_condition(std::string_view condition) {
  const std::size_t first = condition.find_first_not_of('(');
  if (first == std::string_view::npos) {
    return std::nullopt;
  }
  if (first > 0) {
    return condition[first] == '`' ? std::optional(Family::kMySqlBlocks) : std::nullopt;
  }
  const bool bare_names = condition.find('`') == std::string_view::npos && condition.front() != '<' &&
                          condition.find('.') != std::string_view::npos;
  return bare_names ? std::optional(Family::kMariaDb) : std::nullopt;
}

std::optional<Family> by_member(std::string_view key, const element& value) {
  const bool is_text = value.is_string();
  if (key == "filtered" && is_text) {
    return Family::kMySqlBlocks;
  }
  if (key == "insert" || key == "update" || key == "delete" || key == "replace") {
    return value.is_bool() ? Family::kMySqlBlocks : Family::kMariaDb;
  }
  if (std::string_view condition; key == "attached_condition" || key == "index_condition") {
    return value.get_string().get(condition) == simdjson::SUCCESS ? by_condition(condition) : std::nullopt;
  }
  if (key.starts_with("r_") || std::ranges::find(kMariaDbWords, key) != kMariaDbWords.end()) {
    return Family::kMariaDb;
  }
  return std::ranges::find(kMySqlWords, key) != kMySqlWords.end() ? std::optional(Family::kMySqlBlocks)
                                                                  : std::nullopt;
}

// How one object is laid out: MariaDB prints the key's length before its parts, MySQL after; MariaDB puts
// even a single table into nested_loop (10.11 and later) or several as members of the same name (before).
std::optional<Family> by_layout(const object& from) {
  bool length = false;
  std::size_t tables = 0;
  for (const simdjson::dom::key_value_pair member : from) {
    if (member.key == "key_length") {
      length = true;
    } else if (member.key == "used_key_parts") {
      return length ? Family::kMariaDb : Family::kMySqlBlocks;
    } else if (array list;
               member.key == "nested_loop" && member.value.get_array().get(list) == simdjson::SUCCESS) {
      return list.size() == 1 ? std::optional(Family::kMariaDb) : std::nullopt;
    } else if (member.key == "table" && ++tables > 1) {
      return Family::kMariaDb;
    }
  }
  return std::nullopt;
}

std::optional<Family> by_marks(const object& members);

std::optional<Family> by_marks_below(const element& from) {
  array items;
  if (object members; from.get_object().get(members) == simdjson::SUCCESS) {
    return by_marks(members);
  }
  if (from.get_array().get(items) == simdjson::SUCCESS) {
    for (const element item : items) {
      if (const auto found = by_marks_below(item)) {
        return found;
      }
    }
  }
  return std::nullopt;
}

// The first mark that only one of them makes, in the order of the document. The parser bounds the depth.
std::optional<Family> by_marks(const object& members) {
  if (const auto found = by_layout(members)) {
    return found;
  }
  for (const simdjson::dom::key_value_pair member : members) {
    if (const auto found = by_member(member.key, member.value)) {
      return found;
    }
    if (const auto found = by_marks_below(member.value)) {
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Document> parse_document(std::string_view text) {
  Parsed parsed = parse_decorated(text);
  if (parsed.error == simdjson::DEPTH_ERROR) {
    return Error{ErrorCode::kMalformed, "the document is nested too deeply"};
  }
  if (parsed.error == simdjson::INCORRECT_TYPE) {
    return Error{ErrorCode::kMalformed, "the document holds no plan"};
  }
  if (parsed.error != simdjson::SUCCESS) {
    return not_json(text);
  }
  for (const std::string_view column : {"EXPLAIN", "ANALYZE"}) {
    std::string_view inner;
    if (parsed.document.root[column].get_string().get(inner) == simdjson::SUCCESS) {
      Parsed unwrapped = parse(inner);
      return unwrapped.error == simdjson::SUCCESS ? Result<Document>(std::move(unwrapped.document))
                                                  : Result<Document>(not_json(inner));
    }
  }
  return std::move(parsed.document);
}

Engine engine_of(Family family) noexcept {
  return family == Family::kPostgres  ? Engine::kPostgres
         : family == Family::kMariaDb ? Engine::kMariaDb
                                      : Engine::kMySql;
}

Result<Family> family_of(const object& root) {
  if (object_at(root, "Plan")) {
    return Family::kPostgres;
  }
  const bool nodes = !text(root, "operation").empty() || !text(root, "access_type").empty();
  if (object_at(root, "query_plan") || nodes) {
    return Family::kMySqlTree;
  }
  if (object_at(root, "query_block")) {
    return by_marks(root).value_or(Family::kMySqlBlocks);
  }
  if (text(root, "format") == "TREE" || text(root, "text").starts_with("-> ")) {
    return Error{ErrorCode::kUnsupported, "the plan is in tree format",
                 "record the plan with EXPLAIN FORMAT=JSON"};
  }
  return Error{ErrorCode::kMalformed, "the document holds no plan",
               "expected an object with the key \"Plan\", \"query_block\" or \"query_plan\""};
}

bool is_certain(const object& root) {
  return !object_at(root, "query_block") || by_marks(root).has_value();
}

}  // namespace planwise::explain
