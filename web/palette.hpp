#pragma once
// The colours of the look. Knows no ImGui: pictures are drawn with them too.

#include <cstdint>

namespace scale::web {

using Color = std::uint32_t; // red in the lowest byte, then green, blue, alpha: as ImGui packs them

struct Palette {
    Color bg, panel, raise;                      // page, surfaces, cards and buttons in them
    Color line;                                  // hairlines, grid, idle edges
    Color text, mute, faint;                     // words, labels, axes and empty states
    Color accent, on_accent;                     // primary action, selection, progress; words on it
    Color ok, warn, bad;                         // busy rings, states; always with a sign or a word
    Color served, hit, retry, failed, timed_out; // particles, also told apart by shape
};

const Palette& palette(bool dark);

} // namespace scale::web
