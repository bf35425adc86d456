// Child processes for tests: run to the end, or start and keep.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <string>
#include <vector>

namespace planwise::test {

enum class RunAs {
  kSelf,
  kPostgres
};  // kPostgres: user `postgres` where we are root (servers refuse root), else ourselves

struct ProcessResult {
  int status = -1;     // exit status; 128 + signal where one ended it
  std::string output;  // standard output and error together
};

// Runs a program to its end. argv[0] is the program's path or is looked up in PATH.
[[nodiscard]] ProcessResult run(const std::vector<std::string>& argv, RunAs run_as = RunAs::kSelf);

// Starts a program with both outputs appended to `log`. It gets `death_signal` when the calling thread dies.
// Throws std::runtime_error if it cannot be started.
[[nodiscard]] pid_t spawn(const std::vector<std::string>& argv, const std::string& log, RunAs run_as,
                          int death_signal = SIGINT);

// The user and group that RunAs::kPostgres means here.
struct Account {
  uid_t user = 0;
  gid_t group = 0;
};
[[nodiscard]] Account postgres_account();

}  // namespace planwise::test
