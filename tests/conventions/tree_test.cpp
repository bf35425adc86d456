// The tree keeps its own promises (CONTRIBUTING.md): layers, file sizes, what must not be used where.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/read_file.h"

namespace planwise {
namespace {

namespace fs = std::filesystem;

struct SourceFile {
  std::string path;  // from the root of the project
  std::string text;
};

// Every file of these kinds below the folders; what npm and the build make is left out.
std::vector<SourceFile> files(const std::vector<std::string>& folders,
                              const std::set<std::string>& extensions) {
  const fs::path root = PLANWISE_SOURCE_DIR;
  std::vector<SourceFile> found;
  for (const std::string& folder : folders) {
    for (auto at = fs::recursive_directory_iterator(root / folder); at != fs::end(at); ++at) {
      const std::string name = at->path().filename().string();
      if (at->is_directory() && (name == "node_modules" || name == "dist")) {
        at.disable_recursion_pending();
      } else if (at->is_regular_file() && extensions.contains(at->path().extension().string())) {
        found.push_back({fs::relative(at->path(), root).string(), test::read_file(at->path())});
      }
    }
  }
  return found;
}

const std::set<std::string> kCpp{".h", ".cpp"};

TEST(Tree, EachFolderIncludesOnlyWhatLiesBelow) {
  const std::map<std::string, std::set<std::string>> allowed{
      {"analyzer", {"analyzer"}},
      {"connectors", {"analyzer", "connectors"}},
      {"rules", {"analyzer", "rules"}},
      {"server", {"analyzer", "connectors", "rules", "server"}},
  };
  const RE2 include(R"re(#include "([a-z]+)/)re");
  int seen = 0;
  for (const auto& [folder, may] : allowed) {
    for (const SourceFile& file : files({folder}, kCpp)) {
      re2::StringPiece rest(file.text);
      for (std::string first; RE2::FindAndConsume(&rest, include, &first); ++seen) {
        EXPECT_TRUE(may.contains(first)) << file.path << " includes " << first;
      }
    }
  }
  EXPECT_GT(seen, 100);
}

TEST(Tree, EnginesDoNotIncludeEachOther) {
  const RE2 include(R"re(#include "connectors/([a-z]+)/)re");
  for (const std::string& engine : {std::string("mysql"), std::string("postgres")}) {
    for (const SourceFile& file : files({"connectors/" + engine}, kCpp)) {
      re2::StringPiece rest(file.text);
      for (std::string other; RE2::FindAndConsume(&rest, include, &other);) {
        EXPECT_EQ(other, engine) << file.path;
      }
    }
  }
}

TEST(Tree, FilesHaveOneSubjectAndLessThan400Lines) {
  for (const SourceFile& file :
       files({"analyzer", "connectors", "rules", "server", "web/src", "tests", "bench"},
             {".h", ".cpp", ".ts", ".tsx", ".css", ".mjs"})) {
    EXPECT_LE(std::ranges::count(file.text, '\n'), 400) << file.path;
  }
}

TEST(Tree, CppSourcesAvoidWhatTheProjectRulesOut) {
  struct Ban {
    std::set<std::string> folders;  // top folders it holds for
    std::string pattern;
    std::string why;
  };
  const std::set<std::string> everywhere{"analyzer", "connectors", "rules", "server"};
  const std::vector<Ban> bans{
      {everywhere, R"(#include <regex>)", "recurses on hostile input: RE2"},
      {everywhere, R"(std::views::|views::)", "clang-tidy 14 cannot read it"},
      {{"analyzer", "connectors", "rules"}, R"(std::c(out|err)|printf\()", "the core returns values"},
      {{"analyzer", "rules"}, R"(system_clock::now|steady_clock::now)", "time is an argument"},
      {everywhere, R"(version(\(\))?\s*>=)", "behaviour by version is a named gate"},
      {everywhere, R"(\bPQexec\()", "the simple protocol runs several statements"},
  };
  // The two that may: the clock itself.
  const std::set<std::string> exempt{"analyzer/base/clock.h"};
  for (const Ban& ban : bans) {
    const RE2 pattern(ban.pattern);
    for (const std::string& folder : ban.folders) {
      for (const SourceFile& file : files({folder}, kCpp)) {
        EXPECT_TRUE(exempt.contains(file.path) || !RE2::PartialMatch(file.text, pattern))
            << file.path << " has " << ban.pattern << ": " << ban.why;
      }
    }
  }
}

TEST(Tree, HeadersDoNotPullInTheJsonLibrary) {
  for (const SourceFile& file :
       files({"analyzer", "connectors", "rules", "server", "tests/support"}, {".h"})) {
    EXPECT_EQ(file.text.find("<nlohmann/json.hpp>"), std::string::npos) << file.path << ": take json_fwd.hpp";
  }
}

TEST(Tree, EveryTestFileIsBuiltAndAsserts) {
  std::string lists;
  for (const SourceFile& file : files({"tests"}, {".txt"})) {
    lists += file.text;
  }
  const RE2 assertion(R"((EXPECT|ASSERT|RC_ASSERT|ADD_FAILURE|RC_GTEST|INSTANTIATE_TEST_SUITE)[A-Z_]*)");
  int seen = 0;
  for (const SourceFile& file : files({"tests"}, {".cpp"})) {
    if (!file.path.ends_with("_test.cpp")) {
      continue;
    }
    ++seen;
    EXPECT_NE(lists.find(fs::path(file.path).filename().string()), std::string::npos)
        << file.path << " is not built";
    EXPECT_TRUE(RE2::PartialMatch(file.text, assertion)) << file.path << " asserts nothing";
  }
  EXPECT_GT(seen, 10);
}

TEST(Tree, NoTestIsSwitchedOff) {
  const RE2 off(R"(\bDISABLED_|(?m)^\s*//\s*TEST)");
  for (const SourceFile& file : files({"tests"}, {".cpp"})) {
    EXPECT_TRUE(file.path == "tests/conventions/tree_test.cpp" || !RE2::PartialMatch(file.text, off))
        << file.path;
  }
}

// A path in backticks in these documents names something that exists.
TEST(Documents, PathsInBackticksExist) {
  const fs::path root = PLANWISE_SOURCE_DIR;
  const RE2 path(R"(`((?:analyzer|connectors|rules|server|web|tests|bench|cmake|\.ci)/[A-Za-z0-9_./-]*)`)");
  int seen = 0;
  for (const std::string document : {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"}) {
    const std::string text = test::read_file(root / document);
    EXPECT_FALSE(text.empty()) << document;
    re2::StringPiece rest(text);
    for (std::string name; RE2::FindAndConsume(&rest, path, &name); ++seen) {
      EXPECT_TRUE(fs::exists(root / name)) << document << " names " << name;
    }
  }
  EXPECT_GT(seen, 10);
}

}  // namespace
}  // namespace planwise
