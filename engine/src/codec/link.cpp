// Links: "#s=" version "1" base64url(size, deflated bytes, checksum). The decoder is the front door: whatever
// comes in is bounded before it is unpacked, and everything unpacked passes the parser's checks.
#include <zlib.h>

#include "codec/base64.hpp"
#include "codec/checks.hpp"
#include "codec/link.hpp"
#include "codec/link_text.hpp"
#include "codec/nearest.hpp"
#include "codec/reader.hpp"
#include "scale/codec.hpp"

namespace scale::codec {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view k_prefix = "#s=";
constexpr char k_version = '1';
constexpr std::size_t k_checksum_bytes = 4;
constexpr int k_raw_deflate = -15; // no zlib header: the checksum is ours
constexpr int k_level = 9;
constexpr int k_memory = 9;

Bytes deflated(const Bytes& plain, int strategy) {
    z_stream stream{};
    if (deflateInit2(&stream, k_level, Z_DEFLATED, k_raw_deflate, k_memory, strategy) != Z_OK) return {};
    const Bytes& dictionary = link_dictionary();
    deflateSetDictionary(&stream, dictionary.data(), static_cast<uInt>(dictionary.size()));
    Bytes out(deflateBound(&stream, static_cast<uLong>(plain.size())) + 16);
    stream.next_in = const_cast<Bytef*>(plain.data());
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(done ? stream.total_out : 0);
    deflateEnd(&stream);
    return out;
}

Bytes smallest_deflated(const Bytes& plain) {
    Bytes best = deflated(plain, Z_DEFAULT_STRATEGY);
    for (const int strategy : {Z_FILTERED, Z_HUFFMAN_ONLY, Z_FIXED}) {
        Bytes other = deflated(plain, strategy);
        if (!other.empty() && other.size() < best.size()) best = std::move(other);
    }
    return best;
}

// Into a buffer of fixed size: a bomb stops at its end.
bool inflated(const std::uint8_t* data, std::size_t size, Bytes& out) {
    z_stream stream{};
    if (inflateInit2(&stream, k_raw_deflate) != Z_OK) return false;
    const Bytes& dictionary = link_dictionary();
    inflateSetDictionary(&stream, dictionary.data(), static_cast<uInt>(dictionary.size()));
    out.resize(limits::k_json_bytes);
    stream.next_in = const_cast<Bytef*>(data);
    stream.avail_in = static_cast<uInt>(size);
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    const bool done = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0;
    out.resize(done ? stream.total_out : 0);
    inflateEnd(&stream);
    return done;
}

std::uint32_t checksum(const std::uint8_t* data, std::size_t size) {
    return static_cast<std::uint32_t>(crc32(crc32(0, nullptr, 0), data, static_cast<uInt>(size)));
}

std::string_view trimmed(std::string_view text) {
    const auto space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    while (!text.empty() && space(text.back())) text.remove_suffix(1);
    while (!text.empty() && space(text.front())) text.remove_prefix(1);
    return text;
}

Error not_a_link() {
    return {{}, "this is not a Scaleground link", "a link holds #s=1 and letters, digits, - and _"};
}

Error damaged(std::string_view why) {
    return {
        {}, "this link cannot be opened: " + std::string(why), why == k_newer ? "" : "copy it again, whole"};
}

Error cut_off(std::size_t have, std::size_t whole) {
    std::string what = "this link is cut off";
    if (whole > 0)
        what += ": " + std::to_string(have) + " of its " + std::to_string(whole) + " characters are here";
    return {{}, what, "copy it again, whole"};
}

// The part behind "#s=": version and payload.
std::optional<Error> find_payload(std::string_view link, std::string_view& out) {
    link = trimmed(link);
    const std::size_t found = link.find(k_prefix);
    if (found != std::string_view::npos)
        link.remove_prefix(found + k_prefix.size());
    else if (link.substr(0, 2) == k_prefix.substr(1))
        link.remove_prefix(2);
    else
        return not_a_link();
    link = link.substr(0, link.find('&'));
    if (link.empty()) return cut_off(0, 0);
    if (link[0] != k_version) {
        const bool later = (link[0] >= '2' && link[0] <= '9') || (link[0] >= 'a' && link[0] <= 'z');
        return later ? damaged(k_newer) : not_a_link();
    }
    out = link.substr(1);
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (is_base64_char(out[i])) continue;
        return Error{"character " + std::to_string(i + 2) + " after #s=",
                     quoted(out.substr(i, 1)) + " is no part of a link", "copy it again, whole"};
    }
    return std::nullopt;
}

// How the bytes of a link are divided.
struct Frame {
    std::size_t start = 0; // of the deflated bytes
    std::size_t size = 0;
};

std::optional<Error> find_frame(std::string_view payload, const Bytes& bytes, Frame& out) {
    ByteReader head(bytes);
    out.size = static_cast<std::size_t>(head.whole(limits::k_link_bytes));
    if (head.failed()) return bytes.size() < 3 ? cut_off(payload.size(), 0) : damaged(k_damaged);
    for (std::size_t rest = out.size; out.start == 0 || rest != 0; rest >>= 7) ++out.start;
    const std::size_t whole = out.start + out.size + k_checksum_bytes;
    const std::size_t characters = (whole * 8 + 5) / 6;
    if (payload.size() < characters) return cut_off(payload.size(), characters);
    if (payload.size() > characters || encode_base64(bytes) != payload) return damaged(k_damaged);
    std::uint32_t expected = 0;
    for (std::size_t i = 0; i < k_checksum_bytes; ++i)
        expected |= std::uint32_t{bytes[out.start + out.size + i]} << (8 * i);
    if (checksum(bytes.data(), out.start + out.size) != expected) return damaged("its checksum does not fit");
    return std::nullopt;
}

// The lesson came as text; it must be what the parser would have kept.
std::optional<Error> check_lesson(const std::string& lesson) {
    if (lesson.empty()) return std::nullopt;
    Result<JsonDocument> document = JsonDocument::read(lesson, scenario_limits());
    if (!document) return document.error();
    Reader reader(*document);
    std::string canonical;
    if (!read_lesson(reader, document->root(), canonical)) return reader.error();
    return canonical == lesson ? std::nullopt : std::optional<Error>(damaged(k_damaged));
}

std::optional<Error> check_unpacked(Scenario& scenario) {
    if (std::optional<Error> found = check_scenario(scenario)) return found;
    settle_contradictions(scenario); // of links that were made before these were refused
    if (std::optional<Error> found = check_lesson(scenario.lesson)) return found;
    return validate(scenario);
}

} // namespace

} // namespace scale::codec

namespace scale {

std::string encode_link(const Scenario& scenario) {
    const codec::Bytes body = codec::smallest_deflated(codec::pack(scenario));
    codec::ByteWriter framed;
    framed.whole(body.size());
    for (const std::uint8_t byte : body) framed.byte(byte);
    const std::uint32_t sum = codec::checksum(framed.bytes().data(), framed.bytes().size());
    for (std::size_t i = 0; i < codec::k_checksum_bytes; ++i) framed.byte(sum >> (8 * i) & 255u);
    return std::string(codec::k_prefix) + codec::k_version + codec::encode_base64(framed.bytes());
}

std::optional<Error> link_too_long(std::string_view link) {
    if (link.size() <= limits::k_link_bytes) return std::nullopt;
    return Error{{},
                 "the link would have " + std::to_string(link.size()) + " characters; one of more than " +
                     std::to_string(limits::k_link_bytes) + " opens nowhere",
                 "pass the design on as a JSON file, or drop commands, lesson or description"};
}

Result<Scenario> decode_link(std::string_view link) {
    if (link.size() > limits::k_link_bytes) {
        return Error{{},
                     "this link has " + std::to_string(link.size()) + " characters",
                     "at most " + std::to_string(limits::k_link_bytes) + " are allowed"};
    }
    std::string_view payload;
    if (std::optional<Error> found = codec::find_payload(link, payload)) return *found;
    const std::optional<codec::Bytes> bytes = codec::decode_base64(payload);
    if (!bytes) return codec::damaged(codec::k_damaged);
    codec::Frame frame;
    if (std::optional<Error> found = codec::find_frame(payload, *bytes, frame)) return *found;
    codec::Bytes plain;
    if (!codec::inflated(bytes->data() + frame.start, frame.size, plain))
        return codec::damaged(codec::k_damaged);
    codec::ByteReader in(plain);
    Scenario scenario;
    if (!codec::unpack(in, scenario)) return codec::damaged(in.fault());
    if (std::optional<Error> found = codec::check_unpacked(scenario)) return *found;
    return scenario;
}

} // namespace scale
