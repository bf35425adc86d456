#include "analyzer/sql/mysql_words.h"

#include <algorithm>
#include <array>

#include "analyzer/sql/keywords.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

struct Synonym {
  std::string_view word;
  std::string_view stands_for;
  bool function = false;  // only before a parenthesis; else it is a name
};

constexpr std::array kSynonyms{Synonym{"character"sv, "char"sv},
                               Synonym{"current_date"sv, "curdate"sv},
                               Synonym{"current_time"sv, "curtime"sv},
                               Synonym{"current_timestamp"sv, "now"sv},
                               Synonym{"dec"sv, "decimal"sv},
                               Synonym{"distinctrow"sv, "distinct"sv},
                               Synonym{"explain"sv, "describe"sv},
                               Synonym{"fields"sv, "columns"sv},
                               Synonym{"float4"sv, "float"sv},
                               Synonym{"float8"sv, "double"sv},
                               Synonym{"int1"sv, "tinyint"sv},
                               Synonym{"int2"sv, "smallint"sv},
                               Synonym{"int3"sv, "mediumint"sv},
                               Synonym{"int4"sv, "int"sv},
                               Synonym{"int8"sv, "bigint"sv},
                               Synonym{"integer"sv, "int"sv},
                               Synonym{"io_thread"sv, "relay_thread"sv},
                               Synonym{"localtime"sv, "now"sv},
                               Synonym{"localtimestamp"sv, "now"sv},
                               Synonym{"mid"sv, "substring"sv, true},
                               Synonym{"middleint"sv, "mediumint"sv},
                               Synonym{"rlike"sv, "regexp"sv},
                               Synonym{"schema"sv, "database"sv},
                               Synonym{"schemas"sv, "databases"sv},
                               Synonym{"session_user"sv, "user"sv, true},
                               Synonym{"some"sv, "any"sv},
                               Synonym{"sql_tsi_day"sv, "day"sv},
                               Synonym{"sql_tsi_hour"sv, "hour"sv},
                               Synonym{"sql_tsi_minute"sv, "minute"sv},
                               Synonym{"sql_tsi_month"sv, "month"sv},
                               Synonym{"sql_tsi_quarter"sv, "quarter"sv},
                               Synonym{"sql_tsi_second"sv, "second"sv},
                               Synonym{"sql_tsi_week"sv, "week"sv},
                               Synonym{"sql_tsi_year"sv, "year"sv},
                               Synonym{"stddev"sv, "std"sv, true},
                               Synonym{"stddev_pop"sv, "std"sv, true},
                               Synonym{"substr"sv, "substring"sv, true},
                               Synonym{"system_user"sv, "user"sv},
                               Synonym{"var_pop"sv, "variance"sv, true},
                               Synonym{"varcharacter"sv, "varchar"sv}};
static_assert(std::ranges::is_sorted(kSynonyms, {}, &Synonym::word));

// Source: the words that sql_yacc.yy of MySQL 5.6 reserves (lex.h, and no `keyword` rule), and are so in
// every later release of either server. Sorted.
constexpr std::array kReserved{"add"sv,
                               "all"sv,
                               "alter"sv,
                               "analyze"sv,
                               "and"sv,
                               "as"sv,
                               "asc"sv,
                               "before"sv,
                               "between"sv,
                               "both"sv,
                               "by"sv,
                               "call"sv,
                               "cascade"sv,
                               "case"sv,
                               "change"sv,
                               "check"sv,
                               "collate"sv,
                               "column"sv,
                               "condition"sv,
                               "constraint"sv,
                               "continue"sv,
                               "create"sv,
                               "cross"sv,
                               "cursor"sv,
                               "declare"sv,
                               "default"sv,
                               "delayed"sv,
                               "delete"sv,
                               "desc"sv,
                               "describe"sv,
                               "distinct"sv,
                               "distinctrow"sv,
                               "div"sv,
                               "drop"sv,
                               "dual"sv,
                               "each"sv,
                               "else"sv,
                               "elseif"sv,
                               "enclosed"sv,
                               "escaped"sv,
                               "exists"sv,
                               "exit"sv,
                               "explain"sv,
                               "false"sv,
                               "fetch"sv,
                               "for"sv,
                               "force"sv,
                               "foreign"sv,
                               "from"sv,
                               "fulltext"sv,
                               "grant"sv,
                               "group"sv,
                               "having"sv,
                               "high_priority"sv,
                               "ignore"sv,
                               "in"sv,
                               "index"sv,
                               "infile"sv,
                               "inner"sv,
                               "inout"sv,
                               "insert"sv,
                               "interval"sv,
                               "into"sv,
                               "is"sv,
                               "iterate"sv,
                               "join"sv,
                               "key"sv,
                               "keys"sv,
                               "kill"sv,
                               "leading"sv,
                               "leave"sv,
                               "left"sv,
                               "like"sv,
                               "limit"sv,
                               "lines"sv,
                               "load"sv,
                               "lock"sv,
                               "loop"sv,
                               "low_priority"sv,
                               "match"sv,
                               "mod"sv,
                               "natural"sv,
                               "not"sv,
                               "null"sv,
                               "on"sv,
                               "optimize"sv,
                               "option"sv,
                               "optionally"sv,
                               "or"sv,
                               "order"sv,
                               "out"sv,
                               "outer"sv,
                               "outfile"sv,
                               "partition"sv,
                               "primary"sv,
                               "procedure"sv,
                               "purge"sv,
                               "references"sv,
                               "regexp"sv,
                               "release"sv,
                               "rename"sv,
                               "repeat"sv,
                               "replace"sv,
                               "require"sv,
                               "restrict"sv,
                               "return"sv,
                               "revoke"sv,
                               "right"sv,
                               "rlike"sv,
                               "select"sv,
                               "separator"sv,
                               "set"sv,
                               "show"sv,
                               "spatial"sv,
                               "sql_big_result"sv,
                               "sql_calc_found_rows"sv,
                               "sql_small_result"sv,
                               "starting"sv,
                               "straight_join"sv,
                               "table"sv,
                               "terminated"sv,
                               "then"sv,
                               "to"sv,
                               "trailing"sv,
                               "trigger"sv,
                               "true"sv,
                               "undo"sv,
                               "union"sv,
                               "unique"sv,
                               "unlock"sv,
                               "update"sv,
                               "usage"sv,
                               "use"sv,
                               "using"sv,
                               "values"sv,
                               "when"sv,
                               "where"sv,
                               "while"sv,
                               "with"sv,
                               "write"sv,
                               "xor"sv};
static_assert(std::ranges::is_sorted(kReserved));

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The name in backticks where it could stand without them in some place; empty for every other word.
std::string_view plain_name(std::string_view quoted) {
  const bool closed = quoted.size() > 2 && quoted.front() == '`' && quoted.back() == '`';
  const std::string_view name = closed ? quoted.substr(1, quoted.size() - 2) : std::string_view{};
  const bool plain = closed && is_letter(name.front()) &&
                     std::ranges::all_of(name, [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
  return plain ? name : std::string_view{};
}

}  // namespace

bool is_always_reserved(std::string_view word) {
  constexpr std::size_t kLongest = 20;
  return word.size() <= kLongest &&
         std::ranges::binary_search(kReserved, std::string_view(lower_ascii(word)));
}

std::string_view without_synonyms(std::string_view lower, bool called) {
  const auto* const found = std::ranges::lower_bound(kSynonyms, lower, {}, &Synonym::word);
  const bool known = found != kSynonyms.end() && found->word == lower && (called || !found->function);
  return known ? found->stands_for : lower;
}

std::string_view without_needless_quotes(std::string_view quoted, Engine engine) {
  const std::string_view name = plain_name(quoted);
  return name.empty() || must_be_quoted(name, engine) || is_clause_word(name) ? quoted : name;
}

std::string mysql_key(std::string_view word, bool called, bool introduces) {
  if (word.starts_with("@@")) {
    const std::string_view name = plain_name(word.substr(2));
    return "@@" + lower_ascii(name.empty() ? word.substr(2) : name);
  }
  if (word.starts_with('@')) {
    return "@?";
  }
  const std::string_view name = plain_name(word);
  const std::string lower = lower_ascii(name.empty() || is_always_reserved(name) ? word : name);
  return introduces && word.starts_with('_') ? "(_charset)" : std::string(without_synonyms(lower, called));
}

}  // namespace planwise
