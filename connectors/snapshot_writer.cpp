#include <nlohmann/json.hpp>
#include <type_traits>

#include "analyzer/explain/conditions.h"
#include "analyzer/sql/fingerprint.h"
#include "connectors/snapshot_fields.h"
#include "connectors/snapshot_file.h"

namespace planwise {
namespace {

using Json = nlohmann::ordered_json;

class Writer {
 public:
  Writer(const SnapshotFileOptions& options, Engine engine) : options_(options), engine_(engine) {}

  template <class T>
  void operator()(const char* name, const T& value) {
    object_[name] = json_of(value);
  }
  // Values of the user's rows.
  template <class T>
  void values(const char* name, const T& value) {
    if (options_.with_values) {
      (*this)(name, value);
    }
  }
  // Conditions of a plan, whose constants may be such values.
  void expression(const char* name, const std::string& text) {
    const auto hidden = [&] {
      return engine_ == Engine::kPostgres ? masked(text, engine_)
                                          : explain::shown_condition(text, PlanLiterals::kMasked);
    };
    (*this)(name, options_.with_values ? text : hidden());
  }
  [[nodiscard]] Json take() { return std::move(object_); }

 private:
  template <class T>
  Json json_of(const T& value) {
    if constexpr (std::is_same_v<T, char>) {
      return std::string(1, value);
    } else if constexpr (std::is_enum_v<T>) {
      return to_string(value);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return value;
    } else {
      Writer part(options_, engine_);
      fields(part, value);
      return part.take();
    }
  }
  Json json_of(const Bytes& value) { return value.count; }
  Json json_of(const Rows& value) { return value.count; }
  Json json_of(const PlanCost& value) { return value.units; }
  Json json_of(const Millis& value) { return value.count(); }
  Json json_of(const TimePoint& value) { return value.time_since_epoch().count(); }
  Json json_of(const StatementId& value) { return to_string(value); }
  template <class T>
  Json json_of(const std::optional<T>& value) {
    return value ? json_of(*value) : Json();
  }
  template <class T>
  Json json_of(const std::vector<T>& values) {
    Json array = Json::array();
    for (const T& value : values) {
      array.push_back(json_of(value));
    }
    return array;
  }
  template <class K, class T>
  Json json_of(const std::map<K, T>& values) {
    Json object = Json::object();
    for (const auto& [key, value] : values) {
      if constexpr (std::is_same_v<K, StatementId>) {
        object[to_string(key)] = json_of(value);
      } else {
        object[key] = json_of(value);
      }
    }
    return object;
  }

  SnapshotFileOptions options_;
  Engine engine_;
  Json object_ = Json::object();
};

}  // namespace

std::string snapshot_json(const Snapshot& snapshot, const SnapshotFileOptions& options) {
  Writer writer(options, snapshot.server.engine);
  writer("schema", std::string("planwise.snapshot/1"));
  fields(writer, snapshot);
  return writer.take().dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace planwise
