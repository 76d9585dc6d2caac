// Strict JSON (RFC 8259) for text from outside: no comments, no duplicate keys, valid UTF-8 only. A first
// pass holds every limit and builds nothing; only then is the text laid out as a flat tree.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scale/text.hpp"

namespace scale::codec {

enum class JsonType : std::uint8_t { null, flag, number, string, array, object };

// A value of the tree. Values stand in the order of the text: children follow their parent, `end` is the
// index behind the last of them.
struct JsonValue {
    JsonType type = JsonType::null;
    bool flag = false;
    std::uint32_t end = 0;
    std::uint32_t parent = 0;
    std::uint32_t count = 0; // elements or members
    std::string_view key;    // within an object
    std::string_view text;   // of a string: decoded; of a number: as written
};

// The most elements that an array directly below the root may have, by key; `shared` ones are counted
// together.
struct JsonArrayLimit {
    std::string_view key;
    std::size_t most;
    int group;
};

struct JsonLimits {
    std::size_t bytes;
    std::size_t depth;         // of arrays and objects within each other
    std::size_t string_points; // code points of one string
    std::size_t members;       // of one object
    std::size_t values;        // in all
    std::span<const JsonArrayLimit> arrays;
};

class JsonDocument {
public:
    // Errors name line and column. The text must outlive the document.
    static Result<JsonDocument> read(std::string_view text, const JsonLimits& limits);

    const JsonValue& root() const { return values_[0]; }
    const JsonValue& at(std::uint32_t index) const { return values_[index]; }
    std::uint32_t index_of(const JsonValue& value) const {
        return static_cast<std::uint32_t>(&value - values_.data());
    }

    // Walks children: for (i = first(v); i != v.end; i = next(i)).
    std::uint32_t first(const JsonValue& parent) const { return index_of(parent) + 1; }
    std::uint32_t next(std::uint32_t index) const { return values_[index].end; }
    const JsonValue* member(const JsonValue& object, std::string_view key) const;
    const JsonValue& element(const JsonValue& array, std::size_t number) const;

    // "$.nodes[2].cores"
    std::string path(const JsonValue& value) const;

private:
    friend class JsonReader;
    std::vector<JsonValue> values_;
    std::vector<char> decoded_; // strings that had escapes; never moves once filled
};

} // namespace scale::codec
