// Rule tests written as Markdown: prose, a small database, and what the rule must say about it.
//
// A case is a second-level heading with a ```db block and an ```expect block. A heading that ends in
// "(example)" is also printed on the rule's page, so the examples people read are tests that ran. A silent
// case whose heading starts with "After" shows the database once the advice was followed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analyzer/rule.h"
#include "tests/support/described_database.h"

namespace planwise::test {

struct Case {
  std::string title;
  std::string markdown;  // the whole section, heading included
  std::string db;        // text of the ```db block
  std::string expect;    // text of the ```expect block
  bool example = false;
};

[[nodiscard]] std::vector<Case> read_cases(const std::filesystem::path& path);

// What the rule says: a line "severity confidence key" a finding, then title, evidence and action, indented;
// "skipped:" lines for its gaps; "silent" if there is neither.
[[nodiscard]] std::string said_by(const Rule& rule, const Database& database);

}  // namespace planwise::test
