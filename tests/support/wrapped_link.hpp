// A link around any bytes, with the right size and checksum: what a hostile writer can make, and what lets
// mutations get past the checksum.
#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include <zlib.h>

#include "codec/base64.hpp"
#include "codec/link_bytes.hpp"

namespace scale::tests {

inline std::string wrapped_link(const std::vector<std::uint8_t>& plain) {
    z_stream stream{};
    if (deflateInit2(&stream, 6, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) return {};
    std::vector<std::uint8_t> body(plain.size() + plain.size() / 100 + 100);
    stream.next_in = const_cast<Bytef*>(plain.data());
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = body.data();
    stream.avail_out = static_cast<uInt>(body.size());
    deflate(&stream, Z_FINISH);
    body.resize(stream.total_out);
    deflateEnd(&stream);
    codec::ByteWriter out;
    out.whole(body.size());
    for (const std::uint8_t byte : body) out.byte(byte);
    const auto sum =
        static_cast<std::uint32_t>(crc32(0, out.bytes().data(), static_cast<uInt>(out.bytes().size())));
    for (int shift = 0; shift < 32; shift += 8) out.byte(sum >> shift & 255);
    return "#s=1" + codec::encode_base64(out.bytes());
}

} // namespace scale::tests
