#include "tests/support/ddl.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/sql_reader.h"
#include "tests/support/words.h"

namespace planwise::test {
namespace {

std::string unquoted(std::string text) {
  return text.size() >= 2 && text.front() == '\'' ? text.substr(1, text.size() - 2) : text;
}

IndexMethod method_named(const std::string& name) {
  for (const IndexMethod method : {IndexMethod::kBtree, IndexMethod::kHash, IndexMethod::kGin,
                                   IndexMethod::kGist, IndexMethod::kSpGist, IndexMethod::kBrin}) {
    if (to_string(method) == name) {
      return method;
    }
  }
  return IndexMethod::kOther;
}

IndexKey parse_key(const std::string& text) {
  SqlReader words(text);
  IndexKey key;
  key.expression = words.next();
  const std::size_t open = key.expression.find('(');
  if (open != std::string::npos &&
      key.expression.find_first_not_of("0123456789)", open + 1) == std::string::npos) {
    key.prefix_length = std::stoi(key.expression.substr(open + 1));  // MySQL: note(10)
    key.expression.resize(open);
  }
  key.is_expression = key.expression.find('(') != std::string::npos;
  key.expression = key.is_expression ? unwrapped(key.expression) : identifier(key.expression);
  while (!words.empty()) {
    if (words.take("collate")) {
      key.collation = identifier(words.next());
    } else if (words.take("desc")) {
      key.descending = true;
      key.nulls_first = true;
    } else if (words.take("nulls first")) {
      key.nulls_first = true;
    } else if (words.take("nulls last")) {
      key.nulls_first = false;
    } else if (!words.take("asc")) {
      key.opclass = words.next();
    }
  }
  return key;
}

std::map<std::string, std::string> parse_options(const std::string& list) {
  std::map<std::string, std::string> options;
  for (const std::string& option : comma_list(unwrapped(list))) {
    const std::size_t equals = option.find('=');
    options[trimmed(option.substr(0, equals))] = unquoted(trimmed(option.substr(equals + 1)));
  }
  return options;
}

struct IndexAt {
  Table* table = nullptr;
  std::size_t position = 0;
  [[nodiscard]] Index& index() const { return table->indexes[position]; }
};

IndexAt find_index(Snapshot& snapshot, const TableName& name) {
  for (Table& table : snapshot.schema.tables) {
    for (std::size_t i = 0; table.name.schema == name.schema && i < table.indexes.size(); ++i) {
      if (table.indexes[i].name == name.table) {
        return {&table, i};
      }
    }
  }
  throw std::runtime_error("there is no index " + name.schema + "." + name.table);
}

// `ON ONLY` leaves the parent's index invalid until every partition has its part.
void create_index(Snapshot& snapshot, std::string_view sql) {
  Index index = parse_create_index(sql);
  Table& table = table_in(snapshot, index.def.table);
  if (table.find_index(index.name) != nullptr) {
    throw std::runtime_error("index " + index.name + " already exists");
  }
  index.valid = sql.find(" ON ONLY ") == std::string_view::npos;
  table.indexes.push_back(std::move(index));
}

void attach_partition(Snapshot& snapshot, const TableName& parent, const TableName& part) {
  find_index(snapshot, part).index().parent_index = parent.table;
  const IndexAt whole = find_index(snapshot, parent);
  whole.index().valid = std::ranges::all_of(snapshot.schema.tables, [&](const Table& table) {
    return table.partition_of != whole.table->name ||
           std::ranges::any_of(table.indexes,
                               [&](const Index& index) { return index.parent_index == parent.table; });
  });
}

// Of MySQL, where an index is looked up in its table.
Index& index_of(Table& table, const std::string& name) {
  const auto at = std::ranges::find(table.indexes, name, &Index::name);
  if (at == table.indexes.end()) {
    throw std::runtime_error("there is no index " + name + " on " + table.name.table);
  }
  return *at;
}

void drop_index(Snapshot& snapshot, SqlReader& words) {
  const TableName name = table_name(words.next());
  if (words.take("on")) {
    Table& table = table_in(snapshot, table_name(words.next()));
    table.indexes.erase(table.indexes.begin() + (&index_of(table, name.table) - table.indexes.data()));
    return;
  }
  const IndexAt found = find_index(snapshot, name);
  found.table->indexes.erase(found.table->indexes.begin() + static_cast<std::ptrdiff_t>(found.position));
}

void analyze(Snapshot& snapshot, const TableName& name) {
  for (Table& table : snapshot.schema.tables) {
    if (table.name != name && table.partition_of != name) {
      continue;
    }
    TableCounters counters = table.counters.value_or(TableCounters{});
    counters.modified_since_analyze = 0;
    counters.last_analyze = snapshot.taken_at;
    table.counters = counters;
    table.rows = table.rows.value_or(Rows{static_cast<double>(counters.live_rows)});
    for (Column& column : table.columns) {
      column.stats = column.stats.value_or(ColumnStats{});
    }
  }
}

std::string base_type_of(const std::string& type) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kNames{
      {{"bigint", "int8"}, {"integer", "int4"}, {"smallint", "int2"}, {"character varying", "varchar"}}};
  const auto* const at = std::ranges::find(kNames, type, [](const auto& one) { return one.first; });
  return at == kNames.end() ? type : std::string(at->second);
}

void change_type(Snapshot& snapshot, Table& table, const std::string& column, const std::string& type) {
  for (Column& one : table.columns) {
    if (one.name == column) {
      one.type = type;
      one.base_type = base_type_of(type);
    }
  }
  for (Sequence& sequence : snapshot.schema.sequences) {
    if (sequence.owner == table.name && sequence.owner_column == column) {
      sequence.owner_type = base_type_of(type);
      if (snapshot.server.engine != Engine::kPostgres && type == "bigint") {
        sequence.max_value = INT64_MAX;
      }
    }
  }
}

void set_not_null(Table& table, const std::string& column) {
  for (Column& one : table.columns) {
    one.not_null = one.not_null || one.name == column;
  }
}

void add_primary_key(Table& table, SqlReader& words, const std::string& name) {
  if (words.take("using index")) {
    const std::string from = identifier(words.next());
    for (Index& index : table.indexes) {
      if (index.name == from) {
        index.constraint = ConstraintKind::kPrimaryKey;
        index.name = name.empty() ? index.name : name;
        for (const IndexKey& key : index.def.keys) {
          set_not_null(table, key.expression);
        }
      }
    }
    return;
  }
  Index index;
  index.name = name.empty() ? table.name.table + "_pkey" : name;
  index.def.table = table.name;
  index.def.unique = true;
  index.constraint = ConstraintKind::kPrimaryKey;
  for (const std::string& column : comma_list(unwrapped(words.next()))) {
    index.def.keys.push_back({.expression = identifier(column)});
    set_not_null(table, identifier(column));
  }
  table.indexes.push_back(std::move(index));
}

void alter_table(Snapshot& snapshot, SqlReader& words) {
  Table& table = table_in(snapshot, table_name(words.next()));
  if (words.take("alter index")) {
    index_of(table, identifier(words.next())).visible = words.take("visible") || words.take("not ignored");
    return;
  }
  while (words.take("modify")) {
    const std::string column = identifier(words.next());
    const std::string type = words.next();
    change_type(snapshot, table, column, type);
    while (words.take("unsigned") || words.take("auto_increment") || words.take("null")) {
    }
    if (words.take("not null,") || words.take("not null")) {
      set_not_null(table, column);
    }
    (void)words.take("auto_increment");
    if (words.empty()) {
      return;
    }
  }
  if (words.take("drop foreign key")) {
    std::erase_if(snapshot.schema.foreign_keys,
                  [name = identifier(words.next())](const ForeignKey& key) { return key.name == name; });
    return;
  }
  if (words.take("add constraint")) {
    const std::string name = identifier(words.next());
    if (words.take("primary key")) {
      add_primary_key(table, words, name);
      return;
    }
    if (words.take("foreign key")) {
      return;
    }
  } else if (words.take("add primary key")) {
    add_primary_key(table, words, "");
    return;
  } else if (words.take("add column")) {
    const std::string name = identifier(words.next());
    const std::string rest = words.rest();
    table.columns.push_back({.name = name, .type = "bigint", .base_type = "int8", .not_null = true});
    if (rest.ends_with("PRIMARY KEY")) {
      SqlReader key("(\"" + name + "\")");
      add_primary_key(table, key, "");
    }
    return;
  } else if (words.take("alter column")) {
    const std::string column = identifier(words.next());
    if (words.take("type")) {
      change_type(snapshot, table, column, words.rest());
      return;
    }
    if (words.take("set not null")) {
      set_not_null(table, column);
      return;
    }
  }
  throw std::runtime_error("cannot apply: ALTER TABLE ... " + words.rest());
}

void alter_sequence(Snapshot& snapshot, SqlReader& words) {
  const TableName name = table_name(words.next());
  const bool widened = words.take("as bigint");
  if (!widened && !words.take("no maxvalue")) {
    throw std::runtime_error("cannot apply: ALTER SEQUENCE ... " + words.rest());
  }
  for (Sequence& sequence : snapshot.schema.sequences) {
    if (sequence.schema == name.schema && sequence.name == name.table) {
      sequence.data_type = widened ? "bigint" : sequence.data_type;
      sequence.max_value = INT64_MAX;
    }
  }
}

// ALTER SYSTEM, ALTER ROLE x, ALTER DATABASE x: SET name = value, or TO value.
void change_setting(Snapshot& snapshot, SqlReader& words) {
  while (!words.empty() && !words.take("set")) {
    (void)words.next();
  }
  const std::string name = identifier(words.next());
  if (!words.take("=") && !words.take("to")) {
    throw std::runtime_error("cannot apply: SET " + name + " " + words.rest());
  }
  Setting& setting = snapshot.settings[name];
  const std::string value = unquoted(words.rest());
  const bool in_kilobytes = setting.unit == "kB" && !value.empty() && value.back() == 'B';
  setting.value = in_kilobytes ? std::to_string(test::size(value).count / 1024) : value;
}

}  // namespace

Table& table_in(Snapshot& snapshot, const TableName& name) {
  const auto at = std::ranges::find(snapshot.schema.tables, name, &Table::name);
  if (at == snapshot.schema.tables.end()) {
    throw std::runtime_error("there is no table " + name.schema + "." + name.table);
  }
  return *at;
}

Index parse_create_index(std::string_view sql) {
  SqlReader words(sql);
  Index index;
  index.definition = sql;
  (void)words.take("create");
  index.def.unique = words.take("unique");
  if (words.take("fulltext")) {
    index.def.method = IndexMethod::kFullText;
  }
  (void)words.take("index");
  (void)words.take("concurrently");
  index.name = identifier(words.next());
  (void)words.take("on");
  (void)words.take("only");
  index.def.table = table_name(words.next());
  if (words.take("using")) {
    index.def.method = method_named(identifier(words.next()));
  }
  for (const std::string& key : comma_list(unwrapped(words.next()))) {
    index.def.keys.push_back(parse_key(key));
  }
  while (!words.empty()) {
    if (words.take("include")) {
      for (const std::string& column : comma_list(unwrapped(words.next()))) {
        index.def.include.push_back(identifier(column));
      }
    } else if (words.take("nulls not distinct")) {
      index.def.nulls_not_distinct = true;
    } else if (words.take("with")) {
      index.def.options = parse_options(words.next());
    } else if (words.take("where")) {
      index.def.predicate = words.rest();
    } else {
      throw std::runtime_error("cannot read: " + std::string(sql));
    }
  }
  return index;
}

void apply_sql(Snapshot& snapshot, std::string_view sql) {
  SqlReader words(sql);
  if (words.take("create index") || words.take("create unique index")) {
    create_index(snapshot, sql);
  } else if (words.take("drop index")) {
    (void)words.take("concurrently");
    drop_index(snapshot, words);
  } else if (words.take("reindex index")) {
    (void)words.take("concurrently");
    find_index(snapshot, table_name(words.next())).index().valid = true;
  } else if (words.take("alter index")) {
    const TableName parent = table_name(words.next());
    if (!words.take("attach partition")) {
      throw std::runtime_error("cannot apply: " + std::string(sql));
    }
    attach_partition(snapshot, parent, table_name(words.next()));
  } else if (words.take("analyze")) {
    analyze(snapshot, table_name(words.next()));
  } else if (words.take("alter table")) {
    alter_table(snapshot, words);
  } else if (words.take("alter sequence")) {
    alter_sequence(snapshot, words);
  } else if (words.take("grant")) {
    std::erase_if(snapshot.gaps, [&](const Gap& gap) {
      return std::ranges::find(gap.remedy_sql, sql) != gap.remedy_sql.end();
    });
  } else if (words.take("create extension")) {
    (void)words.take("if not exists");
    snapshot.server.extensions[identifier(words.next())] = Version{1, 0, 0};
  } else if (words.take("alter system") || words.take("alter role") || words.take("alter database")) {
    change_setting(snapshot, words);
  } else {
    throw std::runtime_error("cannot apply: " + std::string(sql));
  }
}

}  // namespace planwise::test
