#include "connectors/postgres/rows.h"

namespace planwise::pg {

std::optional<std::vector<std::string>> array_of(const Row& row, std::string_view column) {
  const auto text = row.text(column);
  return text ? parse_array(*text) : std::nullopt;
}

std::optional<std::vector<std::string>> parse_array(std::string_view text) {
  // A lower bound other than 1 is printed first: "[0:2]={...}".
  if (text.starts_with('[')) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(equals + 1);
  }
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') {
    return std::nullopt;
  }
  text = text.substr(1, text.size() - 2);
  std::vector<std::string> elements;
  std::size_t at = 0;
  while (at < text.size()) {
    std::string element;
    const bool is_quoted = text[at] == '"';
    if (is_quoted) {
      ++at;
      while (at < text.size() && text[at] != '"') {
        if (text[at] == '\\' && at + 1 < text.size()) {
          ++at;
        }
        element += text[at++];
      }
      if (at == text.size()) {
        return std::nullopt;
      }
      ++at;
    } else {
      while (at < text.size() && text[at] != ',') {
        if (text[at] == '{' || text[at] == '}') {  // more than one dimension
          return std::nullopt;
        }
        element += text[at++];
      }
    }
    if (at < text.size() && text[at++] != ',') {
      return std::nullopt;
    }
    if (is_quoted || element != "NULL") {
      elements.push_back(std::move(element));
    }
  }
  return elements;
}

std::string array_text(std::span<const std::string> elements) {
  std::string text = "{";
  for (const std::string& element : elements) {
    text += text.size() > 1 ? ",\"" : "\"";
    for (const char c : element) {
      if (c == '"' || c == '\\') {
        text += '\\';
      }
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

}  // namespace planwise::pg
