#include "tests/support/process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace planwise::test {
namespace {

// In the child: only async-signal-safe calls between fork and exec.
[[noreturn]] void execute(const std::vector<char*>& argv, int output, RunAs run_as, const Account& account,
                          int death_signal) {
  if (run_as == RunAs::kPostgres && geteuid() == 0 &&
      (setgroups(0, nullptr) != 0 || setgid(account.group) != 0 || setuid(account.user) != 0)) {
    _exit(126);
  }
  if (death_signal != 0) {
    prctl(PR_SET_PDEATHSIG, death_signal);  // after setuid, which clears it
  }
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (const int input = open("/dev/null", O_RDONLY); input >= 0) {
    dup2(input, STDIN_FILENO);
  }
  if (chdir("/") != 0) {  // the current directory may be closed to that user
    _exit(126);
  }
  execvp(argv[0], argv.data());
  _exit(127);
}

pid_t start(const std::vector<std::string>& arguments, int output, RunAs run_as, int death_signal) {
  const Account account = postgres_account();
  std::vector<std::string> copies = arguments;
  std::vector<char*> argv;
  argv.reserve(copies.size() + 1);
  for (std::string& argument : copies) {
    argv.push_back(argument.data());
  }
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    execute(argv, output, run_as, account, death_signal);
  }
  if (child < 0) {
    throw std::runtime_error("fork: " + std::string(std::strerror(errno)));
  }
  return child;
}

}  // namespace

Account postgres_account() {
  if (geteuid() != 0) {
    return {geteuid(), getegid()};
  }
  const passwd* const entry = getpwnam("postgres");
  if (entry == nullptr) {
    throw std::runtime_error("there is no user postgres to run a server as: install postgresql-15");
  }
  return {entry->pw_uid, entry->pw_gid};
}

ProcessResult run(const std::vector<std::string>& argv, RunAs run_as) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe: " + std::string(std::strerror(errno)));
  }
  const pid_t child = start(argv, pipe_ends[1], run_as, 0);
  close(pipe_ends[1]);
  ProcessResult result;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = read(pipe_ends[0], buffer.data(), buffer.size());
    if (got > 0) {
      result.output.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      break;
    }
  }
  close(pipe_ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

pid_t spawn(const std::vector<std::string>& argv, const std::string& log, RunAs run_as, int death_signal) {
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (output < 0) {
    throw std::runtime_error(log + ": " + std::strerror(errno));
  }
  const pid_t child = start(argv, output, run_as, death_signal);
  close(output);
  return child;
}

}  // namespace planwise::test
