#include "analyzer/model/snapshot.h"

#include <charconv>

namespace planwise {

const Plan* Snapshot::plan_of(StatementId id) const {
  const auto at = plans.find(id);
  return at != plans.end() && at->second.plan ? &*at->second.plan : nullptr;
}

std::optional<double> Snapshot::setting(const std::string& name) const {
  const auto at = settings.find(name);
  if (at == settings.end()) {
    return std::nullopt;
  }
  const std::string& text = at->second.value;
  if (text == "on" || text == "ON") {
    return 1;
  }
  if (text == "off" || text == "OFF") {
    return 0;
  }
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  return failure == std::errc{} && stop == end && !text.empty() ? std::optional(value) : std::nullopt;
}

}  // namespace planwise
