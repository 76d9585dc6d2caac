// Pictures of the page as a person sees them from far away: the means of small blocks. Antialiasing and a letter's
// exact place vanish in them; a panel that is missing, another theme or an empty canvas do not.
import fs from "node:fs";
import { find_package } from "./browsers.mjs";

const k_tile_blocks = 3; // across: a tile is judged as a whole

const png = async () => (await import(find_package("pngjs")).then((all) => all.default ?? all)).PNG;

// A screenshot in blocks of so many pixels: {width, height, data}, three bytes each. What is left over at the edges counts.
export async function in_blocks(shot, size) {
    const { width, height, data } = (await png()).sync.read(Buffer.from(shot));
    const [across, down] = [Math.ceil(width / size), Math.ceil(height / size)];
    const sums = new Float64Array(across * down * 4);
    for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
            const to = (Math.floor(y / size) * across + Math.floor(x / size)) * 4;
            const from = (y * width + x) * 4;
            for (let c = 0; c < 3; c += 1) sums[to + c] += data[from + c];
            sums[to + 3] += 1;
        }
    }
    const means = new Uint8Array(across * down * 3);
    for (let block = 0; block < across * down; block += 1)
        for (let c = 0; c < 3; c += 1) means[block * 3 + c] = Math.round(sums[block * 4 + c] / sums[block * 4 + 3]);
    return { width: across, height: down, data: means };
}

export async function write_blocks(file, { width, height, data }) {
    const PNG = await png();
    const image = new PNG({ width, height, colorType: 2, inputHasAlpha: false });
    image.data = Buffer.from(data);
    fs.writeFileSync(file, PNG.sync.write(image, { colorType: 2, inputHasAlpha: false, deflateLevel: 9 }));
}

export async function read_blocks(file) {
    const { width, height, data } = (await png()).sync.read(fs.readFileSync(file));
    return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (unused, i) => data[Math.floor(i / 3) * 4 + i % 3]) };
}

// How far two pictures are from each other: {worst, where, mean} in steps of 255. `worst` is of the tile that differs
// most, the mean of its blocks; pictures of different sizes differ in everything.
export function distance(a, b) {
    if (a.width !== b.width || a.height !== b.height)
        return { worst: 255, mean: 255, where: `${a.width} x ${a.height} against ${b.width} x ${b.height} blocks` };
    const tiles = new Map();
    let sum = 0;
    for (let y = 0; y < a.height; y += 1) {
        for (let x = 0; x < a.width; x += 1) {
            const at = (y * a.width + x) * 3;
            let off = 0;
            for (let c = 0; c < 3; c += 1) off += Math.abs(a.data[at + c] - b.data[at + c]) / 3;
            sum += off;
            const key = `${Math.floor(x / k_tile_blocks)},${Math.floor(y / k_tile_blocks)}`;
            const tile = tiles.get(key) ?? { sum: 0, count: 0 };
            tiles.set(key, { sum: tile.sum + off, count: tile.count + 1 });
        }
    }
    const [where, { sum: worst, count }] = [...tiles].sort((one, two) => two[1].sum / two[1].count - one[1].sum / one[1].count)[0];
    return { worst: worst / count, where: `tile ${where}`, mean: sum / (a.width * a.height) };
}

// A picture of which a part, in shares of its size, was wiped out: as if a panel were missing.
export function without({ width, height, data }, [left, top, right, bottom]) {
    const wiped = Uint8Array.from(data);
    const [x0, y0, x1, y1] = [left * width, top * height, right * width, bottom * height].map(Math.floor);
    const ground = [...data.slice((y0 * width + x0) * 3, (y0 * width + x0) * 3 + 3)];
    for (let y = y0; y < y1; y += 1) for (let x = x0; x < x1; x += 1) wiped.set(ground, (y * width + x) * 3);
    return { width, height, data: wiped };
}
