#include "server/api/router.h"

#include <cstdlib>

namespace planwise::api {
namespace {

std::size_t index_of(Method method) {
  return static_cast<std::size_t>(method);
}

}  // namespace

Router::Router(std::span<const Route> routes) {
  for (const Route& route : routes) {
    add(route);
  }
}

void Router::add(const Route& route) {
  Node* node = &root_;
  std::string_view rest = route.path.substr(1);
  while (!rest.empty()) {
    const auto end = rest.find('/');
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    std::unique_ptr<Node>& next =
        segment.starts_with('{') ? node->parameter : node->literals[std::string(segment)];
    if (!next) {
      next = std::make_unique<Node>();
    }
    node = next.get();
  }
  const Route*& place = node->routes.at(index_of(route.method));
  if (place != nullptr) {
    std::abort();
  }
  place = &route;
}

const Router::Node* Router::walk(const Node& node, std::span<const std::string> segments,
                                 std::vector<std::string>& captures) {
  if (segments.empty()) {
    return &node;
  }
  if (const auto at = node.literals.find(segments.front()); at != node.literals.end()) {
    if (const Node* const found = walk(*at->second, segments.subspan(1), captures)) {
      return found;
    }
  }
  if (node.parameter) {
    captures.push_back(segments.front());
    if (const Node* const found = walk(*node.parameter, segments.subspan(1), captures)) {
      return found;
    }
    captures.pop_back();
  }
  return nullptr;
}

Router::Match Router::find(Method method, std::span<const std::string> segments) const {
  Match match;
  const Node* const node = walk(root_, segments, match.captures);
  if (node == nullptr) {
    return match;
  }
  for (std::size_t i = 0; i < node->routes.size(); ++i) {
    if (node->routes.at(i) != nullptr) {
      match.allow.push_back(to_string(static_cast<Method>(i)));
      if (static_cast<Method>(i) == Method::kGet) {
        match.allow.push_back(to_string(Method::kHead));
      }
    }
  }
  match.route = node->routes.at(index_of(method == Method::kHead ? Method::kGet : method));
  return match;
}

}  // namespace planwise::api
