// base64url (RFC 4648, section 5) without padding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scale::codec {

std::string encode_base64(const std::vector<std::uint8_t>& bytes);
bool is_base64_char(char c);
// Nothing for a foreign character. Bits behind the last whole byte are dropped: who wants exactly one text
// per byte sequence encodes again and compares.
std::optional<std::vector<std::uint8_t>> decode_base64(std::string_view text);

} // namespace scale::codec
