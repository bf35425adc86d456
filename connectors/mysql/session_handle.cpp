// How libmariadb is set up, and the connection that ends what another one is doing.
#include <fmt/format.h>
#include <mysql.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "connectors/mysql/session.h"

namespace planwise::mysql {
namespace {

constexpr std::size_t kPacketLimit = std::size_t{64} << 20U;  // of one row
// Plug-ins that hand the server the password in clear text are only for a socket and for TLS whose other end
// has proved who it is.
constexpr const char* kSafePlugins =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,auth_gssapi_client";
constexpr const char* kAllPlugins =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,auth_gssapi_client,"
    "mysql_clear_password,dialog";

const char* text_or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

void set_tls(MYSQL* handle, const Login& login) {
  if (login.tls == TlsMode::kDisabled || login.is_local()) {
    return;
  }
  mysql_ssl_set(handle, text_or_null(login.tls_key), text_or_null(login.tls_certificate),
                text_or_null(login.tls_ca), text_or_null(login.tls_ca_path), nullptr);
  const my_bool enforce = 1;
  const my_bool verify = login.tls == TlsMode::kVerifyIdentity ? 1 : 0;  // the name, too
  mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &enforce);
  mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
}

}  // namespace

std::unique_ptr<st_mysql, void (*)(st_mysql*)> prepared_handle(const Login& login,
                                                               std::chrono::seconds timeout) {
  static std::once_flag initialised;
  std::call_once(initialised, [] { mysql_server_init(0, nullptr, nullptr); });
  std::unique_ptr<st_mysql, void (*)(st_mysql*)> handle(mysql_init(nullptr), &mysql_close);
  if (handle == nullptr) {
    return handle;
  }
  MYSQL* const raw = handle.get();
  const unsigned off = 0;
  const auto seconds = static_cast<unsigned>(std::clamp<std::int64_t>(timeout.count(), 1, 3600));
  mysql_options(raw, MYSQL_OPT_LOCAL_INFILE, &off);  // on by default: a server could ask for our files
  mysql_options(raw, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_options(raw, MYSQL_OPT_READ_TIMEOUT, &seconds);
  mysql_options(raw, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
  mysql_options(raw, MYSQL_OPT_MAX_ALLOWED_PACKET, &kPacketLimit);
  mysql_options(raw, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const bool is_private = login.is_local() || login.tls == TlsMode::kVerifyIdentity;
  mysql_options(raw, MARIADB_OPT_RESTRICTED_AUTH, is_private ? kAllPlugins : kSafePlugins);
  mysql_optionsv(raw, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "planwise");
  set_tls(raw, login);
  const unsigned protocol = login.is_local() ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
  mysql_options(raw, MYSQL_OPT_PROTOCOL, &protocol);
  return handle;
}

Destination destination_of(const Login& login) {
  return login.is_local() ? Destination{"localhost", 0, text_or_null(login.socket)}
                          : Destination{login.host.c_str(), static_cast<unsigned>(login.port), nullptr};
}

void kill_query_in_background(const Login& login, std::uint64_t connection_id) {
  static constexpr int kMostAtOnce = 8;
  static constexpr std::chrono::seconds kPatience{3};
  static std::atomic<int> at_work{0};
  if (at_work.fetch_add(1) >= kMostAtOnce) {
    at_work.fetch_sub(1);
    return;
  }
  std::thread([login, connection_id] {
    const auto handle = prepared_handle(login, kPatience);
    const Destination to = destination_of(login);
    if (handle != nullptr && mysql_real_connect(handle.get(), to.host, login.user.c_str(),
                                                login.password.c_str(), nullptr, to.port, to.socket, 0)) {
      const std::string sql = fmt::format("KILL QUERY {} {}", connection_id, kMarker);
      mysql_real_query(handle.get(), sql.data(), sql.size());
    }
    at_work.fetch_sub(1);
  }).detach();
}

}  // namespace planwise::mysql
