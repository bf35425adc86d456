#include "analyzer/sql/immutable.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>

namespace planwise {
namespace {

Table events() {
  Table table;
  table.name = {"public", "events"};
  for (const auto& [name, type] : std::initializer_list<std::pair<const char*, const char*>>{
           {"at", "timestamptz"}, {"local_at", "timestamp"}, {"day", "date"}, {"name", "text"},
           {"code", "varchar"}, {"data", "jsonb"}, {"n", "int4"}, {"tags", "_text"}, {"price", "numeric"}}) {
    table.columns.push_back({.name = name, .type = type, .base_type = type});
  }
  return table;
}

Immutability of(std::string_view expression) {
  return immutability(expression, events());
}

// Each was tried: PostgreSQL 15 takes CREATE INDEX on the ones and refuses it on the others.
TEST(Immutable, WhatCreateIndexTakes) {
  for (const char* expression :
       {"lower(name)", "lower(code)", "name || code", "name || ' '", "name || n", "n + 1", "price * 100", "data ->> 'k'",
        "(data -> 'a') ->> 'b'", "((data ->> 'n'))::integer", "((data ->> 'n'))::numeric", "date_trunc('day', local_at)",
        "(local_at)::date", "date(local_at)", "EXTRACT(year FROM local_at)", "EXTRACT(year FROM day)",
        "to_tsvector('english', name)", "to_tsvector('english'::regconfig, (name || ' ') || COALESCE(code, ''))",
        "COALESCE(code, name)", "timezone('UTC', at)", "date_trunc('day', timezone('UTC', at))", "tags[1]",
        "md5(name)", "left(name, 3)", "(n)::text", "(name IS NULL)", "jsonb_array_length(data)", "day - 1"}) {
    EXPECT_EQ(of(expression), Immutability::kYes) << expression;
  }
}

TEST(Immutable, WhatCreateIndexRefuses) {
  for (const char* expression :
       {"(at)::date", "date(at)", "date_trunc('day', at)", "date_trunc('month', day)", "EXTRACT(hour FROM at)",
        "to_char(local_at, 'YYYY')", "((data ->> 'at'))::date", "((data ->> 'at'))::timestamp without time zone",
        "to_tsvector(name)", "concat(name, code)", "name || local_at", "(day)::timestamp with time zone", "(at)::text",
        "now() - at", "at + '1 day'::interval", "to_date(name, 'YYYY')", "lower($1)", "n + $2"}) {
    EXPECT_EQ(of(expression), Immutability::kNo) << expression;
  }
}

TEST(Immutable, WhatIsNotTheSystemsOwnIsUnknown) {
  EXPECT_EQ(of("f_unaccent(name)"), Immutability::kUnknown);
  EXPECT_EQ(of("app.key_of(data)"), Immutability::kUnknown);
  EXPECT_EQ(of("lower(no_such_column)"), Immutability::kUnknown);
  EXPECT_EQ(of("lower("), Immutability::kUnknown) << "no expression";
}

}  // namespace
}  // namespace planwise
