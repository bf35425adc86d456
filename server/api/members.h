// Reads the JSON object of a request's body, member by member, and lists everything that is wrong with it.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/units.h"
#include "server/api/problem.h"

namespace planwise::api {

class Members {
 public:
  // Parses; whatever is wrong with the text itself is problem() at once (400), a value that is no object 422.
  explicit Members(std::string_view body);
  ~Members();
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  // The value of a member; nullopt where it is absent or wrong. A text is at most `max` bytes and holds no
  // NUL.
  std::optional<std::string> text(std::string_view name, std::size_t max);
  // The same, with null for "none", which gives an empty text.
  std::optional<std::string> text_or_null(std::string_view name, std::size_t max);
  std::optional<bool> flag(std::string_view name);
  std::optional<TimePoint> time(std::string_view name);
  // An object of short texts, at most fifty.
  std::optional<std::map<std::string, std::string>> labels(std::string_view name);
  // An object of numbers, each from `min` to `max` (by name), null for none. Members of other names are
  // wrong.
  struct Range {
    std::string_view name;
    double min = 0;
    double max = 0;
  };
  std::optional<std::map<std::string, double>> numbers(std::string_view name,
                                                       const std::vector<Range>& ranges);

  [[nodiscard]] bool has(std::string_view name) const;
  // Says that a member is wrong.
  void fault(std::string_view name, std::string detail);
  void require(std::string_view name);

  // What is wrong, members that nobody asked for included; nullopt if nothing is. To be called when all were
  // read.
  [[nodiscard]] std::optional<Problem> problem();

 private:
  const nlohmann::json* find(std::string_view name);

  std::unique_ptr<nlohmann::json> object_;
  std::set<std::string, std::less<>> read_;
  std::optional<Problem> problem_;
};

}  // namespace planwise::api
