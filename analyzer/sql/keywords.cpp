#include "analyzer/sql/keywords.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace planwise {
namespace {

constexpr std::size_t count_words(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1;
}

// The words of `text`, which stand sorted with one space between, for binary search.
template <std::size_t kCount>
constexpr std::array<std::string_view, kCount> words(std::string_view text) {
  std::array<std::string_view, kCount> out;
  for (std::string_view& word : out) {
    word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return out;
}

constexpr std::string_view kPostgresReservedText =
    "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean "
    "both case cast char character check coalesce collate collation column concurrently constraint create "
    "cross current_catalog current_date current_role current_schema current_time current_timestamp "
    "current_user dec decimal default deferrable desc distinct do else end except exists extract false "
    "fetch float for foreign freeze from full grant greatest group grouping having ilike in initially "
    "inner inout int integer intersect interval into is isnull join json json_array json_arrayagg "
    "json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value "
    "lateral leading least left like limit localtime localtimestamp merge_action national natural nchar "
    "none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay "
    "placing position precision primary real references returning right row select session_user setof "
    "similar smallint some substring symmetric system_user table tablesample then time timestamp to "
    "trailing treat trim true union unique user using values varchar variadic verbose when where window "
    "with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot "
    "xmlserialize xmltable";
constexpr auto kPostgresReserved = words<count_words(kPostgresReservedText)>(kPostgresReservedText);

constexpr std::string_view kMySqlReservedText =
    "accessible add all alter analyze and as asc asensitive before between bigint binary blob both by "
    "call cascade case change char character check collate column condition constraint continue convert "
    "create cross cube cume_dist current_date current_role current_time current_timestamp current_user "
    "cursor database databases day_hour day_microsecond day_minute day_second dec decimal declare default "
    "delayed delete delete_domain_id dense_rank desc describe deterministic distinct distinctrow div "
    "do_domain_ids double drop dual each else elseif empty enclosed escaped except exists exit explain "
    "false fetch first_value float float4 float8 for force foreign from fulltext function general "
    "generated get grant group grouping groups having high_priority hour_microsecond hour_minute "
    "hour_second if ignore ignore_domain_ids ignore_server_ids in index infile inner inout insensitive "
    "insert int int1 int2 int3 int4 int8 integer intersect interval into io_after_gtids io_before_gtids "
    "is iterate join json_table key keys kill lag last_value lateral lead leading leave left library like "
    "limit linear lines load localtime localtimestamp lock long longblob longtext loop low_priority "
    "manual master_bind master_heartbeat_period master_ssl_verify_server_cert match maxvalue mediumblob "
    "mediumint mediumtext middleint minute_microsecond minute_second mod modifies natural "
    "no_write_to_binlog not nth_value ntile null numeric of offset on optimize optimizer_costs option "
    "optionally or order out outer outfile over page_checksum parallel parse_vcol_expr partition "
    "percent_rank position precision primary procedure purge qualify range rank read read_write reads "
    "real recursive ref_system_id references regexp release rename repeat replace require resignal "
    "restrict return returning revoke right rlike row row_number rownum rows schema schemas "
    "second_microsecond select sensitive separator set show signal slow smallint spatial specific sql "
    "sql_big_result sql_calc_found_rows sql_small_result sqlexception sqlstate sqlwarning ssl starting "
    "stats_auto_recalc stats_persistent stats_sample_pages stored straight_join system table tablesample "
    "terminated then tinyblob tinyint tinytext to trailing trigger true undo union unique unlock unsigned "
    "update usage use using utc_date utc_time utc_timestamp values varbinary varchar varcharacter varying "
    "vector virtual when where while window with write xor year_month zerofill";
constexpr auto kMySqlReserved = words<count_words(kMySqlReservedText)>(kMySqlReservedText);

constexpr std::string_view kClauseWordsText =
    "all and any as asc between by case collate conflict cross default delete desc distinct do else end "
    "escape except exists false fetch filter for from full group having ilike in inner insert intersect "
    "into is join lateral left like limit matched merge natural not null offset on or order outer over "
    "partition recursive regexp returning right rlike select set some tablesample then true union update "
    "using values when where window with within xor";
constexpr auto kClauseWords = words<count_words(kClauseWordsText)>(kClauseWordsText);

static_assert(std::ranges::is_sorted(kPostgresReserved));
static_assert(std::ranges::is_sorted(kMySqlReserved));
static_assert(std::ranges::is_sorted(kClauseWords));

constexpr char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

bool contains(std::span<const std::string_view> words, std::string_view word) {
  constexpr std::size_t kLongest = 32;  // no keyword is longer; a word from outside may be megabytes
  if (word.size() > kLongest) {
    return false;
  }
  std::array<char, kLongest> folded{};
  std::ranges::transform(word, folded.begin(), lower);
  return std::ranges::binary_search(words, std::string_view(folded.data(), word.size()));
}

}  // namespace

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string upper_ascii(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_text) noexcept {
  return std::ranges::equal(text, lower_text, [](char a, char b) { return lower(a) == b; });
}

bool is_one_of(std::string_view text, std::span<const std::string_view> lower_texts) noexcept {
  return std::ranges::any_of(lower_texts,
                             [&](std::string_view entry) { return equals_ignoring_case(text, entry); });
}

bool must_be_quoted(std::string_view word, Engine engine) {
  return engine == Engine::kPostgres ? contains(kPostgresReserved, word) : contains(kMySqlReserved, word);
}

bool is_clause_word(std::string_view word) {
  return contains(kClauseWords, word);
}

}  // namespace planwise
