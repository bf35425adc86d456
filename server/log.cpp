#include "server/log.h"

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "analyzer/base/text.h"

namespace planwise {
namespace {

constexpr std::size_t kMaxLine = 2048;

class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(bool json) : json_(json) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const std::string time = rfc3339(std::chrono::time_point_cast<std::chrono::microseconds>(message.time));
    const auto level = spdlog::level::to_string_view(message.level);
    const std::string_view name(level.data(), level.size());
    const std::string text = shortened(printable({message.payload.data(), message.payload.size()}), kMaxLine);
    const std::string line =
        json_ ? nlohmann::ordered_json{{"time", time}, {"level", name}, {"message", text}}.dump()
              : fmt::format("{} {} {}", time, name, text);
    out.append(line.data(), line.data() + line.size());
    out.push_back('\n');
  }

  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(json_);
  }

 private:
  bool json_;
};

}  // namespace

void set_up_log(const LogConfig& config) {
  auto logger =
      std::make_shared<spdlog::logger>("planwise", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(std::make_unique<LineFormatter>(config.format == "json"));
  logger->set_level(spdlog::level::from_str(config.level));
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace planwise
