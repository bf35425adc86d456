#include "server/api/members.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "server/api/call.h"

namespace planwise::api {
namespace {

constexpr int kMaxDepth = 16;  // of our bodies none needs more than three
constexpr std::size_t kMaxLabels = 50;
constexpr std::size_t kMaxLabelBytes = 200;

using Json = nlohmann::json;

// nullptr where the text is no JSON, nests too deep or names a member twice.
std::unique_ptr<Json> parse(std::string_view body) {
  bool bad = false;
  std::vector<std::set<std::string>> names;
  const auto callback = [&](int depth, Json::parse_event_t event, Json& parsed) {
    bad = bad || depth > kMaxDepth;
    if (event == Json::parse_event_t::object_start) {
      names.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      names.pop_back();
    } else if (event == Json::parse_event_t::key) {
      bad = bad || !names.back().insert(parsed.get<std::string>()).second;
    }
    return !bad;
  };
  auto json = std::make_unique<Json>(Json::parse(body.begin(), body.end(), callback, false));
  return bad || json->is_discarded() ? nullptr : std::move(json);
}

bool is_text(const Json& value, std::size_t max) {
  return value.is_string() && value.get_ref<const std::string&>().size() <= max &&
         value.get_ref<const std::string&>().find('\0') == std::string::npos;
}

}  // namespace

Members::Members(std::string_view body) : object_(parse(body)) {
  if (!object_) {
    problem_ =
        Problem{.status = 400, .detail = "the body is no valid JSON, nests too deep or names a member twice"};
    object_ = std::make_unique<Json>(Json::object());
  } else if (!object_->is_object()) {
    problem_ = Problem{.status = 422, .detail = "the body must be a JSON object"};
    *object_ = Json::object();
  }
}

Members::~Members() = default;

const Json* Members::find(std::string_view name) {
  read_.emplace(name);
  const auto at = object_->find(name);
  return at == object_->end() ? nullptr : &*at;
}

bool Members::has(std::string_view name) const {
  return object_->contains(name);
}

void Members::fault(std::string_view name, std::string detail) {
  if (!problem_) {
    problem_ = Problem{.status = 422, .detail = "the body's content is not as it should be"};
  }
  problem_->errors.push_back({"/" + std::string(name), std::move(detail)});
}

void Members::require(std::string_view name) {
  if (!has(name)) {
    fault(name, "is required");
  }
}

std::optional<std::string> Members::text(std::string_view name, std::size_t max) {
  const Json* const value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!is_text(*value, max)) {
    fault(name, fmt::format("must be a text of at most {} bytes", max));
    return std::nullopt;
  }
  return value->get<std::string>();
}

std::optional<std::string> Members::text_or_null(std::string_view name, std::size_t max) {
  const Json* const value = find(name);
  return value != nullptr && value->is_null() ? std::optional(std::string()) : text(name, max);
}

std::optional<bool> Members::flag(std::string_view name) {
  const Json* const value = find(name);
  if (value != nullptr && !value->is_boolean()) {
    fault(name, "must be true or false");
  }
  return value != nullptr && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
}

std::optional<TimePoint> Members::time(std::string_view name) {
  const Json* const value = find(name);
  if (value == nullptr || value->is_null()) {
    return std::nullopt;
  }
  auto time = value->is_string() ? parse_rfc3339(value->get_ref<const std::string&>()) : std::nullopt;
  if (!time) {
    fault(name, "must be a time as in RFC 3339, for example 2026-01-31T12:00:00Z");
  }
  return time;
}

std::optional<std::map<std::string, std::string>> Members::labels(std::string_view name) {
  const Json* const value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  const bool fits = value->is_object() && value->size() <= kMaxLabels &&
                    std::all_of(value->begin(), value->end(),
                                [](const Json& text) { return is_text(text, kMaxLabelBytes); });
  std::map<std::string, std::string> labels;
  if (fits) {
    for (const auto& [key, text] : value->items()) {
      labels.emplace(key, text.get<std::string>());
    }
  }
  const bool named = std::all_of(labels.begin(), labels.end(), [](const auto& label) {
    return !label.first.empty() && is_text(Json(label.first), kMaxLabelBytes);
  });
  if (!fits || !named) {
    fault(name, fmt::format("must be an object of at most {} texts of at most {} bytes", kMaxLabels,
                            kMaxLabelBytes));
    return std::nullopt;
  }
  return labels;
}

std::optional<std::map<std::string, double>> Members::numbers(std::string_view name,
                                                              const std::vector<Range>& ranges) {
  const Json* const value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  std::map<std::string, double> numbers;
  if (!value->is_object() && !value->is_null()) {
    fault(name, "must be an object");
    return std::nullopt;
  }
  for (const auto& [key, number] : value->items()) {
    const auto range = std::find_if(ranges.begin(), ranges.end(),
                                    [&key = key](const Range& known) { return known.name == key; });
    const std::string place = std::string(name) + "/" + key;
    if (range == ranges.end()) {
      fault(place, "is not known");
    } else if (!number.is_null() && (!number.is_number() || number.get<double>() < range->min ||
                                     number.get<double>() > range->max)) {
      fault(place, fmt::format("must be a number from {} to {}", range->min, range->max));
    } else if (!number.is_null()) {
      numbers.emplace(key, number.get<double>());
    }
  }
  return numbers;
}

std::optional<Problem> Members::problem() {
  for (const auto& [name, value] : object_->items()) {
    if (!read_.contains(name)) {
      fault(name, "is not known");
    }
  }
  return problem_;
}

}  // namespace planwise::api
