#include "server/api/assets.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace planwise::api {
namespace {

constexpr std::string_view kIndex = "/index.html";
// No inline code, no foreign origin, and no text that becomes markup but through a policy (Trusted Types).
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const Asset* find(std::span<const Asset> assets, std::string_view path) {
  for (const Asset& asset : assets) {
    if (asset.path == path) {
      return &asset;
    }
  }
  return nullptr;
}

// Whether Accept-Encoding lists the coding with a quality above zero. Source: RFC 9110, 12.5.3.
bool accepts(std::string_view field, std::string_view coding) {
  while (!field.empty()) {
    const auto comma = field.find(',');
    std::string_view item = field.substr(0, comma);
    field.remove_prefix(comma == std::string_view::npos ? field.size() : comma + 1);
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    const auto semicolon = item.find(';');
    const auto quality = semicolon == std::string_view::npos ? semicolon : item.find("q=", semicolon);
    std::string_view name = item.substr(0, semicolon);
    name = name.substr(0, name.find_last_not_of(' ') + 1);
    if (name == coding) {
      return quality == std::string_view::npos ||
             std::strtod(std::string(item.substr(quality + 2)).c_str(), nullptr) > 0;
    }
  }
  return false;
}

Reply reply_with(const Asset& asset, const Exchange& exchange) {
  const std::string_view codings = exchange.head.field("accept-encoding");
  const bool brotli = !asset.brotli.empty() && accepts(codings, "br");
  const bool gzip = !brotli && !asset.gzip.empty() && accepts(codings, "gzip");
  const std::string_view coding = brotli ? "br" : gzip ? "gzip" : "";
  // Each coding is a text of its own, so each has its own tag.
  const std::string tag =
      '"' + std::string(asset.hash) + (coding.empty() ? "" : "-") + std::string(coding) + '"';
  const bool immutable = asset.path.starts_with("/assets/");
  Reply reply{.content_type = std::string(asset.content_type),
              .headers = {{"ETag", tag},
                          {"Vary", "Accept-Encoding"},
                          {"Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache"},
                          {"Content-Security-Policy", std::string(kPolicy)}}};
  if (exchange.head.field("if-none-match").find(tag) != std::string_view::npos) {
    reply.status = 304;
    return reply;
  }
  if (!coding.empty()) {
    reply.headers.emplace_back("Content-Encoding", coding);
  }
  reply.body = brotli ? asset.brotli : gzip ? asset.gzip : asset.identity;
  return reply;
}

}  // namespace

std::optional<Reply> asset_reply(std::span<const Asset> assets, const Exchange& exchange,
                                 std::string_view path) {
  if (exchange.head.method != Method::kGet && exchange.head.method != Method::kHead) {
    return std::nullopt;
  }
  if (const Asset* const asset = find(assets, path == "/" ? kIndex : path)) {
    return reply_with(*asset, exchange);
  }
  const bool is_page = exchange.head.field("accept").find("text/html") != std::string_view::npos &&
                       !path.starts_with("/api/") && !path.starts_with("/assets/");
  const Asset* const index = is_page ? find(assets, kIndex) : nullptr;
  return index == nullptr ? std::nullopt : std::optional(reply_with(*index, exchange));
}

}  // namespace planwise::api
