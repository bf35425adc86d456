#include "tests/server/store/contract.h"

namespace planwise::test {
namespace {

// Every implementation there is.
std::vector<Implementation> implementations() {
  return {{"SQLite", [](const TempFolder& folder, const Clock& clock) {
             return open_store("sqlite:" + folder.file("planwise.db"), clock);
           }}};
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, testing::ValuesIn(implementations()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace planwise::test
