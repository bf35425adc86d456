#include "analyzer/recommendation.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "analyzer/base/hash.h"

namespace planwise {
namespace {

constexpr std::array<std::string_view, 6> kStatuses{"open",    "snoozed",  "dismissed",
                                                    "applied", "verified", "ineffective"};

// Building an index of this size takes hours of I/O on ordinary disks: it wants a window, so it is no quick
// win.
constexpr Bytes kLargeBuild{std::int64_t{10} << 30};

// Where several rules lead to the same change the one whose evidence says most about it speaks; what is not
// listed stands between the two lists.
constexpr std::array<std::string_view, 4> kMostSpecific{"missing-index", "invalid-index", "duplicate-index",
                                                        "redundant-index"};
constexpr std::array<std::string_view, 3> kLeastSpecific{"unused-index", "missing-fk-index",
                                                         "dominant-statement"};

std::size_t specificity(std::string_view rule) {
  const auto first = std::ranges::find(kMostSpecific, rule);
  if (first != kMostSpecific.end()) {
    return static_cast<std::size_t>(first - kMostSpecific.begin());
  }
  const auto last = std::ranges::find(kLeastSpecific, rule);
  return kMostSpecific.size() +
         (last == kLeastSpecific.end() ? 0 : 1 + static_cast<std::size_t>(last - kLeastSpecific.begin()));
}

// One space between words outside quotes, no final semicolon.
std::string single_spaced(std::string_view sql) {
  std::string text;
  char quote = 0;
  for (const char c : sql) {
    if (quote == 0 && std::isspace(static_cast<unsigned char>(c)) != 0) {
      if (!text.empty() && text.back() != ' ') {
        text += ' ';
      }
      continue;
    }
    if (quote == 0 && (c == '"' || c == '\'' || c == '`')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    }
    text += c;
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == ';')) {
    text.pop_back();
  }
  return text;
}

// Where the word at `from` ends; a quoted identifier is one word.
std::size_t end_of_name(std::string_view text, std::size_t from) {
  char quote = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    if (quote == 0 && text[i] == ' ') {
      return i;
    }
    if (text[i] == '"' || text[i] == '`') {
      quote = quote == 0 ? text[i] : quote == text[i] ? char{0} : quote;
    }
  }
  return text.size();
}

// The statement without what does not change its effect: two CREATE INDEX that differ in the name only are
// one.
std::string normalised_action(std::string_view sql) {
  std::string text = single_spaced(sql);
  for (const std::string_view head : {"CREATE INDEX ", "CREATE UNIQUE INDEX "}) {
    if (!text.starts_with(head)) {
      continue;
    }
    std::size_t at = head.size();
    for (const std::string_view word : {"CONCURRENTLY ", "IF NOT EXISTS "}) {
      if (std::string_view(text).substr(at).starts_with(word)) {
        at += word.size();
      }
    }
    return std::string(head) + text.substr(std::min(text.size(), end_of_name(text, at) + 1));
  }
  return text;
}

using ActionParts = std::set<std::string>;

// What the change consists of. SQL: its statements. Otherwise what is changed, and how: two different
// rewrites of one statement are two changes, but to look into one statement is one change whatever made us
// look.
ActionParts parts_of(const Finding& finding) {
  ActionParts parts;
  if (!finding.action.sql.empty()) {
    for (const std::string& sql : finding.action.sql) {
      parts.insert(normalised_action(sql));
    }
    return parts;
  }
  std::vector<ObjectRef> objects = finding.objects;
  std::ranges::sort(objects);
  std::string key(to_string(finding.action.kind));
  for (const ObjectRef& object : objects) {
    key.append("\n").append(to_string(object.kind)).append(" ").append(object.name);
  }
  if (objects.empty()) {
    key.append("\n").append(finding.subject);
  }
  if (finding.action.kind != ActionKind::kInvestigate) {
    key.append("\n").append(finding.action.text);
  }
  parts.insert(std::move(key));
  return parts;
}

// For every finding the position of the one it becomes part of: an equal action of a more specific rule, or
// an action that contains all of its statements. Its own position where it stands for itself.
std::vector<std::size_t> owners_of(const std::vector<Finding>& findings) {
  std::vector<ActionParts> parts;
  parts.reserve(findings.size());
  std::map<std::string, std::vector<std::size_t>> users;
  for (const Finding& finding : findings) {
    parts.push_back(parts_of(finding));
    for (const std::string& part : parts.back()) {
      users[part].push_back(parts.size() - 1);
    }
  }
  const auto before = [&](std::size_t a, std::size_t b) {
    return std::tuple(-static_cast<std::ptrdiff_t>(parts[a].size()), specificity(findings[a].rule), a) <
           std::tuple(-static_cast<std::ptrdiff_t>(parts[b].size()), specificity(findings[b].rule), b);
  };
  std::vector<std::size_t> owners(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    owners[i] = i;
    for (const std::size_t other : users[*parts[i].begin()]) {
      if (before(other, owners[i]) && std::ranges::includes(parts[other], parts[i])) {
        owners[i] = other;
      }
    }
  }
  return owners;
}

void absorb(Recommendation& into, const Finding& other) {
  Finding& finding = into.finding;
  if (other.rule != finding.rule && std::ranges::find(into.also, other.rule) == into.also.end()) {
    into.also.push_back(other.rule);
  }
  finding.severity = std::max(finding.severity, other.severity);
  for (const AffectedStatement& statement : other.statements) {
    if (std::ranges::find(finding.statements, statement.id, &AffectedStatement::id) ==
        finding.statements.end()) {
      finding.statements.push_back(statement);
    }
  }
}

Horizon horizon_of(const Finding& finding) {
  if (finding.action.effort == Effort::kHigh) {
    return Horizon::kStrategic;
  }
  const bool large = finding.impact.index_size.value_or(Bytes{0}) >= kLargeBuild;
  return finding.action.effort == Effort::kMedium || large ? Horizon::kMediumTerm : Horizon::kQuickWin;
}

double saved_ms_per_hour(const Finding& finding) {
  return std::max(0.0, finding.impact.time_saved_per_hour.value_or(Millis{0}).count());
}

bool ranks_before(const Recommendation& left, const Recommendation& right) {
  const auto key = [](const Finding& finding) {
    return std::tuple(finding.severity != Severity::kCritical, -saved_ms_per_hour(finding),
                      -finding.impact.load_saved.value_or(0), -static_cast<int>(finding.severity),
                      -static_cast<int>(finding.confidence), finding.key());
  };
  return key(left.finding) < key(right.finding);
}

std::string id_of(std::string_view target, const Finding& finding) {
  std::string text(target);
  text.append(1, '\0').append(finding.rule).append(1, '\0').append(finding.subject);
  return hex16(hash64(text));
}

// A rule that gives two findings one subject would give two recommendations one id; the later gets one of its
// own.
void make_ids_unique(std::vector<Recommendation>& recommendations) {
  std::set<std::string> taken;
  for (Recommendation& recommendation : recommendations) {
    for (std::uint64_t seed = 1; !taken.insert(recommendation.id).second; ++seed) {
      const ActionParts parts = parts_of(recommendation.finding);
      recommendation.id =
          hex16(hash64(std::accumulate(parts.begin(), parts.end(), recommendation.finding.key()), seed));
    }
  }
}

}  // namespace

std::string_view to_string(Horizon value) noexcept {
  switch (value) {
    case Horizon::kQuickWin: return "quick-win";
    case Horizon::kMediumTerm: return "medium-term";
    case Horizon::kStrategic: return "strategic";
  }
  return "quick-win";
}

std::string_view to_string(RecommendationStatus value) noexcept {
  const auto at = static_cast<std::size_t>(value);
  return at < kStatuses.size() ? kStatuses.at(at) : kStatuses.front();
}

std::optional<RecommendationStatus> parse_recommendation_status(std::string_view word) noexcept {
  const auto* const at = std::ranges::find(kStatuses, word);
  if (at == kStatuses.end()) {
    return std::nullopt;
  }
  return static_cast<RecommendationStatus>(at - kStatuses.begin());
}

std::vector<Recommendation> recommend(std::vector<Finding> findings, std::string_view target) {
  std::ranges::stable_sort(findings, {}, &Finding::key);
  const std::vector<std::size_t> owners = owners_of(findings);
  std::map<std::size_t, Recommendation> standing;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (owners[i] == i) {
      standing[i] = Recommendation{.rank = 0,
                                   .id = id_of(target, findings[i]),
                                   .finding = findings[i],
                                   .also = {},
                                   .horizon = horizon_of(findings[i]),
                                   .status = RecommendationStatus::kOpen};
    }
  }
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (owners[i] != i) {
      absorb(standing.at(owners[i]), findings[i]);
    }
  }
  std::vector<Recommendation> ranked;
  ranked.reserve(standing.size());
  for (auto& [position, recommendation] : standing) {
    ranked.push_back(std::move(recommendation));
  }
  std::ranges::sort(ranked, ranks_before);
  make_ids_unique(ranked);
  int rank = 0;
  for (Recommendation& recommendation : ranked) {
    recommendation.rank = ++rank;
  }
  return ranked;
}

}  // namespace planwise
