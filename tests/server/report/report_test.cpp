#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "server/report/format.h"
#include "server/report/json.h"
#include "tests/support/golden.h"
#include "tests/support/json_schema.h"
#include "tests/support/sample_report.h"

namespace planwise {
namespace {

class EveryFormat : public testing::TestWithParam<Format> {};

TEST_P(EveryFormat, PrintsTheSampleReport) {
  const std::string text = render(test::sample_report(), GetParam());
  test::expect_golden("tests/server/report/golden/report." + std::string(to_string(GetParam())), text);
}

INSTANTIATE_TEST_SUITE_P(Report, EveryFormat,
                         testing::Values(Format::kText, Format::kJson, Format::kMarkdown, Format::kHtml,
                                         Format::kSarif, Format::kSql),
                         [](const auto& param_info) { return std::string(to_string(param_info.param)); });

TEST(Report, WhatIsStoredCanBePrintedAgain) {
  const std::string json = report_json(test::sample_report());
  const auto read = parse_report(json);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(report_json(*read), json);
  for (const Format format :
       {Format::kText, Format::kMarkdown, Format::kHtml, Format::kSarif, Format::kSql}) {
    EXPECT_EQ(render(*read, format), render(test::sample_report(), format)) << to_string(format);
  }
}

TEST(Report, JsonHoldsToItsSchema) {
  const std::string schema = test::file_text("server/report/report.schema.json");
  std::string json = report_json(test::sample_report());
  EXPECT_THAT(test::schema_violations(schema, "", json), testing::IsEmpty());
  json.replace(json.find("\"confirmed\""), 11, "\"certain\"");
  EXPECT_THAT(test::schema_violations(schema, "", json), testing::SizeIs(1));
}

TEST(Report, WhatIsNoReportIsToldByField) {
  EXPECT_EQ(parse_report("[]").error().code, ErrorCode::kMalformed);
  EXPECT_EQ(parse_report("{").error().code, ErrorCode::kMalformed);
  std::string json = report_json(test::sample_report());
  json.replace(json.find("\"warning\""), 9, "\"blocker\"");
  EXPECT_EQ(parse_report(json).error().message, "not a planwise report: unexpected severity 'blocker'");
}

TEST(Report, TerminalsGetNoControlCharacterOfTheTarget) {
  const std::string text = render(test::sample_report(), Format::kText, {.colour = false, .width = 80});
  EXPECT_EQ(std::ranges::count(text, '\x1B'), 0);
  EXPECT_NE(render(test::sample_report(), Format::kText, {.colour = true, .width = 80}).find("\x1B[1m"),
            std::string::npos);
}

TEST(Report, HtmlShowsNamesAsText) {
  const std::string html = render(test::sample_report(), Format::kHtml);
  EXPECT_EQ(html.find("<script>"), std::string::npos);
  EXPECT_EQ(html.find("<b>items"), std::string::npos);
}

TEST(Report, SqlCommentsEndWithTheirLine) {
  const std::string sql = render(test::sample_report(), Format::kSql);
  EXPECT_EQ(sql.find("DROP"), std::string::npos);  // undo is no part of what to run
  std::size_t statements = 0;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t end = sql.find('\n', at);
    const std::string line = sql.substr(at, end - at);
    statements += line.ends_with(';') ? 1 : 0;
    EXPECT_TRUE(line.empty() || line.starts_with("-- ") || line.ends_with(';')) << line;
    at = end + 1;
  }
  EXPECT_EQ(statements, 1);
}

TEST(Report, AnExplainedDocumentHasNoWindow) {
  AuditReport report = test::sample_report();
  report.has_load = false;
  const std::string json = report_json(report);
  EXPECT_NE(json.find(R"("window":null,"load":null)"), std::string::npos);
  EXPECT_EQ(report_json(*parse_report(json)), json);
}

}  // namespace
}  // namespace planwise
