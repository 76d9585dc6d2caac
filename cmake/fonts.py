"""Make the interface's fonts: fonts.py SUIT-PACKAGE LUCIDE-PACKAGE ICONS.TXT OUTPUT-FOLDER

sans-regular.ttf, sans-semibold.ttf: SUIT cut down to ASCII, Latin-1, the symbols the interface uses and all 11,172
Hangul syllables, about 210 kB each when compressed; page and canvas share the same files. icons.ttf: the icons
named in web/icons.txt. SUIT's licence reserves its name, so the changed fonts carry another.
"""

import json
import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FAMILY = "Scaleground Sans"
RANGES = [(0x20, 0x7E), (0xA0, 0xFF), (0x370, 0x3FF), (0x2000, 0x22FF), (0x2500, 0x27BF), (0x3000, 0x303F),
          (0x3130, 0x318F), (0xAC00, 0xD7A3)]
# Characters SUIT lacks that look like one it has.
ALIASES = {0x00B5: 0x03BC, 0x2022: 0x2219, 0x21D2: 0x2192, 0x2715: 0x00D7, 0x2717: 0x00D7, 0x2009: 0x20, 0x202F: 0x20}


def cut(source, target, codes, features):
    options = subset.Options(hinting=False, layout_features=features, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    subset.save_font(font, target, options)


def add_glyph(font, code, width, draw):
    name = f"own{code:04X}"
    pen = TTGlyphPen(None)
    draw(pen)
    font.setGlyphOrder(font.getGlyphOrder() + [name])
    glyph = pen.glyph()
    font["glyf"].glyphs[name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, getattr(glyph, "xMin", 0))
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def bar(pen, left, bottom, right, top):
    pen.moveTo((left, bottom))
    pen.lineTo((left, top))
    pen.lineTo((right, top))
    pen.lineTo((right, bottom))
    pen.closePath()


def copy_of(font, name, pen, shift_y=0):
    recording = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(recording)
    recording.replay(TransformPen(pen, (1, 0, 0, 1, 0, shift_y)))


def bounds(font, name):
    glyph = font["glyf"][name]
    return glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax


def draw_arrows(font, cmap, stroke):
    """SUIT's four plain arrows are chevrons; give them the shaft that readers expect."""
    thin = stroke * 7 // 10
    for code in (0x2190, 0x2191, 0x2192, 0x2193):
        name = cmap[code]
        left, bottom, right, top = bounds(font, name)
        across, up = (left + right) // 2, (bottom + top) // 2
        width = font["hmtx"][name][0]
        half = (right - left if code in (0x2191, 0x2193) else top - bottom) // 2
        shaft = {0x2190: (left + thin, up - thin // 2, max(right, left + 2 * half), up - thin // 2 + thin),
                 0x2192: (min(left, right - 2 * half), up - thin // 2, right - thin, up - thin // 2 + thin),
                 0x2191: (across - thin // 2, top - 2 * half, across - thin // 2 + thin, top - thin),
                 0x2193: (across - thin // 2, bottom + thin, across - thin // 2 + thin, bottom + 2 * half)}[code]

        lift = {0x2191: 1, 0x2193: -1}.get(code, 0) * (2 * half - (top - bottom)) // 2

        def draw(pen, name=name, shaft=shaft, lift=lift):
            copy_of(font, name, pen, lift)
            bar(pen, shaft[0], shaft[1] + lift, shaft[2], shaft[3] + lift)

        add_glyph(font, code, width, draw)


def add_missing(font):
    """Dashes, minus and comparison signs, drawn from the strokes of the hyphen, plus and less-than."""
    cmap = font.getBestCmap()
    _, low, _, high = bounds(font, cmap[ord("-")])
    stroke = high - low
    em = font["head"].unitsPerEm
    for code, width in ((0x2013, em // 2), (0x2014, em)):
        if code not in cmap:
            add_glyph(font, code, width, lambda pen, w=width: bar(pen, em // 32, low, w - em // 32, high))
    plus_left, plus_low, plus_right, plus_high = bounds(font, cmap[ord("+")])
    middle = (plus_low + plus_high) // 2
    plus_width = font["hmtx"][cmap[ord("+")]][0]
    if 0x2212 not in cmap:
        add_glyph(font, 0x2212, plus_width,
                  lambda pen: bar(pen, plus_left, middle - stroke // 2, plus_right, middle - stroke // 2 + stroke))
    for code, base in ((0x2264, "<"), (0x2265, ">")):
        if code in cmap:
            continue
        left, bottom, right, _ = bounds(font, cmap[ord(base)])

        def draw(pen, name=cmap[ord(base)], left=left, bottom=bottom, right=right):
            copy_of(font, name, pen, stroke)
            bar(pen, left, bottom - stroke, right, bottom)

        add_glyph(font, code, font["hmtx"][cmap[ord(base)]][0], draw)
    draw_arrows(font, cmap, stroke)
    dot, dot_width = cmap[ord(".")], font["hmtx"][cmap[ord(".")]][0]

    def ellipsis(pen):  # on the baseline; SUIT's floats at half height
        for index in range(3):
            recording = DecomposingRecordingPen(font.getGlyphSet())
            font.getGlyphSet()[dot].draw(recording)
            recording.replay(TransformPen(pen, (1, 0, 0, 1, index * dot_width, 0)))

    add_glyph(font, 0x2026, 3 * dot_width, ellipsis)
    if 0x03BC not in cmap:  # mu: u with a leg
        left, _, _, _ = bounds(font, cmap[ord("u")])
        _, foot, _, _ = bounds(font, cmap[ord("p")])

        def mu(pen):
            copy_of(font, cmap[ord("u")], pen)
            bar(pen, left, foot, left + stroke, stroke * 3)

        add_glyph(font, 0x03BC, font["hmtx"][cmap[ord("u")]][0], mu)
    cmap = font.getBestCmap()
    for code, like in ALIASES.items():
        if code not in cmap and like in cmap:
            for table in font["cmap"].tables:
                if table.isUnicode():
                    table.cmap[code] = cmap[like]


def rename(font, weight):
    names = {1: f"{FAMILY} {weight}", 2: "Regular", 3: f"{FAMILY} {weight} subset", 4: f"{FAMILY} {weight}",
             6: f"{FAMILY.replace(' ', '')}-{weight}"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID].encode(record.getEncoding(), "replace")


def main(suit, lucide, icon_list, output):
    codes = [code for first, last in RANGES for code in range(first, last + 1)]
    for weight in ("Regular", "SemiBold"):
        target = output / f"sans-{weight.lower()}.ttf"
        cut(suit / f"fonts/static/ttf/SUIT-{weight}.ttf", target, codes, ["kern", "tnum"])
        font = TTFont(target)
        add_missing(font)
        rename(font, weight)
        font.save(target)
        print(target.name, target.stat().st_size, "bytes,", len(font.getBestCmap()), "characters")
    table = json.loads((lucide / "font/codepoints.json").read_text())
    names = [line.strip() for line in icon_list.read_text().splitlines() if line[:1].isalpha()]
    missing = [name for name in names if name not in table]
    if missing:
        sys.exit(f"web/icons.txt: the icon font has no {', '.join(missing)}")
    cut(lucide / "font/lucide.ttf", output / "icons.ttf", [int(table[name]) for name in names], [])
    shutil.copy(suit / "LICENSE", output / "sans-LICENSE.txt")
    shutil.copy(lucide / "LICENSE", output / "icons-LICENSE.txt")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:5]))
