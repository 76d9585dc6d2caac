// The module without a screen, for workers and node: a session and its calls.

#include <emscripten.h>

#include <cstdlib>
#include <string>

#include "calls.hpp"

namespace {

double clock_ms() { return emscripten_get_now(); }

scale::web::Session& session() {
    static scale::web::Session* running = new scale::web::Session;
    return *running;
}

} // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE char* sg_buffer(std::size_t bytes) {
    static char* buffer = nullptr;
    static std::size_t held = 0;
    if (bytes <= held) return buffer;
    buffer = static_cast<char*>(std::realloc(buffer, bytes));
    held = buffer ? bytes : 0;
    return buffer;
}

EMSCRIPTEN_KEEPALIVE const char* sg_call(const char* name, const char* json) {
    static std::string answer;
    static scale::Language language = scale::Language::english;
    if (std::string_view(name) == "language") {
        const std::optional<std::string> wish = scale::web::text_argument(json, "language");
        language = wish == "ko" ? scale::Language::korean : scale::Language::english;
        return "{\"ok\":true}";
    }
    scale::web::CallContext context{session(), clock_ms, language};
    if (std::optional<std::string> known = scale::web::call_insight(context, name, json)) {
        answer = std::move(*known);
        return answer.c_str();
    }
    answer = scale::web::call_session(context, name, json)
                 .value_or(scale::web::answer_error("there is no call named \"" + std::string(name) + "\""));
    return answer.c_str();
}
}
