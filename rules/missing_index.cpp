#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/base/text.h"
#include "rules/actions.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"warning_load_saved", 0.01, "share", "share of the load given back from which on it is a warning"},
};

constexpr std::array<std::string_view, 3> kReferences{
    "https://www.postgresql.org/docs/current/indexes.html",
    "https://hypopg.readthedocs.io/en/rel1_stable/",
    "https://doi.org/10.1109/ICDE.2019.00113",
};

std::string why(const IndexProposal& proposal, bool measured) {
  const std::size_t count = proposal.gains.size();
  std::string text = fmt::format("{} read{} far more of the table than {} need{}; with this index ",
                                 count == 1 ? "A statement" : fmt::format("{} statements", count),
                                 count == 1 ? "s" : "", count == 1 ? "it" : "they", count == 1 ? "s" : "");
  if (proposal.verified && proposal.load_saved > 0) {
    const std::string share = human_share(proposal.load_saved);
    text += fmt::format("{}{} of all {} would be saved.", share.starts_with('<') ? "" : "about ", share,
                        measured ? "measured time" : "planner cost");
  } else {
    text += count == 1 ? "it would be cheaper." : "they would be cheaper.";
  }
  if (!proposal.verified) {
    text += " The planner could not try this kind of index beforehand.";
  }
  return text;
}

Confidence confidence_of(const IndexProposal& proposal) {
  if (!proposal.verified) {
    return Confidence::kPossible;
  }
  return proposal.basis == "what-if" ? Confidence::kConfirmed : Confidence::kStrong;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const IndexProposal& proposal : analysis.advice.proposals) {
    const Table* table = analysis.snapshot.schema.find(proposal.def.table);
    if (table == nullptr || !is_advisable(*table) || is_tiny(*table) ||
        is_served(analysis.snapshot.schema, *table, proposal.def)) {
      continue;
    }
    Finding finding = proposal_finding(analysis, *table, proposal);
    finding.subject = "index:" + index_text(analysis, proposal.def);
    finding.severity =
        proposal.load_saved >= options.get("warning_load_saved") ? Severity::kWarning : Severity::kInfo;
    finding.confidence = confidence_of(proposal);
    finding.why = why(proposal, analysis.snapshot.workload.kind != WindowKind::kWorkloadFiles);
    out.findings.push_back(std::move(finding));
  }
}

}  // namespace

constinit const Rule missing_index{
    .info = {.id = "missing-index",
             .title = "The workload would be cheaper with an index that does not exist",
             .severity = Severity::kWarning,
             .engines = Engines::kPostgres,
             .what = "The index advisor found an index that lowers the cost of the measured workload by more "
                     "than it adds "
                     "to writes. Where HypoPG is installed the server's own planner has chosen it for the "
                     "statements named "
                     "(`confirmed`); else planwise's cost model says so (`strong`), and kinds of index that "
                     "no planner can "
                     "try beforehand are `possible`. A warning from `warning_load_saved` on.",
             .why = "Without it the statements read rows only to throw them away.",
             .fix = "Build the index without blocking writes. It costs disk, and a share of every write to "
                    "the table. An existing index it replaces is dropped afterwards.",
             .quiet = "Tiny tables; indexes that exist already, or that a wider existing one covers; indexes "
                      "the planner "
                      "would not use; indexes whose writes cost more than their reads give back.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules
