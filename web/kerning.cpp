#include "kerning.hpp"

// The reader that ImGui brings along, once more: ImGui keeps its own to itself.
#define STBTT_STATIC
#define STBTT_assert(x) ((void)(x))
#define STB_TRUETYPE_IMPLEMENTATION
#include "imstb_truetype.h"

namespace scale::web {

void Kerning::read(std::span<const unsigned char> font) {
    ems_.fill(0);
    stbtt_fontinfo info;
    if (font.empty() || !stbtt_InitFont(&info, font.data(), 0)) return;
    const float unit = stbtt_ScaleForMappingEmToPixels(&info, 1);
    std::array<int, k_last + 1> glyphs{};
    for (unsigned letter = k_first; letter <= k_last; ++letter)
        glyphs[letter] = stbtt_FindGlyphIndex(&info, static_cast<int>(letter));
    for (unsigned left = k_first; left <= k_last; ++left)
        for (unsigned right = k_first; right <= k_last; ++right)
            ems_[index(left, right)] =
                static_cast<float>(stbtt_GetGlyphKernAdvance(&info, glyphs[left], glyphs[right])) * unit;
}

} // namespace scale::web
