// MySQL's option files (my.cnf): read here and not by the client library, which would let a file switch on
// what planwise keeps off (LOCAL INFILE, plug-in directories, commands at the start of a session).
//
//   [client]
//   user = planwise
//   password = "s3cret # no comment"
//   !include /etc/mysql/shop.cnf
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace planwise::mysql {

// Option names have '-' where they may have '_'; a name without a value has an empty one.
using Options = std::map<std::string, std::string>;

// Adds to `options` what the groups of the file hold; what is there already is replaced. A file that is not
// there adds nothing, and so does one that everybody may write to, which MySQL's own programs ignore too.
// kInvalidArgument names the file and the line that is no option; at most ten files deep.
// Source: MySQL manual, "Using Option Files".
Result<void> read_option_file(const std::string& path, const std::vector<std::string>& groups,
                              Options& options);

}  // namespace planwise::mysql
