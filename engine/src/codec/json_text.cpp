#include "codec/json_text.hpp"

namespace scale::codec {

void append_string(std::string& out, std::string_view text) {
    static constexpr char k_digits[] = "0123456789abcdef";
    out += '"';
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (byte < 0x20) {
            out += "\\u00";
            out += k_digits[byte >> 4];
            out += k_digits[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

} // namespace scale::codec
