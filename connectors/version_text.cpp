#include "connectors/version_text.h"

#include <charconv>

namespace planwise {

Version parse_version(std::string_view text) {
  Version version;
  for (int* part : {&version.major, &version.minor, &version.patch}) {
    const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), *part);
    if (failure != std::errc{}) {
      break;
    }
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (!text.starts_with('.')) {
      break;
    }
    text.remove_prefix(1);
  }
  return version;
}

}  // namespace planwise
