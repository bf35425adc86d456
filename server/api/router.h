// Finds the route of a path. Thread-compatible.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/route.h"

namespace planwise::api {

// A tree with one level a path segment; a literal segment is preferred to a parameter. Cost: the length of
// the path.
class Router {
 public:
  // `routes` must outlive the router. Two routes with the same method and path are a defect and abort.
  explicit Router(std::span<const Route> routes);

  struct Match {
    const Route* route = nullptr;           // nullptr: no such path, or not with this method
    std::vector<std::string> captures{};    // values of the path parameters, in order
    std::vector<std::string_view> allow{};  // the methods that the path has; empty: no such path
  };

  // HEAD finds the route of GET.
  [[nodiscard]] Match find(Method method, std::span<const std::string> segments) const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::array<const Route*, 7> routes{};  // by Method
  };

  void add(const Route& route);
  static const Node* walk(const Node& node, std::span<const std::string> segments,
                          std::vector<std::string>& captures);

  Node root_;
};

}  // namespace planwise::api
