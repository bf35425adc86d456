#include "server/report/format.h"

#include <array>

#include "server/report/json.h"

namespace planwise {
namespace {

struct FormatNames {
  std::string_view word;
  std::string_view media_type;
};

constexpr std::array<FormatNames, 6> kFormats{{{"text", "text/plain; charset=utf-8"},
                                               {"json", "application/json"},
                                               {"markdown", "text/markdown; charset=utf-8"},
                                               {"html", "text/html; charset=utf-8"},
                                               {"sarif", "application/sarif+json"},
                                               {"sql", "application/sql; charset=utf-8"}}};

}  // namespace

std::optional<Format> parse_format(std::string_view word) noexcept {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (kFormats.at(i).word == word) {
      return static_cast<Format>(i);
    }
  }
  return std::nullopt;
}

std::string_view to_string(Format format) noexcept {
  return kFormats.at(static_cast<std::size_t>(format)).word;
}

std::string_view media_type(Format format) noexcept {
  return kFormats.at(static_cast<std::size_t>(format)).media_type;
}

std::string render(const AuditReport& report, Format format, const TextStyle& style) {
  switch (format) {
    case Format::kText: return report_text(report, style);
    case Format::kJson: return report_json(report);
    case Format::kMarkdown: return report_markdown(report);
    case Format::kHtml: return report_html(report);
    case Format::kSarif: return report_sarif(report);
    case Format::kSql: return report_sql(report);
  }
  return report_json(report);
}

}  // namespace planwise
