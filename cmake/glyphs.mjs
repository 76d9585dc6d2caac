// Pictures that bring their own glyphs: an SVG file shown as <img> may use no font of a page, and a machine without a
// Korean font shows boxes. What a picture says is cut out of the interface's fonts (TrueType, see fonts.py) and put
// into it as WOFF.
import zlib from 'node:zlib';

function tables_of(font) {
    const found = new Map();
    for (let i = 0, count = font.readUInt16BE(4); i < count; i += 1) {
        const at = 12 + 16 * i, from = font.readUInt32BE(at + 8);
        found.set(font.toString('latin1', at, at + 4), font.subarray(from, from + font.readUInt32BE(at + 12)));
    }
    return found;
}

// Character -> glyph, by the Unicode table of format 4 that every such font has.
function characters_of(cmap) {
    const found = new Map();
    const which = [...Array(cmap.readUInt16BE(2)).keys()].map((i) => cmap.readUInt32BE(8 + 8 * i)).find((at) => cmap.readUInt16BE(at) === 4);
    if (which === undefined) throw new Error('The font has no character table of format 4.');
    const table = cmap.subarray(which), twice = table.readUInt16BE(6);
    for (let at = 14; at < 14 + twice; at += 2) {
        const end = table.readUInt16BE(at), start_at = at + twice + 2, delta_at = start_at + twice, range_at = delta_at + twice;
        const start = table.readUInt16BE(start_at), delta = table.readUInt16BE(delta_at), range = table.readUInt16BE(range_at);
        for (let code = start; code <= end && code !== 0xffff; code += 1) {
            const listed = range === 0 ? code : table.readUInt16BE(range_at + range + 2 * (code - start));
            if (range === 0 || listed !== 0) found.set(code, (listed + delta) & 0xffff);
        }
    }
    return found;
}

// Where a glyph made of others names them.
function* parts_of(glyph) {
    if (glyph.length === 0 || glyph.readInt16BE(0) >= 0) return;
    for (let at = 10, flags = 0x20; flags & 0x20;) {
        flags = glyph.readUInt16BE(at);
        yield at + 2;
        at += 4 + (flags & 0x01 ? 4 : 2) + (flags & 0x08 ? 2 : flags & 0x40 ? 4 : flags & 0x80 ? 8 : 0);
    }
}

const words = (...values) => Buffer.from(Uint16Array.from(values).buffer).swap16();
const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

// Glyph i + 1 is that of the i-th code, so that codes in a row are one segment.
function character_table(codes) {
    const segments = [];
    codes.forEach((code, i) => {
        const last = segments.at(-1);
        if (last && last.end === code - 1) last.end = code;
        else segments.push({ start: code, end: code, delta: i + 1 - code });
    });
    segments.push({ start: 0xffff, end: 0xffff, delta: 1 });
    const n = segments.length, power = Math.floor(Math.log2(n));
    const table = words(4, 16 + 8 * n, 0, 2 * n, 2 ** (power + 1), power, 2 * n - 2 ** (power + 1), ...segments.map(({ end }) => end), 0,
        ...segments.map(({ start }) => start), ...segments.map(({ delta }) => delta & 0xffff), ...segments.map(() => 0));
    return Buffer.concat([words(0, 1, 3, 1, 0, 12), table]);
}

function woff(tables) {
    const names = [...tables.keys()].sort();
    const header = Buffer.alloc(44 + 20 * names.length), body = [];
    let at = header.length, whole = 12 + 16 * names.length;
    names.forEach((name, i) => {
        const plain = tables.get(name), pressed = zlib.deflateSync(plain, { level: 9 });
        const stored = pressed.length < plain.length ? pressed : plain, filled = padded(plain);
        let sum = 0;
        for (let word = 0; word < filled.length; word += 4) sum = (sum + filled.readUInt32BE(word)) >>> 0;
        header.write(name, 44 + 20 * i, 'latin1');
        [at, stored.length, plain.length, sum].forEach((value, k) => header.writeUInt32BE(value, 48 + 20 * i + 4 * k));
        body.push(padded(stored));
        at += padded(stored).length;
        whole += filled.length;
    });
    header.write('wOFF', 0, 'latin1');
    header.writeUInt32BE(0x00010000, 4);
    header.writeUInt32BE(at, 8);
    header.writeUInt16BE(names.length, 12);
    header.writeUInt32BE(whole, 16);
    header.writeUInt16BE(1, 20);
    return Buffer.concat([header, ...body]);
}

// A font's way to a part of itself: (characters) -> WOFF. What the font does not have is left to the reader's machine.
export function cutter(font) {
    const tables = tables_of(font), glyph_of = characters_of(tables.get('cmap'));
    const wide = tables.get('head').readInt16BE(50) === 1, metrics = tables.get('hhea').readUInt16BE(34);
    const place = (glyph) => (wide ? tables.get('loca').readUInt32BE(4 * glyph) : 2 * tables.get('loca').readUInt16BE(2 * glyph));
    return (characters) => {
        const codes = [...new Set([...characters].map((one) => one.codePointAt(0)))].filter((code) => glyph_of.has(code)).sort((a, b) => a - b);
        const glyphs = [0, ...codes.map((code) => glyph_of.get(code))]; // in their new order; parts of them follow
        const outlines = [], places = [0], sides = [];
        for (let i = 0; i < glyphs.length; i += 1) {
            const glyph = glyphs[i], outline = Buffer.from(tables.get('glyf').subarray(place(glyph), place(glyph + 1)));
            for (const at of parts_of(outline)) {
                const part = outline.readUInt16BE(at);
                if (!glyphs.includes(part)) glyphs.push(part);
                outline.writeUInt16BE(glyphs.indexOf(part), at);
            }
            outlines.push(padded(outline));
            places.push(places[i] + outlines[i].length);
            const hmtx = tables.get('hmtx'), last = Math.min(glyph, metrics - 1);
            sides.push(hmtx.readUInt16BE(4 * last), hmtx.readUInt16BE(glyph < metrics ? 4 * glyph + 2 : 4 * metrics + 2 * (glyph - metrics)));
        }
        const changed = (name, ...changes) => {
            const table = Buffer.from(tables.get(name));
            for (const [at, value] of changes) table.writeUInt16BE(value, at);
            return table;
        };
        const post = Buffer.from(tables.get('post').subarray(0, 32));
        post.writeUInt32BE(0x00030000, 0); // no names of glyphs
        return woff(new Map([['head', changed('head', [8, 0], [10, 0], [50, 1])], ['hhea', changed('hhea', [34, glyphs.length])],
            ['maxp', changed('maxp', [4, glyphs.length])], ['OS/2', tables.get('OS/2')], ['name', tables.get('name')], ['post', post],
            ['hmtx', words(...sides)], ['cmap', character_table(codes)], ['glyf', Buffer.concat(outlines)],
            ['loca', Buffer.from(Uint32Array.from(places).buffer).swap32()]]));
    };
}

// The words of a picture by their weight.
function said(svg) {
    const found = { regular: new Set(), semibold: new Set() };
    const plain = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&#39;': "'" };
    for (const [, attributes, text] of svg.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)) {
        const weight = Number(/font-weight="(\d+)"/.exec(attributes)?.[1] ?? 400);
        for (const one of text.replace(/&[a-z#0-9]+;/g, (entity) => plain[entity] ?? entity)) found[weight >= 600 ? 'semibold' : 'regular'].add(one);
    }
    return found;
}

// For pictures with Korean in them; others stay as they are. `fonts` is {regular, semibold}: TrueType files.
export function glyph_bringer(fonts) {
    const cut = Object.fromEntries(Object.entries(fonts).map(([weight, font]) => [weight, cutter(font)]));
    const faces = new Map(); // both themes say the same
    return (svg) => {
        const words_said = said(svg);
        if (!/[\uAC00-\uD7A3]/.test([...words_said.regular, ...words_said.semibold].join(''))) return svg;
        const face = (weight, range) => {
            const text = [...words_said[weight]].sort().join('');
            if (!text) return '';
            const key = weight + text;
            if (!faces.has(key)) faces.set(key, cut[weight](text).toString('base64'));
            return `@font-face{font-family:"Scaleground Sans";font-weight:${range};src:url(data:font/woff;base64,${faces.get(key)})}`;
        };
        return svg.replace('<rect', () => `<style>${face('regular', '400')}${face('semibold', '600 700')}</style>\n<rect`);
    };
}
