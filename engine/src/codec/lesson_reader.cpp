// The lesson object. Its words are bounded here; what its steps mean is the lesson player's business.
#include "codec/checks.hpp"
#include "codec/reader.hpp"

namespace scale::codec {

namespace {

constexpr std::size_t k_steps = 64;
constexpr double k_most_order = 10'000;

bool read_words(Reader& reader, const JsonValue& object, std::string_view key) {
    const JsonValue* value = reader.document().member(object, key);
    if (!value) return reader.fail(object, "\"" + std::string(key) + "\" is missing");
    Text unused;
    return reader.read_text(*value, unused);
}

bool read_steps(Reader& reader, const JsonValue& steps) {
    if (!reader.expect(steps, JsonType::array)) return false;
    if (steps.count > k_steps) {
        return reader.fail(steps, "at most " + std::to_string(k_steps) + " steps are allowed, got " +
                                      std::to_string(steps.count));
    }
    const JsonDocument& document = reader.document();
    for (std::uint32_t i = document.first(steps); i != steps.end; i = document.next(i))
        if (!reader.expect(document.at(i), JsonType::object) || !read_words(reader, document.at(i), "text"))
            return false;
    return true;
}

} // namespace

bool read_lesson(Reader& reader, const JsonValue& value, std::string& out) {
    if (!reader.expect(value, JsonType::object)) return false;
    const JsonDocument& document = reader.document();
    const JsonValue* id = document.member(value, "id");
    if (!id) return reader.fail(value, "\"id\" is missing");
    // The file's name, which on the ladder begins with the number of the step.
    if (id->type != JsonType::string || !is_id("l" + std::string(id->text)))
        return reader.fail_expected(*id, "letters a-z, digits, \"-\" or \"_\"");
    double order = 0;
    const JsonValue* place = document.member(value, "order");
    if (place && !reader.read_whole(*place, 0, k_most_order, order)) return false;
    if (document.member(value, "summary") && !read_words(reader, value, "summary")) return false;
    const JsonValue* steps = document.member(value, "steps");
    if (steps && !read_steps(reader, *steps)) return false;
    append_canonical(out, document, value);
    return true;
}

} // namespace scale::codec
