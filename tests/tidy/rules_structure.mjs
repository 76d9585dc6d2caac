// Who may include whom, and how many places an element touches.
import path from 'node:path';
import { places } from './project.mjs';

const floors = { core: 0, sim: 1, kinds: 2, codec: 3, analysis: 3, cli: 4 };

// The floor a file stands on, or null outside the engine's sources.
function floor_of(name) {
    const match = name.match(/^engine\/(?:src\/(core|sim|kinds|codec|analysis)|(cli))\//);
    return match ? match[1] ?? match[2] : null;
}

// What an include names inside the project, or null.
function target_of(project, file, include) {
    const names = new Set((project.names ??= project.files.map((f) => f.name)));
    const near = path.posix.join(path.posix.dirname(file.name), include.what);
    const folders = { engine: ['engine/cli', 'engine/src', 'engine/include'], web: ['web', 'web/panels', 'engine/include', 'engine/src', 'engine/cli'] };
    const top = file.name.split('/')[0];
    const candidates = [near, ...(folders[top] ?? [...folders.web, 'tests']).map((folder) => `${folder}/${include.what}`)];
    return candidates.find((candidate) => names.has(candidate)) ?? null;
}

function includes_of(project, where) {
    return project.files.filter((file) => file.cpp && where.test(file.name)).flatMap((file) =>
        file.includes.map((include) => ({ file, include, target: target_of(project, file, include) })));
}

const at = (file, line, what, todo) => ({ where: `${file.name}:${line}`, what, todo });

export const engine_floors = {
    name: 'The engine is built in floors: core < sim < kinds < codec, analysis < cli',
    bad: { 'engine/src/core/a.hpp': '#include "sim/b.hpp"\n', 'engine/src/sim/b.hpp': '#pragma once\n' },
    check: (project) => includes_of(project, /^engine\//).flatMap(({ file, include, target }) => {
        const from = floor_of(file.name), to = target && floor_of(target);
        if (file.name.startsWith('engine/include/') && to) {
            return [at(file, include.line, `the public header includes ${target}`, 'keep public headers free of engine/src')];
        }
        if (!from || !to || floors[to] <= floors[from]) return [];
        return [at(file, include.line, `${from} includes ${target}, which stands above it`, `move what is needed down to ${from}`)];
    }),
};

export const engine_knows_no_outside = {
    name: 'The engine knows no ImGui, SDL, GL, Emscripten, files, wall clock or threads',
    bad: { 'engine/src/sim/a.cpp': '#include <thread>\n' },
    check: (project) => project.files.filter((file) => file.cpp && /^engine\//.test(file.name)).flatMap((file) => {
        const cli = file.name.startsWith('engine/cli/');
        const never = /^(imgui|SDL|GL|GLES|EGL|emscripten|thread|mutex|atomic|future|condition_variable|random|regex)/;
        const only_cli = /^(fstream|iostream|filesystem|chrono|ctime|time\.h|unistd\.h|sys\/(?!mman\.h)|fcntl\.h)/;
        return file.includes.filter((i) => never.test(i.what) || (!cli && only_cli.test(i.what))).map((i) =>
            at(file, i.line, `includes <${i.what}>`, cli ? 'the command does without it too' : 'leave it to engine/cli or web'));
    }),
};

export const web_sees_the_public_face = {
    name: 'web/ includes only engine/include; panels see web, not the other way; only tests include engine/src',
    bad: { 'web/a.cpp': '#include "core/b.hpp"\n', 'engine/src/core/b.hpp': '#pragma once\n' },
    check: (project) => includes_of(project, /^web\//).flatMap(({ file, include, target }) => {
        if (!target) return [];
        if (/^engine\/(src|cli)\//.test(target)) {
            return [at(file, include.line, `includes ${target}`, 'use what engine/include offers, or add it there')];
        }
        const up = target.startsWith('web/panels/') && !file.name.startsWith('web/panels/') && !/\/(all|panel)\.hpp$/.test(target);
        return up ? [at(file, include.line, `includes the panel ${target}`, 'web knows panels only through their list')] : [];
    }),
};

export const platform_seam = {
    name: 'Emscripten and SDL stay in web/platform_*.cpp, GL there and in web/board/*_gl.cpp',
    bad: { 'web/a.cpp': '#ifdef __EMSCRIPTEN__\n#endif\n' },
    check: (project) => project.files.filter((f) => f.cpp && /^(web|engine)\//.test(f.name) && !/^web\/platform_/.test(f.name)).flatMap((file) => {
        const gl_allowed = /^web\/board\/\w*_gl\.(cpp|hpp)$/.test(file.name);
        const included = file.includes.filter((i) => /^(emscripten|SDL)/.test(i.what) || (!gl_allowed && /^(GL|GLES\d|EGL|KHR|webgl)\//.test(i.what)));
        const switched = file.name.startsWith('web/') ? places(file.code, /\b__EMSCRIPTEN__\b|\bEM_JS\b|\bEM_ASM\b|\bEMSCRIPTEN_KEEPALIVE\b/g) : [];
        return [...included.map((i) => at(file, i.line, `includes <${i.what}>`, 'move it to web/platform_*.cpp')),
            ...switched.map((p) => at(file, p.line, `names ${p.match[0]}`, 'move the difference behind a platform header'))];
    }),
};

export const nothing_unused = {
    name: 'Every header is included, every module imported, every shader named',
    bad: { 'engine/src/core/lonely.hpp': '#pragma once\n' },
    check: (project) => {
        const found = [];
        const included = new Set(includes_of(project, /./).map((i) => i.target).filter(Boolean));
        const named_by_build = (name) => project.files.some((f) => /CMakeLists\.txt$|\.cmake$/.test(f.name) && f.text.includes(path.posix.basename(name)));
        for (const file of project.files) {
            if (file.name.endsWith('.hpp') && !included.has(file.name) && !named_by_build(file.name)) {
                found.push(at(file, 1, 'nobody includes this header', 'use it or delete it'));
            }
            if (/^public\/.*\.m?js$/.test(file.name) && path.posix.basename(file.name) !== 'sw.js') {
                const base = path.posix.basename(file.name);
                if (!project.files.some((f) => f !== file && /^public\//.test(f.name) && f.text.includes(base))) {
                    found.push(at(file, 1, 'nothing in public/ names this module', 'import it or delete it'));
                }
            }
            if (/^shaders\//.test(file.name)) {
                const stem = path.posix.basename(file.name).replace(/\..*/, '');
                if (!project.files.some((f) => f.cpp && f.name.startsWith('web/') && f.text.includes(stem))) {
                    found.push(at(file, 1, 'nothing in web/ names this shader', 'use it or delete it'));
                }
            }
        }
        return found;
    },
};

// Ids of kinds: the `.id = "..."` of each record in engine/src/kinds.
function kind_files(project) {
    return project.files.filter((f) => /^engine\/src\/kinds\/\w+\.cpp$/.test(f.name) && !/\/all\.cpp$/.test(f.name)).map((file) => ({
        file, stem: path.posix.basename(file.name, '.cpp'),
        ids: [...file.code_with_strings.matchAll(/\bid\s*=\s*"([\w-]+)"/g)].map((m) => m[1]),
    }));
}

export const no_switch_on_kind = {
    name: 'Nothing outside its own file compares with the id of a kind',
    bad: {
        'engine/src/kinds/queue.cpp': 'constexpr Kind queue{.id = "queue"};\n',
        'engine/src/codec/b.cpp': 'bool f() { return kind.id == "queue"; }\n',
    },
    check: (project) => {
        const kinds = kind_files(project);
        const ids = kinds.flatMap((k) => k.ids.length ? k.ids : [k.stem]);
        if (ids.length === 0) return [];
        const id = `"(?:${ids.join('|')})"(?:sv)?`;
        const pattern = new RegExp(`(?:kind|id)(?:\\(\\))?\\s*[=!]=\\s*${id}|${id}\\s*[=!]=|case\\s+[\\w:]*Kind\\w*::|\\bis_kind\\(\\s*${id}`, 'g');
        return project.files.filter((f) => f.cpp && /^(engine|web)\//.test(f.name)).flatMap((file) =>
            places(file.code_with_strings, pattern).filter(() => !kinds.some((k) => k.file === file)).map((p) =>
                at(file, p.line, `asks for one kind: ${p.match[0].trim()}`, 'let the record of the kind say what differs')));
    },
};

// Elements listed once: identifiers of all.cpp that carry the file's name may stand in those two files only.
function listed_once(project, folder, what) {
    const list = project.files.find((f) => f.name === `${folder}/all.cpp`);
    const elements = project.files.filter((f) => f.name.startsWith(`${folder}/`) && /\/\w+\.cpp$/.test(f.name) && f !== list);
    if (!list) return elements.length ? [at(elements[0], 1, `${folder}/all.cpp does not exist`, `list every ${what} there`)] : [];
    return elements.flatMap((file) => {
        const stem = path.posix.basename(file.name, '.cpp');
        const has_own_header = project.files.some((f) => f.name === `${folder}/${stem}.hpp`);
        const symbols = new Set([...list.code.matchAll(/\b[A-Za-z_]\w*\b/g)].map((m) => m[0]).filter((word) =>
            word === stem || word === `k_${stem}` || word.endsWith(`_${stem}`) || word.startsWith(`${stem}_`) || word.startsWith(`k_${stem}_`)));
        if (symbols.size === 0) {
            return has_own_header ? [] : [at(file, 1, `${folder}/all.cpp does not name ${stem}`, `add its line to ${folder}/all.cpp`)];
        }
        const own = [...symbols].filter((symbol) => new RegExp(`\\b${symbol}\\b`).test(file.code));
        return project.files.filter((f) => f.cpp && /^(engine|web)\//.test(f.name) && f !== file && f !== list).flatMap((other) =>
            own.flatMap((symbol) => places(other.code, new RegExp(`(?<![.:>])\\b${symbol}\\b(?!\\s*=)`, 'g')).slice(0, 1)
                .filter(() => symbol.includes(what)).map((p) =>
                    at(other, p.line, `names ${symbol} of ${file.name}`, `adding a ${what} may touch its file and all.cpp only`))));
    });
}

export const a_kind_touches_two_files = {
    name: 'Adding a kind touches 2 files: its own and engine/src/kinds/all.cpp',
    bad: {
        'engine/src/kinds/all.cpp': 'extern const Kind& queue_kind();\n', 'engine/src/kinds/queue.cpp': 'const Kind& queue_kind() {}\n',
        'engine/src/codec/a.cpp': 'auto& k = queue_kind();\n',
    },
    check: (project) => listed_once(project, 'engine/src/kinds', 'kind'),
};

export const a_panel_touches_two_files = {
    name: 'Adding a panel touches 2 files: its own and web/panels/all.cpp',
    bad: { 'web/panels/all.cpp': 'int a;\n', 'web/panels/clock.cpp': 'int b;\n' },
    check: (project) => listed_once(project, 'web/panels', 'panel'),
};

export const a_lesson_touches_one_file = {
    name: 'Adding a lesson touches 1 file: no list outside scenarios/ names them',
    bad: {
        'scenarios/ladder/01-one.json': '{}', 'scenarios/ladder/02-two.json': '{}', 'scenarios/ladder/03-three.json': '{}',
        'web/a.cpp': 'const char* all[] = {"01-one", "02-two", "03-three"};\n',
    },
    check: (project) => {
        const ids = project.files.filter((f) => /^scenarios\/(ladder|gallery)\/.*\.json$/.test(f.name)).map((f) => path.posix.basename(f.name, '.json'));
        return project.files.filter((f) => /^(engine|web|public|cmake)\//.test(f.name)).flatMap((file) => {
            const named = ids.filter((id) => file.text.includes(`"${id}"`) || file.text.includes(`'${id}'`));
            return named.length >= 3 ? [at(file, 1, `names the lessons ${named.join(', ')}`, 'read the list of scenarios/ instead')] : [];
        });
    },
};

// Two types of one name in one namespace compile, link, and call each other's functions.
export const one_name_one_type = {
    name: 'A type in a header has a name that no other header of its namespace uses',
    bad: {
        'web/a.hpp': '#pragma once\nnamespace n {\nstruct Box {\n    int x;\n};\n}\n',
        'web/board/b.hpp': '#pragma once\nnamespace n {\nstruct Box {\n    double x;\n};\n}\n',
    },
    check: (project) => {
        const seen = new Map();
        return project.files.filter((file) => file.cpp && /\.hpp$/.test(file.name)).flatMap((file) => {
            const space = [...file.text.matchAll(/^namespace ([\w:]+) \{/gm)].map((match) => match[1]).join('::');
            return [...file.text.matchAll(/^(?:struct|class|enum class) (\w+)[^;]*?\{/gm)].flatMap((match) => {
                const name = `${space}::${match[1]}`;
                const other = seen.get(name) ?? file;
                seen.set(name, other);
                const line = file.text.slice(0, match.index).split('\n').length;
                return other === file ? [] : [at(file, line, `${name} is also a type of ${other.name}`, 'give one of them a name of its own')];
            });
        });
    },
};
