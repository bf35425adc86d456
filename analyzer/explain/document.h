// An EXPLAIN document out of what a client printed around it, and whose it is.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/model/engine.h"

namespace planwise::explain {

// `root` lives as long as the document.
struct Document {
  std::unique_ptr<simdjson::dom::parser> parser;
  simdjson::dom::object root;
};

// The first JSON object of the text. Takes what psql prints around it (heading, line-end marks, borders),
// what mysql and mariadb print (table, vertical, batch with escaped line ends), and one level of a driver's
// row around it ({"EXPLAIN": "{...}"}). kMalformed: no JSON document, or one nested too deeply. kUnsupported:
// a plan in another format; the message says which.
Result<Document> parse_document(std::string_view text);

enum class Family : std::uint8_t {
  kPostgres,     // {"Plan": ...}
  kMySqlBlocks,  // MySQL 5.6, and version 1 of 5.7 and later: {"query_block": ...}
  kMySqlTree,    // version 2: {"query_plan": ...} of 9.x, {"operation": ...} before
  kMariaDb,      // {"query_block": ...} in MariaDB's words
};
[[nodiscard]] Engine engine_of(Family family) noexcept;

// By the document's shape alone. A query block in words that MySQL and MariaDB share is taken for MySQL's.
// kMalformed: no plan.
Result<Family> family_of(const simdjson::dom::object& root);

// False for a query block that MySQL and MariaDB would print alike.
[[nodiscard]] bool is_certain(const simdjson::dom::object& root);

}  // namespace planwise::explain
