#include "connectors/view_columns.h"

#include <cctype>

namespace planwise {
namespace {

bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

}  // namespace

std::vector<std::string_view> view_columns_in(std::string_view sql) {
  std::vector<std::string_view> columns;
  for (std::size_t at = sql.find("s."); at != std::string_view::npos; at = sql.find("s.", at + 1)) {
    if (at > 0 && is_word(sql[at - 1])) {
      continue;
    }
    std::size_t end = at + 2;
    while (end < sql.size() && is_word(sql[end])) {
      ++end;
    }
    columns.push_back(sql.substr(at + 2, end - at - 2));
  }
  return columns;
}

}  // namespace planwise
