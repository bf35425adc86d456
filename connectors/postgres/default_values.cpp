#include "connectors/postgres/default_values.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "analyzer/base/text.h"
#include "connectors/postgres/constants.h"
#include "connectors/postgres/rows.h"

namespace planwise::pg {
namespace {

// Arguments that a function refuses unless they are words it knows, or that must differ from the type's
// default.
struct ArgumentValue {
  std::string_view function;
  int argument;  // -1: any
  std::string_view value;
};
constexpr std::array kArguments{
    ArgumentValue{"date_trunc", 0, "day"},
    ArgumentValue{"date_part", 0, "day"},
    ArgumentValue{"extract", 0, "day"},
    ArgumentValue{"timezone", 0, "UTC"},
    ArgumentValue{"date_trunc", 2, "UTC"},
    ArgumentValue{"to_char", 1, "YYYY"},
    ArgumentValue{"to_date", 0, "2020-01-01"},
    ArgumentValue{"to_date", 1, "YYYY-MM-DD"},
    ArgumentValue{"to_timestamp", 1, "YYYY-MM-DD"},
    ArgumentValue{"to_number", 0, "1"},
    ArgumentValue{"to_number", 1, "9"},
    ArgumentValue{"encode", 1, "hex"},
    ArgumentValue{"decode", 0, "00"},
    ArgumentValue{"decode", 1, "hex"},
    ArgumentValue{"setweight", 1, "A"},
    ArgumentValue{"ntile", 0, "4"},
    ArgumentValue{"percentile_cont", 0, "0.5"},
    ArgumentValue{"percentile_disc", 0, "0.5"},
    ArgumentValue{"format", 0, "%s"},
    ArgumentValue{"round", 1, "2"},
    ArgumentValue{"trunc", 1, "2"},
    ArgumentValue{"chr", 0, "65"},
    ArgumentValue{"width_bucket", 2, "100"},
    ArgumentValue{"similar_to_escape", 1, "\\"},
    ArgumentValue{"like_escape", 1, "\\"},
    ArgumentValue{"string_agg", 1, ","},
    ArgumentValue{"to_tsquery", -1, "simple"},
    ArgumentValue{"convert_from", 1, "UTF8"},
    ArgumentValue{"convert_to", 1, "UTF8"},
    ArgumentValue{"has_table_privilege", -1, "SELECT"},
};

// Values of system types that their category does not give. Source: pg_type.dat.
struct TypeValue {
  std::string_view type;
  std::string_view value;
};
constexpr std::array kTypes{
    TypeValue{"uuid", "00000000-0000-4000-8000-000000000000"},
    TypeValue{"json", "{}"},
    TypeValue{"jsonb", R"({"planwise": 0})"},
    TypeValue{"jsonpath", "$"},
    TypeValue{"bytea", "\\x00"},
    TypeValue{"time", "12:00"},
    TypeValue{"timetz", "12:00+00"},
    TypeValue{"point", "(0,0)"},
    TypeValue{"box", "(1,1),(0,0)"},
    TypeValue{"polygon", "((0,0),(0,1),(1,0))"},
    TypeValue{"circle", "<(0,0),1>"},
    TypeValue{"lseg", "[(0,0),(1,1)]"},
    TypeValue{"path", "[(0,0),(1,1)]"},
    TypeValue{"line", "{1,1,0}"},
    TypeValue{"bit", "0"},
    TypeValue{"varbit", "0"},
    TypeValue{"xml", "<a/>"},
    TypeValue{"tsquery", "a"},
    TypeValue{"tsvector", "a"},
    TypeValue{"regclass", "pg_catalog.pg_class"},
    TypeValue{"regconfig", "pg_catalog.simple"},
    TypeValue{"regtype", "pg_catalog.int4"},
    TypeValue{"regproc", "pg_catalog.now"},
    TypeValue{"regnamespace", "pg_catalog"},
    TypeValue{"oid", "0"},
    TypeValue{"pg_lsn", "0/0"},
    TypeValue{"macaddr", "00:00:00:00:00:00"},
    TypeValue{"macaddr8", "00:00:00:00:00:00:00:00"},
    TypeValue{"cidr", "127.0.0.0/8"},
    TypeValue{"ltree", "a"},
    TypeValue{"lquery", "a"},
    TypeValue{"hstore", ""},
    TypeValue{"char", "a"},
};

std::optional<std::string> value_of(std::string_view type, char category, const std::string& first_label,
                                    TimePoint now) {
  const auto* const known = std::ranges::find(kTypes, type, &TypeValue::type);
  if (known != kTypes.end()) {
    return std::string(known->value);
  }
  switch (category) {
    case 'N': return "1";
    case 'S': return "a";
    case 'B': return "t";
    case 'D': return rfc3339(now);
    case 'T': return "7 days";
    case 'I': return "127.0.0.1";
    case 'R': return "empty";
    case 'E': return first_label.empty() ? std::nullopt : std::optional(first_label);
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> default_value(const ParameterUse& use, const ParameterType& type, TimePoint now) {
  if (use.kind == UseKind::kArgument) {
    const auto* const known = std::ranges::find_if(kArguments, [&use](const ArgumentValue& candidate) {
      return candidate.function == use.function &&
             (candidate.argument < 0 || candidate.argument == use.argument);
    });
    const bool is_text = type.category == 'S' || type.category == 'N';
    if (known != kArguments.end() && is_text) {
      return std::string(known->value);
    }
    // The end of a series must not lie before its start.
    if (use.function == "generate_series" && use.argument == 1 && type.category == 'N') {
      return "100";
    }
  }
  if (!type.element.empty() && type.category == 'A') {
    const auto element = value_of(type.element, type.element_category, type.first_label, now);
    return element ? array_text({&*element, 1}) : "{}";
  }
  return value_of(type.name, type.category, type.first_label, now);
}

}  // namespace planwise::pg
