#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <type_traits>

#include "analyzer/base/hash.h"
#include "connectors/snapshot_fields.h"
#include "connectors/snapshot_file.h"

namespace planwise {
namespace {

using Element = simdjson::dom::element;

// Where reading went wrong, from the inside out. Only the first error counts.
struct Trouble {
  bool found = false;
  std::string path;
  std::string what;
};

// Reads the fields of one object. After trouble it does nothing.
class Reader {
 public:
  Reader(simdjson::dom::object object, Trouble& trouble) : object_(object), trouble_(trouble) {}

  template <class T>
  void operator()(const char* name, T& value) {
    Element element;
    if (trouble_.found || object_.at_key(name).get(element) != simdjson::SUCCESS) {
      return;
    }
    read(element, value);
    if (trouble_.found) {
      put_before(name);
    }
  }
  template <class T>
  void values(const char* name, T& value) {
    (*this)(name, value);
  }
  void expression(const char* name, std::string& value) { (*this)(name, value); }

 private:
  void put_before(std::string_view part) {
    const bool is_joined = trouble_.path.empty() || trouble_.path.front() == '[';
    trouble_.path = fmt::format("{}{}{}", part, is_joined ? "" : ".", trouble_.path);
  }
  void fail(std::string_view what) {
    trouble_.found = true;
    trouble_.what = what;
  }

  template <class T>
  void read(const Element& element, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      if (element.get(value) != simdjson::SUCCESS) {
        fail("not true or false");
      }
    } else if constexpr (std::is_same_v<T, char>) {
      std::string_view text;
      if (element.get(text) != simdjson::SUCCESS || text.size() != 1) {
        fail("not one letter");
      } else {
        value = text.front();
      }
    } else if constexpr (std::is_integral_v<T>) {
      std::int64_t number = 0;
      if (element.get(number) != simdjson::SUCCESS || !std::in_range<T>(number)) {
        fail("not an integer, or out of range");
      } else {
        value = static_cast<T>(number);
      }
    } else if constexpr (std::is_same_v<T, double>) {
      if (element.get(value) != simdjson::SUCCESS) {
        fail("not a number");
      }
    } else if constexpr (std::is_same_v<T, std::string>) {
      std::string_view text;
      if (element.get(text) != simdjson::SUCCESS) {
        fail("not a text");
      } else {
        value = text;
      }
    } else if constexpr (std::is_enum_v<T>) {
      read_word(element, value);
    } else {
      simdjson::dom::object object;
      if (element.get(object) != simdjson::SUCCESS) {
        fail("not an object");
      } else {
        Reader part(object, trouble_);
        fields(part, value);
      }
    }
  }
  template <class E>
  void read_word(const Element& element, E& value) {
    std::string_view word;
    if (element.get(word) == simdjson::SUCCESS) {
      for (int i = 0; i <= static_cast<int>(kLast<E>); ++i) {
        if (to_string(static_cast<E>(i)) == word) {
          value = static_cast<E>(i);
          return;
        }
      }
    }
    fail("not a word that stands here");
  }
  void read(const Element& element, Bytes& value) { read(element, value.count); }
  void read(const Element& element, Rows& value) { read(element, value.count); }
  void read(const Element& element, PlanCost& value) { read(element, value.units); }
  void read(const Element& element, Millis& value) {
    double number = 0;
    read(element, number);
    value = Millis(number);
  }
  void read(const Element& element, TimePoint& value) {
    std::int64_t number = 0;
    read(element, number);
    value = TimePoint(std::chrono::microseconds(number));
  }
  void read(const Element& element, StatementId& value) {
    std::string_view text;
    const auto id = element.get(text) == simdjson::SUCCESS ? parse_hex16(text) : std::nullopt;
    if (!id) {
      fail("not sixteen hex digits");
    } else {
      value = {*id};
    }
  }
  template <class T>
  void read(const Element& element, std::optional<T>& value) {
    value.reset();
    if (!element.is_null()) {
      read(element, value.emplace());
    }
  }
  template <class T>
  void read(const Element& element, std::vector<T>& values) {
    simdjson::dom::array array;
    if (element.get(array) != simdjson::SUCCESS) {
      return fail("not a list");
    }
    values.clear();
    for (const Element one : array) {
      read(one, values.emplace_back());
      if (trouble_.found) {
        return put_before(fmt::format("[{}]", values.size() - 1));
      }
    }
  }
  template <class K, class T>
  void read(const Element& element, std::map<K, T>& values) {
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS) {
      return fail("not an object");
    }
    values.clear();
    for (const simdjson::dom::key_value_pair& one : object) {
      if constexpr (std::is_same_v<K, StatementId>) {
        const auto id = parse_hex16(one.key);
        if (!id) {
          return fail("a key is not sixteen hex digits");
        }
        read(one.value, values[StatementId{*id}]);
      } else {
        read(one.value, values[K(one.key)]);
      }
      if (trouble_.found) {
        return put_before(one.key);
      }
    }
  }

  simdjson::dom::object object_;
  Trouble& trouble_;
};

}  // namespace

Result<Snapshot> parse_snapshot(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object root;
  if (const auto failure = parser.parse(json.data(), json.size()).get(root); failure != simdjson::SUCCESS) {
    return Error{ErrorCode::kMalformed,
                 fmt::format("not a JSON object: {}", simdjson::error_message(failure))};
  }
  std::string_view schema;
  if (root.at_key("schema").get(schema) != simdjson::SUCCESS || !schema.starts_with("planwise.snapshot/")) {
    return Error{ErrorCode::kMalformed, "schema: not a snapshot of planwise",
                 "`planwise capture TARGET` writes one"};
  }
  if (schema != "planwise.snapshot/1") {
    return Error{ErrorCode::kUnsupported, fmt::format("schema: {} is of another version of planwise", schema),
                 "use the planwise that wrote it, or a newer one"};
  }
  Snapshot snapshot;
  Trouble trouble;
  Reader reader(root, trouble);
  fields(reader, snapshot);
  if (trouble.found) {
    return Error{ErrorCode::kMalformed, fmt::format("{}: {}", trouble.path, trouble.what)};
  }
  std::ranges::sort(snapshot.schema.tables, {}, &Table::name);  // Schema::find() counts on it
  return snapshot;
}

}  // namespace planwise
