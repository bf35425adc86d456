#include "analyzer/advise/candidates_merge.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "analyzer/advise/index_keys.h"

namespace planwise {
namespace {

void add_form(std::vector<Candidate>& out, Candidate form) {
  const auto same = [&](const Candidate& other) { return other.def == form.def; };
  if (!form.def.keys.empty() && std::ranges::none_of(out, same)) {
    out.push_back(std::move(form));
  }
}

std::vector<std::string> united(const IndexDef& left, const IndexDef& right, const Keys& keys) {
  std::set<std::string> columns(left.include.begin(), left.include.end());
  columns.insert(right.include.begin(), right.include.end());
  if (!left.include.empty() || !right.include.empty()) {
    for (const Keys* side : {&left.keys, &right.keys}) {
      for (const IndexKey& key : *side) {
        if (!key.is_expression && !has_key(keys, key)) {
          columns.insert(key.expression);
        }
      }
    }
  }
  for (const IndexKey& key : keys) {
    if (!key.is_expression) {
      columns.erase(key.expression);
    }
  }
  return {columns.begin(), columns.end()};
}

}  // namespace

std::vector<Candidate> simpler_forms(const Candidate& candidate) {
  std::vector<Candidate> forms;
  if (!candidate.def.include.empty()) {
    Candidate bare = candidate;
    bare.def.include.clear();
    add_form(forms, std::move(bare));
  }
  for (std::size_t i = candidate.def.keys.size(); i-- > 0 && candidate.def.keys.size() > 1;) {
    Candidate narrower = candidate;
    const IndexKey dropped = narrower.def.keys[i];
    narrower.def.keys.erase(narrower.def.keys.begin() + static_cast<std::ptrdiff_t>(i));
    if (!narrower.def.include.empty() && !dropped.is_expression) {
      narrower.def.include.push_back(dropped.expression);
      std::ranges::sort(narrower.def.include);
    }
    add_form(forms, std::move(narrower));
  }
  return forms;
}

std::vector<Candidate> merged_forms(const Candidate& left, const Candidate& right, int max_width) {
  std::vector<Candidate> forms;
  if (left.def.table != right.def.table || left.def.method != right.def.method) {
    return forms;
  }
  Keys shared_left;
  for (const IndexKey& key : left.def.keys) {
    if (has_key(right.def.keys, key)) {
      shared_left.push_back(key);
    }
  }
  Keys shared_right;
  for (const IndexKey& key : right.def.keys) {
    if (has_key(left.def.keys, key)) {
      shared_right.push_back(key);
    }
  }
  if (shared_left.empty()) {
    return forms;  // nothing in common: one index can hardly do the work of both
  }
  const bool same_predicate = left.def.predicate == right.def.predicate;
  for (const Keys& keys : {joined(left.def.keys, right.def.keys), joined(right.def.keys, left.def.keys),
                           joined(joined(shared_left, left.def.keys), right.def.keys),
                           joined(joined(shared_right, right.def.keys), left.def.keys)}) {
    if (static_cast<int>(keys.size()) > max_width) {
      continue;
    }
    Candidate form = left;
    form.def.keys = keys;
    form.def.include = united(left.def, right.def, keys);
    if (!same_predicate) {
      form.def.predicate.clear();
      form.fraction = 1;
    }
    add_form(forms, std::move(form));
  }
  // One serves as it stands, its payload widened by the other's.
  for (const auto& [kept, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
    Candidate form = *kept;
    form.def.include = united(kept->def, other->def, kept->def.keys);
    if (!same_predicate) {
      form.def.predicate.clear();
      form.fraction = 1;
    }
    if (form.def.include.size() <= kMaxPayloadColumns) {
      add_form(forms, std::move(form));
    }
  }
  return forms;
}

}  // namespace planwise
