// A request that has found its route, with its parameters checked. Thread-compatible.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analyzer/base/units.h"
#include "server/api/exchange.h"
#include "server/api/problem.h"
#include "server/api/request_target.h"
#include "server/api/route.h"

namespace planwise::api {

class Call {
 public:
  // Checks the values against the route's parameters. A path parameter that cannot be one is 404: nothing has
  // that name. An unknown query parameter, or one with a value that its type does not take, is 400 with all
  // of them listed.
  [[nodiscard]] static std::variant<Call, Problem> check(const Route& route,
                                                         const std::vector<std::string>& captures,
                                                         const RequestTarget& target,
                                                         const Exchange& exchange);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& body() const { return exchange_->body; }
  [[nodiscard]] std::string_view field(std::string_view name) const { return exchange_->head.field(name); }

  // A parameter's value; empty (nullopt, `otherwise`) where it was not given. A name that the route does not
  // declare is a defect and aborts.
  [[nodiscard]] const std::string& text(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return !text(name).empty(); }
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t otherwise = 0) const;
  [[nodiscard]] bool flag(std::string_view name) const { return text(name) == "true"; }
  [[nodiscard]] std::vector<std::string> words(std::string_view name) const;
  [[nodiscard]] std::optional<TimePoint> time(std::string_view name) const;
  [[nodiscard]] std::uint64_t hex(std::string_view name) const;

 private:
  Call(const Exchange& exchange, std::string path) : exchange_(&exchange), path_(std::move(path)) {}

  const Exchange* exchange_;
  std::string path_;
  std::map<std::string, std::string, std::less<>> values_;  // every declared parameter
};

// RFC 3339 with any offset and fractions of a second, for parameters and bodies; nullopt for anything else.
[[nodiscard]] std::optional<TimePoint> parse_rfc3339(std::string_view text);

// What is wrong with a parameter's value; empty if nothing is.
[[nodiscard]] std::string fault_of(const Parameter& parameter, std::string_view value);

}  // namespace planwise::api
