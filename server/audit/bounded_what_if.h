// A WhatIf that stops answering at the end of an audit's budget, or when the audit is cancelled.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/what_if.h"

namespace planwise {

// Not thread-safe. `inner` must outlive it.
class BoundedWhatIf final : public WhatIf {
 public:
  // `is_over` is asked before every kChunk statements; once it has said yes, every question is answered with
  // kTimeout.
  BoundedWhatIf(WhatIf& inner, std::function<bool()> is_over) : inner_(inner), is_over_(std::move(is_over)) {}

  Result<std::vector<StatementCost>> costs(std::span<const StatementId> statements, const IndexSet& indexes,
                                           bool with_plans) override;
  Result<Bytes> size(const IndexDef& index) override;
  [[nodiscard]] bool can_plan(const IndexDef& index) const override { return inner_.can_plan(index); }
  [[nodiscard]] bool can_hide() const override { return inner_.can_hide(); }
  [[nodiscard]] std::string basis() const override { return inner_.basis(); }

  // Whether a question was left without an answer.
  [[nodiscard]] bool was_cut_off() const { return cut_off_; }

 private:
  static constexpr std::size_t kChunk = 200;
  bool over();

  WhatIf& inner_;
  const std::function<bool()> is_over_;
  bool cut_off_ = false;
};

}  // namespace planwise
