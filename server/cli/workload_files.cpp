#include "server/cli/workload_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

#include "analyzer/sql/lexer.h"

namespace planwise::cli {
namespace {

namespace fs = std::filesystem;

Result<std::string> content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    return Error{ErrorCode::kNotFound, fmt::format("{} cannot be read", path.string())};
  }
  return text.str();
}

Result<std::vector<GivenStatement>> read_folder(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (entry.path().extension() == ".sql") {
      files.push_back(entry.path());
    }
  }
  if (failure || files.empty()) {
    return Error{ErrorCode::kNotFound, fmt::format("no *.sql in {}", folder.string())};
  }
  std::ranges::sort(files);
  std::vector<GivenStatement> statements;
  for (const fs::path& file : files) {
    PLANWISE_TRY(const std::string text, content_of(file));
    const std::vector<std::string_view> parts = split_statements(text, Engine::kPostgres);
    if (parts.size() != 1) {
      return Error{ErrorCode::kInvalidArgument, fmt::format("{}: one statement a file is expected, found {}",
                                                            file.string(), parts.size())};
    }
    statements.push_back({file.stem().string(), std::string(parts.front()), 1});
  }
  return statements;
}

Result<void> weigh(std::vector<GivenStatement>& statements, const fs::path& path) {
  PLANWISE_TRY(const std::string text, content_of(path));
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    const auto tab = line.find('\t');
    const std::string name = line.substr(0, tab);
    double calls = -1;
    if (tab != std::string::npos) {
      const char* const end = line.data() + line.size();
      const auto [stop, failure] = std::from_chars(line.data() + tab + 1, end, calls);
      calls = failure == std::errc{} && stop == end ? calls : -1;
    }
    if (calls < 0) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{}:{}: not name<TAB>calls", path.string(), number)};
    }
    const auto at = std::ranges::find(statements, name, &GivenStatement::name);
    if (at == statements.end()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{}:{}: there is no statement '{}'", path.string(), number, name),
                   "names are file names less .sql"};
    }
    at->calls = calls;
  }
  return {};
}

}  // namespace

Result<std::vector<GivenStatement>> read_workload(const fs::path& path, const fs::path& weights) {
  std::vector<GivenStatement> statements;
  if (fs::is_directory(path)) {
    PLANWISE_TRY(statements, read_folder(path));
  } else {
    PLANWISE_TRY(const std::string text, content_of(path));
    for (const std::string_view sql : split_statements(text, Engine::kPostgres)) {
      statements.push_back({std::to_string(statements.size() + 1), std::string(sql), 1});
    }
    if (statements.empty()) {
      return Error{ErrorCode::kInvalidArgument, fmt::format("{} holds no statement", path.string())};
    }
  }
  if (!weights.empty()) {
    PLANWISE_CHECK_OK(weigh(statements, weights));
  }
  return statements;
}

}  // namespace planwise::cli
