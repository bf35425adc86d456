#include "server/audit/bounded_what_if.h"

#include <algorithm>
#include <iterator>

namespace planwise {
namespace {

Error too_late() {
  return Error{ErrorCode::kTimeout, "the audit's time is over"};
}

}  // namespace

bool BoundedWhatIf::over() {
  cut_off_ = cut_off_ || is_over_();
  return cut_off_;
}

Result<std::vector<StatementCost>> BoundedWhatIf::costs(std::span<const StatementId> statements,
                                                        const IndexSet& indexes, bool with_plans) {
  std::vector<StatementCost> answers;
  answers.reserve(statements.size());
  while (!statements.empty()) {
    if (over()) {
      return too_late();
    }
    const auto chunk = statements.first(std::min(kChunk, statements.size()));
    PLANWISE_TRY(auto costs, inner_.costs(chunk, indexes, with_plans));
    std::move(costs.begin(), costs.end(), std::back_inserter(answers));
    statements = statements.subspan(chunk.size());
  }
  return answers;
}

Result<Bytes> BoundedWhatIf::size(const IndexDef& index) {
  if (over()) {
    return too_late();
  }
  return inner_.size(index);
}

}  // namespace planwise
