#include <csignal>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "server/cli/command.h"

namespace {

// Where the password in an argument begins and how long it is; length 0 if it holds none.
std::pair<std::size_t, std::size_t> password_in(std::string_view argument) {
  if (const auto scheme = argument.find("://"); scheme != std::string_view::npos) {
    const auto at = argument.find('@', scheme + 3);
    const auto colon = argument.find(':', scheme + 3);
    if (at != std::string_view::npos && colon < at) {
      return {colon + 1, at - colon - 1};
    }
  }
  if (const auto word = argument.find("password="); word != std::string_view::npos) {
    const auto begin = word + std::strlen("password=");
    const bool is_quoted = argument.substr(begin).starts_with('\'');
    const auto end = argument.find(is_quoted                                                        ? '\''
                                   : argument.substr(0, word).find("://") == std::string_view::npos ? ' '
                                                                                                    : '&',
                                   begin + (is_quoted ? 1 : 0));
    return {begin, std::min(end, argument.size()) - begin};
  }
  return {0, 0};
}

// From here on `ps` shows no password (CONTRACT "Command line").
std::vector<std::string> take_arguments(int count, char** values) {
  std::vector<std::string> arguments;
  for (int i = 1; i < count; ++i) {
    char* const argument = values[i];
    arguments.emplace_back(argument);
    const auto [begin, length] = password_in(arguments.back());
    std::memset(argument + begin, 'x', length);
  }
  return arguments;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return planwise::cli::run(take_arguments(argc, argv));
}
