#include "connectors/mysql/option_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace planwise::mysql {
namespace {

constexpr int kDeepest = 10;
constexpr std::size_t kMostFiles = 200;  // of one !includedir
constexpr std::uintmax_t kLargest = 1 << 20;

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char letter) { return std::isspace(static_cast<unsigned char>(letter)) != 0; };
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

// Between quotes everything stands for itself but escapes; without quotes a '#' after a blank begins a
// comment.
std::string value_of(std::string_view text) {
  text = trimmed(text);
  const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'');
  if (is_quoted) {
    const std::size_t end = text.find_last_of(text.front());
    text = text.substr(1, end == 0 ? std::string_view::npos : end - 1);
  } else if (const std::size_t comment = text.find(" #"); comment != std::string_view::npos) {
    text = trimmed(text.substr(0, comment));
  }
  static constexpr std::string_view kEscapes = "btnrs\\\"'";
  static constexpr std::string_view kMeanings = "\b\t\n\r \\\"'";
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t escape =
        text[i] == '\\' && i + 1 < text.size() ? kEscapes.find(text[i + 1]) : std::string_view::npos;
    value += escape == std::string_view::npos ? text[i] : kMeanings[escape];
    i += escape == std::string_view::npos ? 0 : 1;
  }
  return value;
}

std::string name_of(std::string_view text) {
  std::string name(trimmed(text));
  std::ranges::replace(name, '_', '-');
  static constexpr std::string_view kLoose = "loose-";
  return name.starts_with(kLoose) ? name.substr(kLoose.size()) : name;
}

class Reader {
 public:
  Reader(const std::vector<std::string>& groups, Options& options) : groups_(groups), options_(options) {}

  Result<void> read(const std::string& path, int depth) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & S_IWOTH) != 0) {
      return {};
    }
    if (depth > kDeepest || static_cast<std::uintmax_t>(status.st_size) > kLargest) {
      return Error{ErrorCode::kInvalidArgument,
                   path + ": option files include each other, or one is too large"};
    }
    std::ifstream file(path);
    std::string line;
    bool wanted = false;
    for (int number = 1; std::getline(file, line); ++number) {
      const std::string_view text = trimmed(line);
      if (text.empty() || text.front() == '#' || text.front() == ';') {
        continue;
      }
      if (text.front() == '[') {
        wanted = std::ranges::find(groups_, trimmed(text.substr(1, text.find(']') - 1))) != groups_.end();
      } else if (text.front() == '!') {
        PLANWISE_CHECK_OK(include(text, depth));
      } else if (wanted) {
        PLANWISE_CHECK_OK(option(text, path, number));
      }
    }
    return {};
  }

 private:
  Result<void> include(std::string_view text, int depth) {
    static constexpr std::string_view kFile = "!include ";
    static constexpr std::string_view kFolder = "!includedir ";
    if (text.starts_with(kFile)) {
      return read(std::string(trimmed(text.substr(kFile.size()))), depth + 1);
    }
    if (!text.starts_with(kFolder)) {
      return {};
    }
    std::vector<std::string> files;
    std::error_code absent;
    for (std::filesystem::directory_iterator at(std::string(trimmed(text.substr(kFolder.size()))), absent),
         end;
         !absent && at != end && files.size() < kMostFiles; at.increment(absent)) {
      if (at->path().extension() == ".cnf") {
        files.push_back(at->path().string());
      }
    }
    std::ranges::sort(files);
    for (const std::string& file : files) {
      PLANWISE_CHECK_OK(read(file, depth + 1));
    }
    return {};
  }

  Result<void> option(std::string_view text, const std::string& path, int number) {
    const std::size_t equals = text.find('=');
    const std::string name = name_of(text.substr(0, equals));
    if (name.empty() || name.find_first_of(" \t[]") != std::string::npos) {
      return Error{ErrorCode::kInvalidArgument, fmt::format("{}:{}: is no option", path, number),
                   "write name=value, in a [group]"};
    }
    options_[name] = equals == std::string_view::npos ? std::string() : value_of(text.substr(equals + 1));
    return {};
  }

  const std::vector<std::string>& groups_;
  Options& options_;
};

}  // namespace

Result<void> read_option_file(const std::string& path, const std::vector<std::string>& groups,
                              Options& options) {
  return Reader(groups, options).read(path, 0);
}

}  // namespace planwise::mysql
