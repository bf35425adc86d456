#include "server/store/reading_codec.h"

#include <nlohmann/json.hpp>

#include "analyzer/base/hash.h"

namespace planwise {
namespace {

using Json = nlohmann::json;

std::int64_t micros(TimePoint time) {
  return time.time_since_epoch().count();
}
TimePoint time_of(const Json& value) {
  return TimePoint(std::chrono::microseconds(value.get<std::int64_t>()));
}

Json optional_time(const std::optional<TimePoint>& time) {
  return time ? Json(micros(*time)) : Json();
}
std::optional<TimePoint> optional_time_of(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(time_of(value));
}

Json number(const std::optional<Millis>& value) {
  return value ? Json(value->count()) : Json();
}
Json number(const std::optional<Bytes>& value) {
  return value ? Json(value->count) : Json();
}
Json number(const std::optional<std::int64_t>& value) {
  return value ? Json(*value) : Json();
}

void read(const Json& value, std::optional<Millis>& out) {
  if (!value.is_null()) {
    out = Millis(value.get<double>());
  }
}
void read(const Json& value, std::optional<Bytes>& out) {
  if (!value.is_null()) {
    out = Bytes{value.get<std::int64_t>()};
  }
}
void read(const Json& value, std::optional<std::int64_t>& out) {
  if (!value.is_null()) {
    out = value.get<std::int64_t>();
  }
}

// An array, because a reading has thousands of statements and their field names would be most of it.
Json encode(const Statement& statement) {
  const StatementStats& stats = statement.stats;
  return Json::array({hex16(statement.id.value),
                      stats.calls,
                      stats.total_time.count(),
                      stats.rows,
                      number(stats.stddev_time),
                      number(stats.planning_time),
                      number(stats.blocks_hit),
                      number(stats.blocks_read),
                      number(stats.blocks_dirtied),
                      number(stats.temp_blocks_read),
                      number(stats.temp_blocks_written),
                      number(stats.io_time),
                      number(stats.wal),
                      number(stats.jit_time),
                      statement.entries,
                      number(stats.rows_examined),
                      number(stats.full_scans),
                      number(stats.full_joins),
                      number(stats.no_index_used),
                      number(stats.temp_tables),
                      number(stats.temp_disk_tables),
                      number(stats.sort_merge_passes),
                      number(stats.sorted_rows),
                      number(stats.errors),
                      number(stats.lock_time)});
}

Statement statement_of(const Json& values) {
  Statement statement;
  StatementStats& stats = statement.stats;
  statement.id = StatementId{parse_hex16(values.at(0).get<std::string>()).value_or(0)};
  stats.calls = values.at(1).get<std::int64_t>();
  stats.total_time = Millis(values.at(2).get<double>());
  stats.rows = values.at(3).get<std::int64_t>();
  read(values.at(4), stats.stddev_time);
  read(values.at(5), stats.planning_time);
  read(values.at(6), stats.blocks_hit);
  read(values.at(7), stats.blocks_read);
  read(values.at(8), stats.blocks_dirtied);
  read(values.at(9), stats.temp_blocks_read);
  read(values.at(10), stats.temp_blocks_written);
  read(values.at(11), stats.io_time);
  read(values.at(12), stats.wal);
  read(values.at(13), stats.jit_time);
  statement.entries = values.at(14).get<std::int64_t>();
  if (values.size() <= 15) {  // written before MySQL's counters were kept
    return statement;
  }
  read(values.at(15), stats.rows_examined);
  read(values.at(16), stats.full_scans);
  read(values.at(17), stats.full_joins);
  read(values.at(18), stats.no_index_used);
  read(values.at(19), stats.temp_tables);
  read(values.at(20), stats.temp_disk_tables);
  read(values.at(21), stats.sort_merge_passes);
  read(values.at(22), stats.sorted_rows);
  read(values.at(23), stats.errors);
  read(values.at(24), stats.lock_time);
  return statement;
}

}  // namespace

std::string encode_reading(const Reading& reading) {
  Json statements = Json::array();
  for (const Statement& statement : reading.workload.statements) {
    statements.push_back(encode(statement));
  }
  Json scans = Json::array();
  for (const auto& [name, count] : reading.index_scans) {
    scans.push_back(Json::array({name.schema, name.index, count}));
  }
  const Json document{
      {"taken", micros(reading.taken_at)},
      {"system", reading.server.system_identifier},
      {"database", reading.server.database},
      {"replica", reading.server.is_replica},
      {"started", optional_time(reading.server.started_at)},
      {"from", micros(reading.workload.window.from)},
      {"to", micros(reading.workload.window.to)},
      {"total_time", reading.workload.total_time.count()},
      {"total_calls", reading.workload.total_calls},
      {"total_statements", reading.workload.total_statements},
      {"statements", std::move(statements)},
      {"counters_since", optional_time(reading.counters_since)},
      {"index_scans", std::move(scans)},
  };
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Reading> decode_reading(std::string_view text) {
  try {
    const Json document = Json::parse(text);
    Reading reading;
    reading.taken_at = time_of(document.at("taken"));
    reading.server.system_identifier = document.at("system").get<std::string>();
    reading.server.database = document.at("database").get<std::string>();
    reading.server.is_replica = document.at("replica").get<bool>();
    reading.server.started_at = optional_time_of(document.at("started"));
    reading.workload.window = Window{time_of(document.at("from")), time_of(document.at("to"))};
    reading.workload.total_time = Millis(document.at("total_time").get<double>());
    reading.workload.total_calls = document.at("total_calls").get<std::int64_t>();
    reading.workload.total_statements = document.at("total_statements").get<std::int64_t>();
    for (const Json& values : document.at("statements")) {
      reading.workload.statements.push_back(statement_of(values));
    }
    reading.counters_since = optional_time_of(document.at("counters_since"));
    for (const Json& entry : document.at("index_scans")) {
      reading.index_scans.emplace(IndexName{entry.at(0).get<std::string>(), entry.at(1).get<std::string>()},
                                  entry.at(2).get<std::int64_t>());
    }
    return reading;
  } catch (const Json::exception& exception) {
    return Error{ErrorCode::kMalformed, std::string("stored reading is damaged: ") + exception.what()};
  }
}

}  // namespace planwise
