#include "server/config_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

#include "server/schedule/cron.h"

namespace planwise {
namespace {

std::string number(const OptionValue& value, std::int64_t least, std::int64_t most, auto store) {
  const std::int64_t given = std::get<std::int64_t>(value);
  if (given < least || given > most) {
    return fmt::format("{} is not from {} to {}", given, least, most);
  }
  store(given);
  return {};
}

std::string number(const OptionValue& value, int least, int most, int& out) {
  return number(value, least, most, [&out](std::int64_t given) { out = static_cast<int>(given); });
}

std::string word(const OptionValue& value, std::span<const std::string_view> words, std::string& out) {
  const auto& given = std::get<std::string>(value);
  if (std::find(words.begin(), words.end(), given) == words.end()) {
    return fmt::format("\"{}\" is none of {}", given, fmt::join(words, ", "));
  }
  out = given;
  return {};
}

// "host:port" or "[v6]:port".
std::string listen(Config& config, const OptionValue& value) {
  const auto& given = std::get<std::string>(value);
  const std::size_t colon = given.rfind(':');
  int port = -1;
  if (colon != std::string::npos && colon > 0) {
    const char* end = given.data() + given.size();
    const auto [rest, failed] = std::from_chars(given.data() + colon + 1, end, port);
    port = failed == std::errc() && rest == end ? port : -1;
  }
  const bool bare_v6 = given.find(':') != colon && !given.starts_with('[');
  if (port < 0 || port > 65535 || bare_v6) {
    return fmt::format("\"{}\" is not HOST:PORT", given);
  }
  config.server.listen = given;
  return {};
}

// "10GB": powers of 1024.
std::string storage_budget(Config& config, const OptionValue& value) {
  const auto& given = std::get<std::string>(value);
  constexpr std::array<std::pair<std::string_view, int>, 6> kUnits{
      {{"B", 0}, {"kB", 10}, {"KB", 10}, {"MB", 20}, {"GB", 30}, {"TB", 40}}};
  std::int64_t count = 0;
  const char* end = given.data() + given.size();
  const auto [rest, failed] = std::from_chars(given.data(), end, count);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  for (const auto& [name, shift] : kUnits) {
    if (failed == std::errc() && unit == name && count > 0 && count <= (std::int64_t{1} << (62 - shift))) {
      config.audit.storage_budget = Bytes{count << shift};
      return {};
    }
  }
  return fmt::format("\"{}\" is no size such as 500MB or 10GB", given);
}

std::string zone(Config& config, const OptionValue& value) {
  const auto& given = std::get<std::string>(value);
  if (const auto cron = Cron::parse("@daily", given); !cron) {
    return fmt::format("\"{}\" is no time zone", given);
  }
  config.schedule.timezone = given;
  return {};
}

constexpr std::array<std::string_view, 5> kLevels{"trace", "debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> kFormats{"text", "json"};
constexpr int kMostDays = 36'500;

// Shorter rows below.
using C = Config;
using V = OptionValue;
constexpr OptionType kText = OptionType::kText;
constexpr OptionType kInteger = OptionType::kInteger;

constexpr std::array kOptions{
    ConfigOption{"server.listen", kText, "\"127.0.0.1:8080\"",
                 "Address and port of the page and the REST interface; port 0 takes a free one. Anything but "
                 "loopback needs "
                 "tokens.",
                 &listen},
    ConfigOption{
        "server.allowed_hosts", OptionType::kList, "[]",
        "Names under which the service may be asked, beside those of `listen`: of a proxy in front of it.",
        [](C& c, const V& v) {
          c.server.allowed_hosts = std::get<std::vector<std::string>>(v);
          return std::string();
        }},
    ConfigOption{"store.uri", kText, "\"sqlite:planwise.db\"", "Where everything is kept.",
                 [](C& c, const V& v) {
                   c.store.uri = std::get<std::string>(v);
                   return c.store.uri.starts_with("sqlite:") ? std::string() : "is not sqlite:FILE";
                 }},
    ConfigOption{"store.raw_days", kInteger, "7",
                 "How long the counters of every audit are kept, in days; then hourly sums.",
                 [](C& c, const V& v) { return number(v, 1, kMostDays, c.store.retention.raw_days); }},
    ConfigOption{"store.hourly_days", kInteger, "90",
                 "How long hourly sums are kept, in days; then daily ones.",
                 [](C& c, const V& v) { return number(v, 1, kMostDays, c.store.retention.hourly_days); }},
    ConfigOption{"store.daily_days", kInteger, "730", "How long daily sums are kept, in days.",
                 [](C& c, const V& v) { return number(v, 1, kMostDays, c.store.retention.daily_days); }},
    ConfigOption{"store.audit_days", kInteger, "90",
                 "How long audits and their reports are kept, in days. The newest of a target always stays.",
                 [](C& c, const V& v) { return number(v, 1, kMostDays, c.store.retention.audit_days); }},
    ConfigOption{"audit.workers", kInteger, "2", "How many targets are audited at the same time.",
                 [](C& c, const V& v) { return number(v, 1, 64, c.audit.workers); }},
    ConfigOption{"audit.budget_seconds", kInteger, "60",
                 "How long one audit may take. At its end it keeps what it has and says what is missing.",
                 [](C& c, const V& v) {
                   return number(v, 1, 86'400,
                                 [&c](std::int64_t n) { c.audit.budget = std::chrono::seconds(n); });
                 }},
    ConfigOption{"audit.statement_timeout_seconds", kInteger, "10",
                 "How long one query of planwise may run on a target.",
                 [](C& c, const V& v) {
                   return number(v, 1, 3'600, [&c](std::int64_t n) {
                     c.audit.statement_timeout = std::chrono::seconds(n);
                   });
                 }},
    ConfigOption{"audit.statement_limit", kInteger, "2000",
                 "How many statements are read, those with most time first.",
                 [](C& c, const V& v) { return number(v, 1, 100'000, c.audit.statement_limit); }},
    ConfigOption{"audit.plan_limit", kInteger, "2000",
                 "How many of those are planned with EXPLAIN; never with ANALYZE.",
                 [](C& c, const V& v) { return number(v, 0, 100'000, c.audit.plan_limit); }},
    ConfigOption{
        "audit.window_days", kInteger, "7",
        "Over how many days a scheduled audit looks at the load, where the readings reach back so far.",
        [](C& c, const V& v) { return number(v, 1, 365, c.audit.window_days); }},
    ConfigOption{"audit.storage_budget", kText, "\"10GB\"",
                 "How large all proposed indexes together may be. Without it: no limit.", &storage_budget},
    ConfigOption{"audit.max_index_width", kInteger, "4", "How many key columns a proposed index may have.",
                 [](C& c, const V& v) { return number(v, 1, 32, c.audit.max_index_width); }},
    ConfigOption{
        "audit.allow_privileged", OptionType::kBoolean, "false",
        "Whether a superuser's login is accepted. EXPLAIN can run functions of strangers with its rights.",
        [](C& c, const V& v) {
          c.audit.allow_privileged = std::get<bool>(v);
          return std::string();
        }},
    ConfigOption{"schedule.timezone", kText, "\"UTC\"",
                 "Of schedules without a CRON_TZ= of their own; an IANA name.", &zone},
    ConfigOption{"log.level", kText, "\"info\"", "trace, debug, info, warn or error.",
                 [](C& c, const V& v) { return word(v, kLevels, c.log.level); }},
    ConfigOption{"log.format", kText, "\"text\"", "text, or json: one object a line.",
                 [](C& c, const V& v) { return word(v, kFormats, c.log.format); }},
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    item = item.substr(0, item.find_last_not_of(' ') + 1);
    if (!item.empty()) {
      items.emplace_back(item);
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::span<const ConfigOption> config_options() {
  return kOptions;
}

const ConfigOption* find_option(std::string_view key) {
  const auto* found = std::find_if(kOptions.begin(), kOptions.end(),
                                   [key](const ConfigOption& one) { return one.key == key; });
  return found == kOptions.end() ? nullptr : found;
}

std::string environment_name(std::string_view key) {
  std::string name = "PLANWISE_";
  for (const char letter : key) {
    const bool lower = letter >= 'a' && letter <= 'z';
    const bool kept = (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    name += lower ? static_cast<char>(letter - 'a' + 'A') : kept ? letter : '_';
  }
  return name;
}

Result<OptionValue> parse_option(OptionType type, std::string_view text) {
  const Error wrong{ErrorCode::kInvalidArgument, fmt::format("is not {}", expected(type))};
  switch (type) {
    case OptionType::kText: return OptionValue(std::string(text));
    case OptionType::kList: return OptionValue(split(text));
    case OptionType::kBoolean:
      if (text == "true" || text == "false") {
        return OptionValue(text == "true");
      }
      return wrong;
    case OptionType::kInteger: break;
  }
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) {
    return wrong;
  }
  return OptionValue(value);
}

std::string_view expected(OptionType type) {
  switch (type) {
    case OptionType::kText: return "text";
    case OptionType::kInteger: return "a whole number";
    case OptionType::kBoolean: return "true or false";
    case OptionType::kList: return "a list of texts";
  }
  return "text";
}

std::string_view closest(std::string_view word, std::span<const std::string_view> words) {
  std::string_view best;
  std::size_t least = 3;  // more changes than two are another word
  for (const std::string_view candidate : words) {
    if (const std::size_t changes = distance(word, candidate); changes < least) {
      least = changes;
      best = candidate;
    }
  }
  return best;
}

}  // namespace planwise
