#include "connectors/postgres/safe_statement.h"

#include <algorithm>
#include <utility>

#include "connectors/postgres/session.h"

namespace planwise::pg {
namespace {

// More untrusted names than this in one catalogue are not read.
constexpr std::size_t kMaxNames = 200'000;

// Every query below starts with these. `untrusted`: callable code of owners who are not trusted. `loose`:
// trusted code in SQL or PL/pgSQL that looks its own names up along the caller's search path, where it may
// meet untrusted ones; members of extensions are taken to qualify their names. Operators are written with
// their schema, for that same reason. Sources: catalogues pg_proc, pg_operator, pg_depend, pg_cast, pg_range
// in the PostgreSQL manual, chapter 53.
constexpr std::string_view kCode = R"(
WITH RECURSIVE trusted AS (
  SELECT r.oid FROM pg_roles r
  WHERE r.rolsuper OR r.rolname = CURRENT_USER
     OR r.rolname = ANY ($1::name[])
), untrusted AS (
  SELECT p.oid FROM pg_proc p
  WHERE p.proowner NOT IN (SELECT t.oid FROM trusted t) AND p.prokind <> 'p'
    AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
), untrusted_operators AS (
  SELECT o.oid FROM pg_operator o
  WHERE o.oprowner NOT IN (SELECT t.oid FROM trusted t) OR o.oprcode IN (SELECT u.oid FROM untrusted u)
     OR o.oprrest IN (SELECT u.oid FROM untrusted u) OR o.oprjoin IN (SELECT u.oid FROM untrusted u)
), loose AS (
  SELECT p.oid FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
  WHERE l.lanname NOT IN ('c', 'internal') AND p.prokind = 'f'
    AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
    AND p.pronamespace NOT IN (SELECT n.oid FROM pg_namespace n
                               WHERE n.nspname IN ('pg_catalog', 'information_schema'))
    AND NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) c
                    WHERE starts_with(c, 'search_path='))
    AND NOT EXISTS (SELECT 1 FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass
                      AND d.objid = p.oid AND d.deptype = 'e')
    AND (EXISTS (SELECT 1 FROM untrusted u) OR EXISTS (SELECT 1 FROM untrusted_operators u))
), code AS (
  SELECT u.oid FROM untrusted u UNION SELECT l.oid FROM loose l
), types AS (
  SELECT c.castsource AS oid FROM pg_cast c WHERE c.castfunc IN (SELECT u.oid FROM code u)
  UNION SELECT c.casttarget FROM pg_cast c WHERE c.castfunc IN (SELECT u.oid FROM code u)
  UNION SELECT r.rngtypid FROM pg_range r
        WHERE r.rngsubdiff IN (SELECT u.oid FROM code u) OR r.rngcanonical IN (SELECT u.oid FROM code u)
))";

constexpr std::string_view kFunctions = R"(
SELECT n.nspname AS schema, p.proname AS name,
       p.pronargs >= 1 AND p.pronargs - p.pronargdefaults <= 1
       AND EXISTS (SELECT 1 FROM pg_type t WHERE t.oid = p.proargtypes[0] AND t.typtype IN ('c', 'p')) AS takes_row
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid IN (SELECT u.oid FROM code u) LIMIT 200001)";

constexpr std::string_view kOperators = R"(
SELECT n.nspname AS schema, o.oprname AS name
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oid IN (SELECT u.oid FROM untrusted_operators u) OR o.oprcode IN (SELECT l.oid FROM loose l) LIMIT 200001)";

constexpr std::string_view kTypes = R"(
SELECT n.nspname AS schema, t.typname AS name
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid IN (SELECT u.oid FROM types u) LIMIT 200001)";

// Relations whose own expressions run such code, then the views over them and the tables they are parts of.
constexpr std::string_view kRelations = R"(
, direct AS (
  SELECT d.classid, d.objid FROM pg_depend d
  WHERE (d.refclassid = 'pg_proc'::regclass
         AND d.refobjid IN (SELECT u.oid FROM code u))
     OR (d.refclassid = 'pg_operator'::regclass
         AND d.refobjid IN (SELECT u.oid FROM untrusted_operators u))
), tainted AS (
  SELECT w.ev_class AS oid FROM pg_rewrite w JOIN direct d ON d.objid = w.oid
  WHERE d.classid = 'pg_rewrite'::regclass
  UNION SELECT a.adrelid FROM pg_attrdef a JOIN direct d ON d.objid = a.oid
  WHERE d.classid = 'pg_attrdef'::regclass
  UNION SELECT c.conrelid FROM pg_constraint c JOIN direct d ON d.objid = c.oid
  WHERE d.classid = 'pg_constraint'::regclass
  UNION SELECT p.polrelid FROM pg_policy p JOIN direct d ON d.objid = p.oid
  WHERE d.classid = 'pg_policy'::regclass
  UNION SELECT s.stxrelid FROM pg_statistic_ext s JOIN direct d ON d.objid = s.oid
  WHERE d.classid = 'pg_statistic_ext'::regclass
  UNION SELECT i.indrelid FROM pg_index i JOIN direct d ON d.objid = i.indexrelid
  WHERE d.classid = 'pg_class'::regclass
  UNION SELECT d.objid FROM direct d
  WHERE d.classid = 'pg_class'::regclass
  UNION SELECT a.attrelid FROM pg_attribute a WHERE a.atttypid IN (SELECT u.oid FROM types u)
), edges AS (
  SELECT d.refobjid AS source, w.ev_class AS target FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
  WHERE d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_rewrite'::regclass
  UNION ALL SELECT i.inhrelid, i.inhparent FROM pg_inherits i
), reached AS (
  SELECT t.oid FROM tainted t
  UNION SELECT e.target FROM reached r JOIN edges e ON e.source = r.oid
)
SELECT DISTINCT n.nspname AS schema, c.relname AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (SELECT r.oid FROM reached r) LIMIT 200001)";

std::set<WrittenName> names_in(const Rows& rows) {
  std::set<WrittenName> names;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    names.insert({rows[i].text_or_empty("schema"), rows[i].text_or_empty("name")});
  }
  return names;
}

// The first of `candidates` that `name` may mean, or nullptr.
const WrittenName* match(const WrittenName& name, const std::set<WrittenName>& candidates,
                         std::span<const std::string> schemas) {
  const auto look_up = [&](const std::string& schema) -> const WrittenName* {
    const auto found = candidates.find({schema, name.name});
    return found == candidates.end() ? nullptr : &*found;
  };
  if (!name.schema.empty()) {
    return look_up(name.schema);
  }
  for (const std::string& schema : schemas) {
    if (const WrittenName* found = look_up(schema); found != nullptr) {
      return found;
    }
  }
  return nullptr;
}

Objection objection(std::string_view kind, const WrittenName& name) {
  return {"it uses the " + std::string(kind) + " " + name.schema + "." + name.name +
              ", whose code is not a trusted owner's: planning may run it with planwise's rights",
          "name the owner of " + name.schema + "." + name.name + " among the trusted owners, if that is so"};
}

}  // namespace

Result<UntrustedCode> read_untrusted_code(Session& session, std::span<const std::string> trusted_owners) {
  const Parameter owners = array_text(trusted_owners);
  const auto ask = [&](std::string_view select) {
    return session.query(std::string(kCode) + std::string(select), std::span(&owners, 1));
  };
  UntrustedCode code;
  PLANWISE_TRY(const Rows functions, ask(kFunctions));
  code.functions = names_in(functions);
  for (std::size_t i = 0; i < functions.size(); ++i) {
    if (functions[i].is_true("takes_row")) {
      code.row_functions.insert({functions[i].text_or_empty("schema"), functions[i].text_or_empty("name")});
    }
  }
  PLANWISE_TRY(const Rows operators, ask(kOperators));
  code.operators = names_in(operators);
  if (functions.empty() && operators.empty()) {
    return code;
  }
  PLANWISE_TRY(const Rows types, ask(kTypes));
  code.types = names_in(types);
  PLANWISE_TRY(const Rows relations, ask(kRelations));
  code.relations = names_in(relations);
  code.complete = std::max({functions.size(), operators.size(), types.size(), relations.size()}) <= kMaxNames;
  return code;
}

std::optional<Objection> objection_to(const StatementNames& names, const UntrustedCode& untrusted,
                                      std::span<const std::string> schemas) {
  if (!untrusted.complete) {
    return Objection{
        "the database holds more than 200,000 functions or operators of owners that are not trusted", ""};
  }
  const auto any = [&](const std::set<WrittenName>& written, const std::set<WrittenName>& candidates) {
    const WrittenName* found = nullptr;
    for (const WrittenName& name : written) {
      found = found != nullptr ? found : match(name, candidates, schemas);
    }
    return found;
  };
  if (const auto* found = any(names.functions, untrusted.functions); found != nullptr) {
    return objection("function", *found);
  }
  if (const auto* found = any(names.operators, untrusted.operators); found != nullptr) {
    return objection("operator", *found);
  }
  if (const auto* found = any(names.types, untrusted.types); found != nullptr) {
    return objection("type", *found);
  }
  if (const auto* found = any(names.relations, untrusted.relations); found != nullptr) {
    return objection("relation", *found);
  }
  for (const std::string& field : names.fields) {
    if (const auto* found = match({"", field}, untrusted.row_functions, schemas); found != nullptr) {
      return objection("function", *found);
    }
  }
  return std::nullopt;
}

}  // namespace planwise::pg
