// A report in the form its reader wants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/audit.h"

namespace planwise {

enum class Format : std::uint8_t { kText, kJson, kMarkdown, kHtml, kSarif, kSql };

[[nodiscard]] std::optional<Format> parse_format(std::string_view word) noexcept;
[[nodiscard]] std::string_view to_string(Format format) noexcept;
[[nodiscard]] std::string_view media_type(Format format) noexcept;  // "application/sarif+json", ...

struct TextStyle {
  bool colour = false;
  std::size_t width = 100;  // columns; long statements are shortened to it
  bool choices = false;     // also what the index advisor tried for each statement
};

// Every result is valid UTF-8 and ends in a newline.
[[nodiscard]] std::string render(const AuditReport& report, Format format, const TextStyle& style = {});

// What render() dispatches to.
[[nodiscard]] std::string report_text(const AuditReport& report, const TextStyle& style);
[[nodiscard]] std::string report_markdown(const AuditReport& report);
[[nodiscard]] std::string report_html(
    const AuditReport& report);  // one file, no script, no request to anywhere
[[nodiscard]] std::string report_sarif(const AuditReport& report);
// Just the statements to run, each after a comment with its rank, rule and gain; valid input for psql or
// mysql.
[[nodiscard]] std::string report_sql(const AuditReport& report);

}  // namespace planwise
