#include "palette.hpp"

namespace scale::web {
namespace {

constexpr Color rgb(unsigned hex) {
    return 0xFF000000u | (hex & 0xFF) << 16 | (hex & 0xFF00) | (hex >> 16 & 0xFF);
}

constexpr Palette k_dark = {
    .bg = rgb(0x0e1217),
    .panel = rgb(0x151a21),
    .raise = rgb(0x1b222b),
    .line = rgb(0x2a333f),
    .text = rgb(0xe7ebf0),
    .mute = rgb(0x96a2b2),
    .faint = rgb(0x5d6979),
    .accent = rgb(0x4cc2b0),
    .on_accent = rgb(0x0e1217),
    .ok = rgb(0x5aa9e6),
    .warn = rgb(0xf0b429),
    .bad = rgb(0xf2643d),
    .served = rgb(0x5aa9e6),
    .hit = rgb(0x2fbf9b),
    .retry = rgb(0xf0b429),
    .failed = rgb(0xf2643d),
    .timed_out = rgb(0xc58af0),
};

constexpr Palette k_light = {
    .bg = rgb(0xf4f6f8),
    .panel = rgb(0xffffff),
    .raise = rgb(0xf8fafb),
    .line = rgb(0xdde3ea),
    .text = rgb(0x18202a),
    .mute = rgb(0x556172),
    .faint = rgb(0x8b97a6),
    .accent = rgb(0x0d8f7d),
    .on_accent = rgb(0xffffff),
    .ok = rgb(0x1f77c4),
    .warn = rgb(0xa86c00),
    .bad = rgb(0xc93f17),
    .served = rgb(0x1f77c4),
    .hit = rgb(0x0b8a6c),
    .retry = rgb(0xa86c00),
    .failed = rgb(0xc93f17),
    .timed_out = rgb(0x8a4fc0),
};

} // namespace

const Palette& palette(bool dark) { return dark ? k_dark : k_light; }

} // namespace scale::web
