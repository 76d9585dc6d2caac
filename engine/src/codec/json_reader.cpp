#include "codec/json_reader.hpp"

#include <algorithm>

#include "codec/nearest.hpp"
#include "codec/numbers.hpp"
#include "codec/utf8.hpp"

namespace scale::codec {

// Reads the text twice with the same code: once to check, once to build (`document` set).
class JsonReader {
public:
    JsonReader(std::string_view text, const JsonLimits& limits, JsonDocument* document)
        : text_(text), limits_(limits), document_(document) {}

    bool read() {
        skip_space();
        if (!value({}, 0)) return false;
        skip_space();
        return at_ == text_.size() || fail("expected the end of the text");
    }

    Error error() const {
        std::size_t line = 1;
        std::size_t line_start = 0;
        for (std::size_t i = 0; i < at_ && i < text_.size(); ++i) {
            if (text_[i] != '\n') continue;
            ++line;
            line_start = i + 1;
        }
        const std::size_t column = count_points(text_.substr(line_start, at_ - line_start)) + 1;
        return {"line " + std::to_string(line) + ", column " + std::to_string(column), what_, hint_};
    }

private:
    bool fail(std::string what, std::string hint = {}) {
        if (what_.empty()) {
            what_ = std::move(what);
            hint_ = std::move(hint);
        }
        return false;
    }

    bool too_many(const std::string& of_what, std::size_t most) {
        return fail("too many " + of_what + ": at most " + std::to_string(most) + " are allowed");
    }

    bool more() const { return at_ < text_.size(); }
    char look() const { return more() ? text_[at_] : '\0'; }

    void skip_space() {
        while (more() && (look() == ' ' || look() == '\n' || look() == '\r' || look() == '\t')) ++at_;
    }

    bool take(char wanted) {
        skip_space();
        if (look() != wanted || !more()) return false;
        ++at_;
        return true;
    }

    bool unexpected(const char* expected) {
        if (!more()) return fail(std::string("expected ") + expected + ", but the text ends here");
        std::size_t behind = at_;
        const std::uint32_t point = next_point(text_, behind);
        if (point == k_no_point) return fail("not valid UTF-8");
        std::string hint;
        if (look() == '\'') hint = "strings stand in double quotes";
        if (look() == '/' || look() == '#') hint = "JSON has no comments";
        return fail(
            std::string("expected ") + expected + ", found " + quoted(text_.substr(at_, behind - at_)), hint);
    }

    std::uint32_t open(JsonType type, std::string_view key) {
        if (!document_) return 0;
        JsonValue added;
        added.type = type;
        added.key = key;
        added.parent = parent_;
        document_->values_.push_back(added);
        return static_cast<std::uint32_t>(document_->values_.size() - 1);
    }

    void close(std::uint32_t index, std::size_t count) {
        if (!document_) return;
        document_->values_[index].end = static_cast<std::uint32_t>(document_->values_.size());
        document_->values_[index].count = static_cast<std::uint32_t>(count);
    }

    bool value(std::string_view key, std::size_t depth) {
        if (++values_ > limits_.values) return too_many("values", limits_.values);
        switch (look()) {
        case '{': return container(JsonType::object, key, depth);
        case '[': return container(JsonType::array, key, depth);
        case '"': return string_value(key);
        case 't': return word("true", JsonType::flag, key);
        case 'f': return word("false", JsonType::flag, key);
        case 'n': return word("null", JsonType::null, key);
        default: return number_value(key);
        }
    }

    bool word(std::string_view spelled, JsonType type, std::string_view key) {
        if (text_.substr(at_, spelled.size()) != spelled) return unexpected("a value");
        at_ += spelled.size();
        const std::uint32_t index = open(type, key);
        if (document_) document_->values_[index].flag = spelled == "true";
        close(index, 0);
        return true;
    }

    bool number_value(std::string_view key) {
        const std::size_t start = at_;
        const auto part = [](char c) {
            return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
        };
        while (more() && part(look())) ++at_;
        const std::string_view written = text_.substr(start, at_ - start);
        if (written.empty()) return unexpected("a value");
        const std::optional<Decimal> decimal = read_decimal(written);
        if (!decimal || !to_double(*decimal)) {
            at_ = start;
            if (written.size() > k_number_bytes) return fail("a number this long cannot be read");
            return fail(quoted(written) + (decimal ? " is too large for a number" : " is not a number"));
        }
        const std::uint32_t index = open(JsonType::number, key);
        if (document_) document_->values_[index].text = written;
        close(index, 0);
        return true;
    }

    bool string_value(std::string_view key) {
        std::string_view decoded;
        if (!string(decoded)) return false;
        const std::uint32_t index = open(JsonType::string, key);
        if (document_) document_->values_[index].text = decoded;
        close(index, 0);
        return true;
    }

    // While only checking, `out` is the raw text between the quotes.
    bool string(std::string_view& out) {
        const std::size_t start = ++at_;
        std::size_t points = 0;
        bool escaped = false;
        buffer_.clear();
        while (look() != '"' || !more()) {
            if (!more()) return fail("the text ends within a string");
            if (++points > limits_.string_points) {
                return fail("this string is too long: at most " + std::to_string(limits_.string_points) +
                            " characters are allowed");
            }
            if (look() == '\\') {
                escaped = true;
                if (!escape()) return false;
            } else if (!plain_point()) {
                return false;
            }
        }
        out = text_.substr(start, at_ - start);
        ++at_;
        if (escaped && document_) out = keep(buffer_);
        return true;
    }

    bool plain_point() {
        if (static_cast<unsigned char>(look()) < 0x20)
            return fail("a string cannot hold a line break or control character",
                        "write it as an escape: \\n");
        const std::size_t start = at_;
        if (next_point(text_, at_) == k_no_point) return fail("not valid UTF-8");
        buffer_.append(text_.substr(start, at_ - start));
        return true;
    }

    bool escape() {
        static constexpr std::string_view k_letters = "\"\\/bfnrt";
        static constexpr std::string_view k_meanings = "\"\\/\b\f\n\r\t";
        ++at_;
        const std::size_t found = more() ? k_letters.find(look()) : std::string_view::npos;
        if (found != std::string_view::npos) {
            buffer_ += k_meanings[found];
            ++at_;
            return true;
        }
        std::uint32_t point = 0;
        if (!unit(point)) return false;
        if (point >= 0xD800 && point < 0xDC00) {
            std::uint32_t low = 0;
            if (look() != '\\') return fail("half of a surrogate pair stands alone");
            ++at_;
            if (!unit(low)) return false;
            if (low < 0xDC00 || low > 0xDFFF) return fail("half of a surrogate pair stands alone");
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        } else if (point >= 0xDC00 && point < 0xE000) {
            return fail("half of a surrogate pair stands alone");
        }
        append_point(buffer_, point);
        return true;
    }

    bool unit(std::uint32_t& out) {
        if (look() != 'u') return fail("an unknown escape in a string");
        ++at_;
        for (int i = 0; i < 4; ++i, ++at_) {
            const char c = look();
            std::uint32_t digit = 16;
            if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
            if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
            if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
            if (digit == 16) return fail("expected four hexadecimal digits after \\u");
            out = out * 16 + digit;
        }
        return true;
    }

    std::string_view keep(const std::string& decoded) {
        std::vector<char>& store = document_->decoded_;
        const std::size_t start = store.size();
        store.insert(store.end(), decoded.begin(), decoded.end());
        return {store.data() + start, decoded.size()};
    }

    bool container(JsonType type, std::string_view key, std::size_t depth) {
        if (depth >= limits_.depth) {
            return fail("nested too deeply: at most " + std::to_string(limits_.depth) +
                        " levels are allowed");
        }
        const std::uint32_t index = open(type, key);
        const std::uint32_t outer = parent_;
        parent_ = index;
        ++at_;
        std::size_t count = 0;
        const char closing = type == JsonType::object ? '}' : ']';
        if (!take(closing)) {
            do {
                skip_space();
                ++count;
                const bool fine =
                    type == JsonType::object ? member(index, count, depth) : element(key, count, depth);
                if (!fine) return false;
            } while (take(','));
            if (!take(closing))
                return unexpected(type == JsonType::object ? "\",\" or \"}\"" : "\",\" or \"]\"");
        }
        parent_ = outer;
        close(index, count);
        return true;
    }

    bool element(std::string_view array_key, std::size_t count, std::size_t depth) {
        if (look() == ']') return fail("a comma before \"]\"", "remove it");
        if (depth == 1 && !within_array_limit(array_key, count)) return false;
        return value({}, depth + 1);
    }

    bool within_array_limit(std::string_view key, std::size_t count) {
        for (const JsonArrayLimit& limit : limits_.arrays) {
            if (limit.key != key) continue;
            const std::size_t before = limit.group > 0 ? group_before(limit.group, count) : 0;
            if (before + count > limit.most) return too_many("entries in " + quoted(key), limit.most);
        }
        return true;
    }

    // Elements of the group's arrays that were finished before this one began.
    std::size_t group_before(int group, std::size_t count) {
        if (count == 1) group_base_ = group_total_;
        if (group == 1) group_total_ = group_base_ + count;
        return group_base_;
    }

    bool member(std::uint32_t object, std::size_t count, std::size_t depth) {
        if (count > limits_.members) return too_many("keys in one object", limits_.members);
        if (look() == '}') return fail("a comma before \"}\"", "remove it");
        if (look() != '"') return unexpected("a key in double quotes");
        const std::size_t start = at_;
        std::string_view key;
        if (!string(key)) return false;
        if (document_ && has_member(object, key)) {
            at_ = start;
            return fail("the key " + quoted(key) + " is there twice");
        }
        if (!take(':')) return unexpected("\":\"");
        skip_space();
        return value(key, depth + 1);
    }

    bool has_member(std::uint32_t object, std::string_view key) const {
        const std::vector<JsonValue>& values = document_->values_;
        for (std::uint32_t i = object + 1; i < values.size(); i = values[i].end)
            if (values[i].key == key) return true;
        return false;
    }

    std::string_view text_;
    const JsonLimits& limits_;
    JsonDocument* document_;
    std::size_t at_ = 0;
    std::size_t values_ = 0;
    std::size_t group_total_ = 0, group_base_ = 0;
    std::uint32_t parent_ = 0;
    std::string buffer_, what_, hint_;
};

Result<JsonDocument> JsonDocument::read(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes) {
        return Error{{},
                     "the text has " + std::to_string(text.size()) + " bytes",
                     "at most " + std::to_string(limits.bytes) + " are allowed"};
    }
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3); // a byte order mark
    JsonReader check(text, limits, nullptr);
    if (!check.read()) return check.error();
    JsonDocument document;
    document.decoded_.reserve(text.size()); // decoding never makes text longer, so views into it stay good
    JsonReader build(text, limits, &document);
    if (!build.read()) return build.error();
    return document;
}

const JsonValue* JsonDocument::member(const JsonValue& object, std::string_view key) const {
    if (object.type != JsonType::object) return nullptr;
    for (std::uint32_t i = first(object); i != object.end; i = next(i))
        if (values_[i].key == key) return &values_[i];
    return nullptr;
}

const JsonValue& JsonDocument::element(const JsonValue& array, std::size_t number) const {
    std::uint32_t i = first(array);
    while (number-- > 0) i = next(i);
    return values_[i];
}

std::string JsonDocument::path(const JsonValue& value) const {
    std::vector<const JsonValue*> way;
    for (const JsonValue* v = &value; v != &values_[0]; v = &values_[v->parent]) way.push_back(v);
    std::string out = "$";
    for (auto step = way.rbegin(); step != way.rend(); ++step) {
        const JsonValue& parent = values_[(*step)->parent];
        if (parent.type == JsonType::object) {
            const bool plain =
                !(*step)->key.empty() && std::all_of((*step)->key.begin(), (*step)->key.end(), [](char c) {
                    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '_' || c == '-';
                });
            out += plain ? "." + std::string((*step)->key) : "[" + quoted((*step)->key) + "]";
            continue;
        }
        std::size_t number = 0;
        for (std::uint32_t i = first(parent); i != index_of(**step); i = next(i)) ++number;
        out += "[" + std::to_string(number) + "]";
    }
    return out;
}

} // namespace scale::codec
