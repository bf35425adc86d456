#include "connectors/mysql/privileges.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "analyzer/sql/quote.h"
#include "connectors/mysql/gates.h"

namespace planwise::mysql {
namespace {

constexpr std::size_t kMostRoles = 100;
constexpr std::size_t kPowersShown = 5;

// Rights that read or do nothing. Source: MySQL manual, "Privileges Provided by MySQL"; MariaDB manual,
// "GRANT".
constexpr std::array<std::string_view, 19> kHarmless{"USAGE",
                                                     "SELECT",
                                                     "SHOW VIEW",
                                                     "SHOW DATABASES",
                                                     "PROCESS",
                                                     "EXECUTE",
                                                     "LOCK TABLES",
                                                     "REFERENCES",
                                                     "CREATE TEMPORARY TABLES",
                                                     "REPLICATION CLIENT",
                                                     "BINLOG MONITOR",
                                                     "SLAVE MONITOR",
                                                     "REPLICA MONITOR",
                                                     "MONITOR",
                                                     "SHOW CREATE ROUTINE",
                                                     "SHOW_ROUTINE",
                                                     "FLUSH_STATUS",
                                                     "AUDIT_ABORT_EXEMPT",
                                                     "RESOURCE_GROUP_USER"};

// The position of `word` outside quotes and parentheses; npos if it is not there.
std::size_t find_outside(std::string_view text, std::string_view word) {
  char quote = '\0';
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (quote != '\0') {
      quote = letter == quote ? '\0' : quote;
    } else if (depth == 0 && text.substr(i).starts_with(word)) {
      return i;
    } else if (letter == '`' || letter == '\'' || letter == '"') {
      quote = letter;
    } else {
      depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
    }
  }
  return std::string_view::npos;
}

struct Grant {
  std::vector<std::string> rights;  // "SELECT", "ALL PRIVILEGES"; column lists left out
  std::string object;               // "*.*", "`shop`.*"; empty for the grant of a role
  bool with_grant_option = false;
};

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ')) {
    text.remove_prefix(1);
  }
  while (text.ends_with(' ')) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

std::optional<Grant> parse_grant(std::string_view line) {
  static constexpr std::string_view kGrant = "GRANT ";
  if (!line.starts_with(kGrant)) {
    return std::nullopt;
  }
  line.remove_prefix(kGrant.size());
  const std::size_t to = find_outside(line, " TO ");
  if (to == std::string_view::npos) {
    return std::nullopt;
  }
  Grant grant;
  grant.with_grant_option = find_outside(line.substr(to), "GRANT OPTION") != std::string_view::npos;
  std::string_view list = line.substr(0, to);
  if (const std::size_t on = find_outside(list, " ON "); on != std::string_view::npos) {
    grant.object = trimmed(list.substr(on + 4));
    list = list.substr(0, on);
  }
  while (!list.empty()) {
    const std::size_t end = std::min(find_outside(list, ","), list.size());
    const std::string_view one = list.substr(0, end);
    grant.rights.push_back(trimmed(grant.object.empty() ? one : one.substr(0, one.find('('))));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return grant;
}

std::string without_quotes(std::string_view object) {
  std::string out;
  std::ranges::copy_if(object, std::back_inserter(out), [](char letter) { return letter != '`'; });
  return out;
}

std::vector<std::string> first_column(const TextRows& rows) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    lines.push_back(rows[i].text_or_empty(rows.columns().front()));
  }
  return lines;
}

std::vector<std::string> roles_in(const std::vector<std::string>& lines) {
  std::vector<std::string> roles;
  for (const std::string& line : lines) {
    if (const auto grant = parse_grant(line); grant && grant->object.empty()) {
      roles.insert(roles.end(), grant->rights.begin(), grant->rights.end());
    }
  }
  return roles;
}

}  // namespace

Result<std::vector<std::string>> read_grants(const std::function<Result<TextRows>(std::string_view sql)>& ask,
                                             const ServerInfo& server) {
  PLANWISE_TRY(const TextRows own, ask("SHOW GRANTS FOR CURRENT_USER()"));
  std::vector<std::string> lines = first_column(own);
  std::vector<std::string> roles = roles_in(lines);
  if (roles.empty()) {
    return lines;
  }
  if (has(kGrantsUsing, server)) {
    std::string list;
    for (const std::string& role : roles) {
      list += (list.empty() ? "" : ", ") + role;
    }
    PLANWISE_TRY(const TextRows all, ask("SHOW GRANTS FOR CURRENT_USER() USING " + list));
    return first_column(all);
  }
  // Elsewhere only a role that is on shows its grants, those of the roles in it included.
  PLANWISE_TRY(const TextRows current, ask("SELECT CURRENT_ROLE() AS role"));
  for (std::size_t i = 0; i < roles.size() && i < kMostRoles; ++i) {
    PLANWISE_TRY(const TextRows on, ask("SET ROLE " + roles[i]));
    PLANWISE_TRY(const TextRows with_role, ask("SHOW GRANTS"));
    const std::vector<std::string> more = first_column(with_role);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  const auto before = current.empty() ? std::nullopt : current[0].text("role");
  PLANWISE_TRY(const TextRows back, ask("SET ROLE " + (before ? quoted(*before, server.engine) : "NONE")));
  return lines;
}

std::vector<std::string> powers_of(const std::vector<std::string>& grants) {
  std::vector<std::string> powers;
  const auto add = [&](std::string_view right, const std::string& object) {
    std::string power = fmt::format("{} on {}", right, without_quotes(object));
    if (std::ranges::find(powers, power) == powers.end()) {
      powers.push_back(std::move(power));
    }
  };
  for (const std::string& line : grants) {
    const auto grant = parse_grant(line);
    if (!grant || grant->object.empty() || without_quotes(grant->object).starts_with("performance_schema.")) {
      continue;
    }
    for (const std::string& right : grant->rights) {
      if (std::ranges::find(kHarmless, right) == kHarmless.end()) {
        add(right, grant->object);
      }
    }
    if (grant->with_grant_option) {
      add("GRANT OPTION", grant->object);
    }
  }
  std::ranges::stable_partition(powers, [](const std::string& power) { return power.ends_with(" on *.*"); });
  return powers;
}

Error privileged_login(std::string_view account, const std::vector<std::string>& powers,
                       const std::vector<std::string>& schemas, const ServerInfo& server) {
  std::string reasons;
  for (std::size_t i = 0; i < powers.size() && i < kPowersShown; ++i) {
    reasons += (reasons.empty() ? "" : ", ") + powers[i];
  }
  if (powers.size() > kPowersShown) {
    reasons += fmt::format(" and {} more", powers.size() - kPowersShown);
  }
  std::string sql;
  for (const std::string& statement : least_privilege_sql("planwise", schemas, server)) {
    sql += " " + statement + ";";
  }
  return {ErrorCode::kPermissionDenied, fmt::format("login \"{}\" is privileged ({})", account, reasons),
          fmt::format("use an account made for it:{} {}; or pass --allow-privileged", sql,
                      password_hint("planwise", server))};
}

std::vector<std::string> least_privilege_sql(std::string_view user, const std::vector<std::string>& schemas,
                                             const ServerInfo& server) {
  const std::string account = std::string(user) + "@%";
  const std::string name = account_text(account);
  std::vector<std::string> sql;
  if (has(kRandomPassword, server)) {
    sql.push_back(
        fmt::format("CREATE USER {} IDENTIFIED BY RANDOM PASSWORD WITH MAX_USER_CONNECTIONS 4", name));
  } else if (has(kAccountLock, server)) {
    sql.push_back(fmt::format("CREATE USER {} WITH MAX_USER_CONNECTIONS 4 ACCOUNT LOCK", name));
  } else {
    sql.push_back(fmt::format("CREATE USER {} IDENTIFIED BY PASSWORD '*{:040}'", name, 0));
    sql.push_back(fmt::format("GRANT USAGE ON *.* TO {} WITH MAX_USER_CONNECTIONS 4", name));
  }
  sql.push_back(fmt::format("GRANT PROCESS ON *.* TO {}", name));
  sql.push_back(fmt::format("GRANT SELECT ON performance_schema.* TO {}", name));
  for (const std::string_view table : {"innodb_table_stats", "innodb_index_stats", "slow_log"}) {
    sql.push_back(fmt::format("GRANT SELECT ON mysql.{} TO {}", table, name));
  }
  for (const std::string& schema : schemas) {
    sql.push_back(grant_on_schema(schema, account));
  }
  return sql;
}

std::string password_hint(std::string_view user, const ServerInfo& server) {
  const std::string name = account_text(std::string(user) + "@%");
  return has(kRandomPassword, server) ? "the first statement prints its password"
         : has(kAccountLock, server)
             ? fmt::format("then give it a password: ALTER USER {} IDENTIFIED BY '…' ACCOUNT UNLOCK", name)
             : fmt::format("then give it a password: SET PASSWORD FOR {} = PASSWORD('…')", name);
}

std::string account_text(std::string_view account) {
  const std::size_t at = account.rfind('@');
  const std::string_view host = at == std::string_view::npos ? "%" : account.substr(at + 1);
  return literal(account.substr(0, at), Engine::kMySql) + "@" + literal(host, Engine::kMySql);
}

std::string grant_on_schema(std::string_view schema, std::string_view account) {
  std::string pattern = "`";
  for (const char letter : schema) {
    pattern += letter == '_' || letter == '%' || letter == '\\' ? "\\" : letter == '`' ? "`" : "";
    pattern += letter;
  }
  return fmt::format("GRANT SELECT, SHOW VIEW ON {}`.* TO {}", pattern, account_text(account));
}

}  // namespace planwise::mysql
