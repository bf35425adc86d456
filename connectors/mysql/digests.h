// The workload, from performance_schema: statement digests, and the server-side prepared statements that are
// open, which most servers keep out of the digests.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "analyzer/base/result.h"
#include "connectors/mysql/catalog_query.h"
#include "connectors/mysql/session.h"
#include "connectors/statement_reading.h"

namespace planwise::mysql {

[[nodiscard]] const CatalogQuery& digests_query() noexcept;
[[nodiscard]] const CatalogQuery& prepared_query() noexcept;
[[nodiscard]] const CatalogQuery& executions_query() noexcept;

// How many statements the server has run, by how they can be seen. Of all databases, planwise's own included.
struct Executions {
  std::int64_t as_text = 0;   // events statement/sql/%
  std::int64_t prepared = 0;  // event statement/com/Execute: through the binary protocol
  std::int64_t digested = 0;  // calls of all digests
  std::int64_t open = 0;      // of `prepared`, those of statements that are still open

  // Of `prepared`, those that neither a digest nor an open statement shows. Digests that come to more than
  // the text statements hold prepared ones too.
  [[nodiscard]] std::int64_t unseen() const;
  [[nodiscard]] std::int64_t total() const { return as_text + prepared; }
};
// Of what happened in between; `after` where a counter went down.
[[nodiscard]] Executions difference(const Executions& before, const Executions& after);

// The entries of the session's database, and of sessions without a default database whose text names it; of
// all but the system's databases where the session has none. Keys are "SCHEMA/DIGEST", and
// "prepared/THREAD/ID" for open prepared statements. All digests beyond the table's size are one entry,
// StatementReading::kHidden.
struct DigestReading {
  StatementReading statements;
  std::optional<Executions> executions;  // nullopt where they are not to be read
  std::optional<Error> no_prepared;      // why prepared_statements_instances could not be read
  std::int64_t overflowed = 0;           // calls in the entry of all further digests
  std::int64_t cut_texts = 0;  // digests whose text is cut, so that longer ones may be merged in them
  // Whether executions of open prepared statements are counted: consumer events_statements_current.
  bool counts_open = true;
};

// A digest's counting began at its FIRST_SEEN; that of all at the oldest one, because the server tells
// neither a TRUNCATE nor a restart otherwise.
Result<DigestReading> read_digests(Session& session, const ViewColumns& views);

// What of the digests is wanted.
struct DigestScope {
  std::string_view database;  // empty for all
  Engine engine = Engine::kMySql;
  std::size_t longest_digest = 0;  // bytes the server keeps of one; 0 where it is not known
};
// As read_digests(), from the rows of the two queries.
[[nodiscard]] DigestReading digests_of(const Rows& digests, const Rows& prepared, const DigestScope& scope);

// Whether the server has cut the text. MySQL says so by "..."; MariaDB does not: there it is told by how much
// room the digest takes, which may take a whole text for a cut one where it just fits.
[[nodiscard]] bool is_cut(std::string_view digest_text, std::size_t longest_digest);

}  // namespace planwise::mysql
