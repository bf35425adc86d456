// Which logins are too strong to audit with, and how to make the right one.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/engine.h"
#include "connectors/text_rows.h"

namespace planwise::mysql {

// The lines of SHOW GRANTS for the current account, those of the roles it has been granted included. On
// MariaDB three round trips a role, of a hundred at most.
Result<std::vector<std::string>> read_grants(const std::function<Result<TextRows>(std::string_view sql)>& ask,
                                             const ServerInfo& server);

// What makes a login privileged, as "INSERT on shop.*": every right to write, to administer or to reach
// files, server-wide ones first. Planning a statement can run stored functions with the login's rights.
// Reading rights and EXECUTE are none, nor is what is granted on performance_schema, where there is no data.
[[nodiscard]] std::vector<std::string> powers_of(const std::vector<std::string>& grants);

[[nodiscard]] Error privileged_login(std::string_view account, const std::vector<std::string>& powers,
                                     const std::vector<std::string>& schemas, const ServerInfo& server);

// The statements that make an account which can see all an audit of the schemas needs and nothing more, to be
// run by one who may. Its password: MySQL 8.0.18 and later makes one up and prints it; elsewhere the account
// is locked, or has a password that nobody knows (5.6), until one is set.
[[nodiscard]] std::vector<std::string> least_privilege_sql(std::string_view user,
                                                           const std::vector<std::string>& schemas,
                                                           const ServerInfo& server);

// How that account gets its password: "the first statement prints its password", …
[[nodiscard]] std::string password_hint(std::string_view user, const ServerInfo& server);

// "planwise@%" as SQL: 'planwise'@'%'.
[[nodiscard]] std::string account_text(std::string_view account);
// "GRANT SELECT ON `shop`.* TO 'planwise'@'%'", the name no pattern.
[[nodiscard]] std::string grant_on_schema(std::string_view schema, std::string_view account);

}  // namespace planwise::mysql
