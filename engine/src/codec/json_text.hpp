// Writing JSON: strings escaped as little as JSON allows, objects and arrays on one line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "codec/numbers.hpp"
#include "scale/text.hpp"

namespace scale::codec {

void append_string(std::string& out, std::string_view text);

// {"key": value, ...}; commas come by themselves. Closes itself at the end of its life.
class JsonObject {
public:
    explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
    ~JsonObject() { out_ += '}'; }
    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;

    // Writes the key; the caller appends the value to what is returned.
    std::string& key(std::string_view name) {
        if (!first_) out_ += ", ";
        first_ = false;
        append_string(out_, name);
        out_ += ": ";
        return out_;
    }
    void string(std::string_view name, std::string_view value) { append_string(key(name), value); }
    void number(std::string_view name, double value) { append_number(key(name), value); }
    void whole(std::string_view name, std::uint64_t value) { append_whole(key(name), value); }
    void flag(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
    void words(std::string_view name, const Words& value) {
        JsonObject both(key(name));
        both.string("en", value.en);
        both.string("ko", value.ko);
    }

private:
    std::string& out_;
    bool first_ = true;
};

// [value, ...]
class JsonArray {
public:
    explicit JsonArray(std::string& out) : out_(out) { out_ += '['; }
    ~JsonArray() { out_ += ']'; }
    JsonArray(const JsonArray&) = delete;
    JsonArray& operator=(const JsonArray&) = delete;

    std::string& item() {
        if (!first_) out_ += ", ";
        first_ = false;
        return out_;
    }

private:
    std::string& out_;
    bool first_ = true;
};

} // namespace scale::codec
