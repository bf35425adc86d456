#include "connectors/postgres/planning_context.h"

#include <algorithm>
#include <set>

#include "analyzer/sql/fingerprint.h"

namespace planwise::pg {
namespace {

constexpr std::string_view kSearchPaths = R"(
SELECT coalesce(r.rolname, '') AS role, s.setdatabase <> 0 AS here_only, substr(c, length('search_path=') + 1) AS path
FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c
WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
  AND starts_with(c, 'search_path='))";

// reset_val is the session's own starting value; its configuration file's or the built-in one unless the
// login has a setting of its own, which is then not this one.
constexpr std::string_view kServerPath = "SELECT reset_val FROM pg_settings WHERE name = 'search_path'";
constexpr std::string_view kBuiltInPath = "\"$user\", public";

constexpr std::string_view kTypes = R"(
WITH RECURSIVE base AS (
  SELECT t.oid AS asked, t.oid, t.typbasetype FROM pg_type t WHERE t.oid = ANY ($1::oid[])
  UNION ALL SELECT b.asked, t.oid, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.typbasetype
)
SELECT b.asked, t.typname AS name, t.typcategory AS category,
       CASE WHEN t.typcategory = 'A' THEN e.typname END AS element, e.typcategory AS element_category,
       (SELECT l.enumlabel FROM pg_enum l WHERE l.enumtypid IN (t.oid, t.typelem) ORDER BY l.enumsortorder LIMIT 1)
         AS first_label
FROM base b JOIN pg_type t ON t.oid = b.oid LEFT JOIN pg_type e ON e.oid = t.typelem
WHERE b.typbasetype = 0)";

constexpr std::string_view kRunning = R"(
SELECT a.query FROM pg_stat_activity a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
  AND a.query <> '' AND octet_length(a.query) < pg_size_bytes(current_setting('track_activity_query_size')) - 1
LIMIT 1000)";

char letter(const Row& row, std::string_view column) {
  const std::string text = row.text_or_empty(column);
  return text.empty() ? 'U' : text[0];
}

std::string quoted_always(std::string_view identifier) {
  std::string text = "\"";
  for (const char c : identifier) {
    text += c == '"' ? "\"\"" : std::string(1, c);
  }
  return text + '"';
}

}  // namespace

Result<PlanningContext> PlanningContext::read(Session& session, Explainer& explainer,
                                              std::span<const std::string> trusted_owners) {
  PlanningContext context(session, explainer);
  PLANWISE_TRY(context.untrusted_, read_untrusted_code(session, trusted_owners));
  PLANWISE_CHECK_OK(context.read_search_paths());
  return context;
}

Result<void> PlanningContext::read_search_paths() {
  PLANWISE_TRY(const Rows rows, session_->query(kSearchPaths));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    paths_[{rows[i].text_or_empty("role"), rows[i].is_true("here_only")}] = rows[i].text_or_empty("path");
  }
  PLANWISE_TRY(const Rows server, session_->query(kServerPath));
  const bool own = paths_.contains({session_->user(), true}) || paths_.contains({session_->user(), false});
  server_path_ = own || server.empty() ? kBuiltInPath : server[0].text_or_empty("reset_val");
  return {};
}

std::string PlanningContext::search_path_of(const std::string& user) const {
  std::string path = server_path_;
  for (const auto& [role, here_only] : {std::pair(user, true), {user, false}, {"", true}, {"", false}}) {
    if (const auto found = paths_.find({role, here_only}); found != paths_.end()) {
      path = found->second;
      break;
    }
  }
  // "$user" means the statement's user, not the login that plans it.
  constexpr std::string_view kUser = "\"$user\"";
  if (const auto at = path.find(kUser); at != std::string::npos && !user.empty()) {
    path.replace(at, kUser.size(), quoted_always(user));
  }
  return path;
}

Result<std::optional<Objection>> PlanningContext::objection(const StatementNames& names,
                                                            const std::string& search_path) {
  auto schemas = schemas_.find(search_path);
  if (schemas == schemas_.end()) {
    PLANWISE_TRY(auto active, explainer_->active_schemas(search_path));
    schemas = schemas_.emplace(search_path, std::move(active)).first;
  }
  return objection_to(names, untrusted_, schemas->second);
}

Result<void> PlanningContext::read_types(const std::vector<std::string>& oids) {
  std::vector<std::string> unknown;
  std::ranges::copy_if(oids, std::back_inserter(unknown),
                       [this](const std::string& oid) { return !types_.contains(oid); });
  if (unknown.empty()) {
    return {};
  }
  const Parameter asked = array_text(unknown);
  PLANWISE_TRY(const Rows rows, session_->query(kTypes, std::span(&asked, 1)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    types_[rows[i].text_or_empty("asked")] = {
        rows[i].text_or_empty("name"), letter(rows[i], "category"), rows[i].text_or_empty("element"),
        letter(rows[i], "element_category"), rows[i].text_or_empty("first_label")};
  }
  return {};
}

Result<std::vector<ParameterType>> PlanningContext::parameter_types(const std::string& sql,
                                                                    const std::string& search_path) {
  PLANWISE_TRY(const std::vector<std::string> oids, explainer_->parameter_types(sql, search_path));
  PLANWISE_CHECK_OK(read_types(oids));
  std::vector<ParameterType> types;
  types.reserve(oids.size());
  for (const std::string& oid : oids) {
    types.push_back(types_[oid]);
  }
  return types;
}

Result<std::map<StatementId, std::string>> PlanningContext::running_statements() {
  PLANWISE_TRY(const Rows rows, session_->query(kRunning));
  std::map<StatementId, std::string> running;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string text = rows[i].text_or_empty("query");
    const StatementId id = normalise(text, Engine::kPostgres).id;
    running.emplace(id, std::move(text));
  }
  return running;
}

}  // namespace planwise::pg
