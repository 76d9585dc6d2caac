# Shared by ./play and ./test: steps that report themselves, packages, fetched sources, builds.
# Everything lands in build/ (or the system's packages); nothing is done twice.

set -u -o pipefail
export LC_ALL=C.UTF-8 NINJA_STATUS='[%f/%t] ' DEBIAN_FRONTEND=noninteractive
unset CDPATH

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
deps="$root/build/deps"
logs="$root/build/logs"
mkdir -p "$deps" "$logs"
cd "$root" || exit 1

jobs="${JOBS:-$(nproc 2>/dev/null || echo 2)}"
on_terminal=no
[ -t 1 ] && on_terminal=yes

# ---- steps ---------------------------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }

# stop WHAT WHAT-TO-DO: ends the command with a reason.
stop() {
    printf '\n%s\n' "$1" >&2
    [ $# -gt 1 ] && printf '%s\n' "$2" >&2
    exit 1
}

now_ms() { local t=$EPOCHREALTIME; t=${t/[.,]/}; echo $((t / 1000)); }

step_pid=
end_step() { [ -n "$step_pid" ] && kill -- "-$step_pid" 2>/dev/null; step_pid=; }
trap end_step EXIT
trap 'end_step; exit 130' INT TERM

# How far the running step is: ninja's counter, else the last short line of its log.
progress_of() {
    local line
    line="$(tail -c 4000 "$1" 2>/dev/null | tr '\r' '\n' | grep -aoE '^\[[0-9]+/[0-9]+\]' | tail -1)"
    [ -z "$line" ] && line="$(tail -c 2000 "$1" 2>/dev/null | tr '\r' '\n' | grep -aE '[[:print:]]' | tail -1 | cut -c1-60)"
    printf '%s' "$line"
}

# The part of a log that says what went wrong: the tests that failed, the first compiler errors, else its end.
show_failure() {
    if grep -aqE '^ *(FAIL|not ok)|: (FATAL )?ERROR: ' "$1"; then
        grep -aE -m 6 -B 4 -A 8 '^ *(FAIL|not ok)|: (FATAL )?ERROR: ' "$1"
    elif grep -aqE '(error|Error):' "$1"; then
        grep -anE -m 6 -A 3 '(error|Error):' "$1" | grep -av -- '-isystem'
    else
        tail -n 30 "$1"
    fi
}

# run_step TITLE COMMAND...: runs it with its output in build/logs, prints one line with the seconds it took, and
# shows while it runs that it moves. Returns the command's status; prints the end of the log when it failed.
step_log=
run_step() {
    local title="$1" started status=0 shown=0 waited
    shift
    step_log="$logs/$(printf '%s' "$title" | tr -cs 'A-Za-z0-9+' '-' | sed 's/-$//').log"
    started=$(now_ms)
    set -m
    ("$@") >"$step_log" 2>&1 </dev/null &
    step_pid=$!
    set +m
    while kill -0 "$step_pid" 2>/dev/null; do
        waited=$(($(now_ms) - started))
        if [ $on_terminal = yes ] && [ $waited -gt 300 ]; then
            printf '\r\033[K  %-44s %4d s  %s' "$title" $((waited / 1000)) "$(progress_of "$step_log")"
        elif [ $((waited / 15000)) -gt $shown ]; then
            shown=$((waited / 15000))
            printf '  … %-42s %4d s  %s\n' "$title" $((waited / 1000)) "$(progress_of "$step_log")"
        fi
        if [ $waited -lt 2000 ]; then sleep 0.05; else sleep 0.5; fi
    done
    wait "$step_pid" || status=$?
    step_pid=
    waited=$(($(now_ms) - started))
    [ $on_terminal = yes ] && printf '\r\033[K'
    if [ $status -eq 0 ]; then
        printf '  %-44s %4d.%d s\n' "$title" $((waited / 1000)) $((waited % 1000 / 100))
    else
        printf '  %-44s %4d.%d s  FAILED (status %d)\n' "$title" $((waited / 1000)) $((waited % 1000 / 100)) $status
        show_failure "$step_log" | cut -c1-400 | sed 's/^/    | /'
        printf '    The whole log: %s\n' "${step_log#"$root"/}"
    fi
    return $status
}

# must TITLE WHAT-TO-DO COMMAND...: a step that nothing can go on without.
must() {
    local title="$1" hint="$2"
    shift 2
    run_step "$title" "$@" || stop "Stopped: \"$title\" failed." "$hint"
}

# Two set-ups at once in one folder would spoil each other's builds.
one_at_a_time() {
    command -v flock >/dev/null 2>&1 || return 0
    exec 9>"$root/build/.lock"
    flock -n 9 && return
    say "  Another ./play or ./test is at work in this folder: waiting for it."
    flock 9
}

# ---- packages ------------------------------------------------------------------------------------------

# Debian's own python has the modules apt installs; another python on PATH may not.
python() { if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else echo python3; fi; }

is_there() {
    case "$1" in
    /*) compgen -G "$1" >/dev/null ;;
    python:*) "$(python)" -c "import ${1#python:}" 2>/dev/null ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# dpkg's unsafe-io only leaves out a flush to disk after every file; the hundreds of small packages of npm take
# minutes with it on a slow disk.
install_packages() {
    local as_root="$1" options="-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Options::=--force-unsafe-io"
    shift
    if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null ||
        [ -n "$(find /var/lib/apt/lists -maxdepth 0 -mtime +1)" ]; then
        $as_root apt-get $options -q update
    fi
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get $options -q -y --no-install-recommends install "$@" && return
    $as_root apt-get $options -q update
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get $options -q -y --no-install-recommends install "$@"
}

# need PACKAGE:PROBE...: each probe is a command, a path (wildcards allowed) or python:MODULE that must be there. Missing ones are
# installed as their Debian packages; elsewhere the message says what is missing.
need() {
    local entry missing=() probes=() as_root=
    for entry in "$@"; do
        if ! is_there "${entry#*:}"; then
            missing+=("${entry%%:*}")
            probes+=("${entry#*:}")
        fi
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null 2>&1 || stop "Missing here: ${probes[*]}" \
        "Install what your system calls these Debian packages, then run this again: ${missing[*]}"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || stop "Missing here: ${missing[*]}" \
            "Run as root, then run this again: apt-get install --no-install-recommends ${missing[*]}"
        as_root=sudo
        sudo -v || stop "sudo was refused." "Run as root: apt-get install --no-install-recommends ${missing[*]}"
    fi
    must "Install ${#missing[@]} packages: ${missing[*]:0:3}$([ ${#missing[@]} -gt 3 ] && echo ' …')" \
        "Try it by hand: apt-get update && apt-get install --no-install-recommends ${missing[*]}" \
        install_packages "$as_root" "${missing[@]}"
    hash -r
    for entry in "$@"; do
        is_there "${entry#*:}" || stop "${entry%%:*} is installed, but ${entry#*:} is still not there." \
            "Install something that provides ${entry#*:}, then run this again."
    done
}

# ---- fetched sources -----------------------------------------------------------------------------------

pins="$root/cmake/dependencies.txt"

hash_of_files() { (cd "$1" && find . -type f ! -name .version | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1); }

# The files of a source package that the build uses; the rest is not kept.
files_used() {
    case "$1" in
    imgui)
        ls LICENSE.txt imconfig.h imgui.cpp imgui.h imgui_demo.cpp imgui_draw.cpp imgui_internal.h \
            imgui_tables.cpp imgui_widgets.cpp imstb_rectpack.h imstb_textedit.h imstb_truetype.h \
            backends/imgui_impl_sdl2.cpp backends/imgui_impl_sdl2.h backends/imgui_impl_opengl3.cpp \
            backends/imgui_impl_opengl3.h backends/imgui_impl_opengl3_loader.h
        ;;
    sdl2)
        find LICENSE.txt include src \( -path src/hidapi -o -path src/render/metal -o -path src/video/os2 \
            -o -path src/test -o -name SDL_revision.h \) -prune -o -type f \( -name '*.[ch]' -o -name LICENSE.txt \) -print
        ;;
    zlib) ls ./*.c ./*.h ;;
    esac
}

keep_used_files() { # name, folder of the unpacked source
    local to="$deps/$1.new"
    rm -rf "$to" && mkdir -p "$to"
    (cd "$2" && files_used "$1" | tar cf - -T -) | tar xf - -C "$to"
}

# The machine's own Debian sources, rewritten to offer source packages of another suite; the system is not touched.
write_private_sources() { # suite, folder
    local suite="$1" to="$2" file
    mkdir -p "$to/parts" "$to/lists/partial" "$to/cache/archives/partial"
    for file in /etc/apt/sources.list.d/debian.sources; do
        [ -e "$file" ] || continue
        awk -v RS= -v ORS='\n\n' '!/security/' "$file" |
            sed -e 's/^Types:.*/Types: deb-src/' -e "s/^Suites:.*/Suites: $suite/" >"$to/parts/$suite.sources"
    done
    [ -s "$to/parts/$suite.sources" ] && return
    # One-line format: deb [options] uri suite components
    sed -n -E "/security|updates|backports/d; s/^deb( +\[[^]]*\])? +([^ ]*debian[^ ]*) +[^ ]+ +.*/deb-src\1 \2 $suite main/p" \
        /etc/apt/sources.list 2>/dev/null | sort -u | head -1 >"$to/parts/$suite.list"
    [ -s "$to/parts/$suite.list" ]
}

fetch_from_debian() { # name, package=version, suite
    local work="$deps/.fetch/$1-$3" version="${2#*=}" options archive
    command -v apt-get >/dev/null 2>&1 || return 1
    rm -rf "$work" && mkdir -p "$work/download" && write_private_sources "$3" "$work" || return 1
    # A mirror that lags, or a clock that runs ahead, is no reason to stop: the files are held against a pinned hash.
    options="-q -o Acquire::Check-Valid-Until=false -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$work/parts -o Acquire::Retries=3
        -o Dir::State::Lists=$work/lists -o Dir::Cache=$work/cache -o APT::Sandbox::User=$(id -un)"
    apt-get $options update || return 1
    (cd "$work/download" && apt-get $options source --download-only "${2%%=*}=$version") || {
        echo "$2 is not in Debian's $3 (any more)."
        apt-cache $options showsrc "${2%%=*}" 2>/dev/null | grep '^Version:' | sed 's/^/  offered there: /'
        return 1
    }
    archive="$(ls "$work"/download/*.orig.tar.*)"
    mkdir -p "$work/source" && tar xf "$archive" -C "$work/source" --strip-components=1 || return 1
    keep_used_files "$1" "$work/source"
}

fetch_from_git() { # name, repository, commit
    local work="$deps/.fetch/$1-git"
    command -v git >/dev/null 2>&1 || { echo "git is not installed, so $2 cannot be asked."; return 3; }
    rm -rf "$work" && git init -q "$work" && cd "$work" || return 1
    GIT_TERMINAL_PROMPT=0 timeout 300 git fetch -q --depth 1 "$2" "$3" && git checkout -q FETCH_HEAD || return 1
    [ "$(git rev-parse HEAD)" = "$3" ] || { echo "$2 answered with another commit than $3."; return 1; }
    keep_used_files "$1" "$work"
}

accept_source() { # name, hash, how
    local found
    found="$(hash_of_files "$deps/$1.new")"
    if [ "$found" != "$2" ]; then
        echo "$1 ($3): its files hash to $found, expected $2. Not used."
        return 1
    fi
    rm -rf "${deps:?}/$1" && mv "$deps/$1.new" "$deps/$1" && echo "$2" >"$deps/$1/.version"
}

fetch_source() {
    local name="$1" kind row_name package suites hash repository commit suite
    while read -r kind row_name package suites hash repository commit; do
        [ "$kind $row_name" = "source $name" ] || continue
        for suite in ${suites//,/ }; do
            fetch_from_debian "$name" "$package" "$suite" && accept_source "$name" "$hash" "Debian $suite" && return
        done
        (fetch_from_git "$name" "$repository" "$commit")
        case $? in
        0) accept_source "$name" "$hash" "git $commit" && return ;;
        3) return 3 ;;
        esac
    done <"$pins"
    echo "None of the versions of $name pinned in cmake/dependencies.txt could be fetched and verified."
    return 1
}

have_source() {
    local version
    version="$(cat "$deps/$1/.version" 2>/dev/null)" || return 1
    grep -q "^source $1 .* $version " "$pins"
}

reach="Debian's archive or the git host must be reachable; or add a version you can reach to cmake/dependencies.txt."

fetch_sources() {
    local name
    for name in imgui sdl2 zlib; do
        have_source "$name" && continue
        run_step "Fetch the source of $name" fetch_source "$name" && continue
        [ $? = 3 ] || stop "Stopped: the source of $name could not be fetched." "$reach"
        need git:git
        must "Fetch the source of $name from its git host" "$reach" fetch_source "$name"
    done
    rm -rf "$deps/.fetch"
}

quiet_npm() {
    PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 NODE_PATH= npm --no-fund --no-audit \
        --no-update-notifier --loglevel=error "$@"
}

fetch_npm() { # name: unpacks the pinned package into build/deps/NAME-npm
    local kind row_name package hash found archive work="$deps/.fetch/$1-npm"
    rm -rf "$work" && mkdir -p "$work"
    while read -r kind row_name package hash _; do
        [ "$kind $row_name" = "npm $1" ] || continue
        (cd "$work" && quiet_npm pack "$package") || continue
        archive="$(ls "$work"/*.tgz)"
        found="$(sha256sum "$archive" | cut -d' ' -f1)"
        if [ "$found" != "$hash" ]; then
            echo "$package: its archive hashes to $found, expected $hash. Not used."
            rm -f "$archive"
            continue
        fi
        mkdir -p "$deps/$1-npm" && tar xzf "$archive" -C "$deps/$1-npm" --strip-components=1 && return
    done <"$pins"
    echo "No pinned version of $1 could be fetched and verified."
    return 1
}

# ---- fonts ---------------------------------------------------------------------------------------------

# fontTools, where it is not installed: Debian's package unpacked into build/deps, because installing it would bring a
# hundred others (scipy, boost) that subsetting does not use.
font_tools() {
    "$(python)" -c 'import fontTools' 2>/dev/null && return
    local at="$deps/fonttools/usr/lib/python3/dist-packages"
    if [ ! -d "$at/fontTools" ]; then
        command -v apt-get >/dev/null 2>&1 ||
            { echo "The python module fontTools is missing here: python3 -m pip install fonttools"; return 1; }
        rm -rf "$deps/fonttools" && mkdir -p "$deps/fonttools"
        (cd "$deps/fonttools" && apt-get -q -o APT::Sandbox::User="$(id -un)" download python3-fonttools &&
            dpkg-deb -x ./*.deb .) || return 1
    fi
    export PYTHONPATH="$at"
}

make_fonts() {
    rm -rf "$deps/suit-npm" "$deps/lucide-npm" "$deps/fonts" && fetch_npm suit && fetch_npm lucide || return 1
    font_tools || return 1
    mkdir -p "$deps/fonts" "$deps/lucide"
    cp "$deps/lucide-npm/font/codepoints.json" "$deps/lucide/"
    "$(python)" cmake/fonts.py "$deps/suit-npm" "$deps/lucide-npm" web/icons.txt "$deps/fonts" || return 1
    rm -rf "$deps/suit-npm" "$deps/lucide-npm" "$deps/.fetch"
}

# The interface's fonts: see cmake/fonts.py. Made again when their recipe or the list of icons changes.
fonts() {
    local recipe
    recipe="$(cat cmake/fonts.py web/icons.txt "$pins" | sha256sum | cut -d' ' -f1)"
    [ "$(cat "$deps/fonts/.version" 2>/dev/null)" = "$recipe" ] && return
    must "Make the fonts (SUIT, icons)" "The npm registry must be reachable (npm config get registry)." make_fonts
    echo "$recipe" >"$deps/fonts/.version"
}

# ---- builds --------------------------------------------------------------------------------------------

# What every build needs; installed together, because each call of apt costs seconds.
site_tools=(cmake:cmake ninja-build:ninja nlohmann-json3-dev:'/usr/*include/nlohmann/json.hpp' xz-utils:xz bzip2:bzip2
    ca-certificates:/etc/ssl/certs/ca-certificates.crt emscripten:emcc nodejs:node npm:npm)

# Finds out about the Emscripten and the node there are.
look_at_emscripten() {
    local where
    where="$(readlink -f "$(command -v emcc)")"
    # Debian's Emscripten finds acorn only through Debian's node; other nodes are told where it is.
    case "$where" in /usr/share/emscripten/* | /usr/bin/*) export NODE_PATH=/usr/share/nodejs ;; esac
    emcc_version="$(cat "$(dirname "$where")/emscripten-version.txt" 2>/dev/null | tr -d '"')"
    [ -n "$emcc_version" ] || emcc_version="$(emcc -dumpversion 2>/dev/null)"
    [ "$(printf '%s\n' 3.1.6 "${emcc_version%%-*}" | sort -V | head -1)" = 3.1.6 ] ||
        stop "Emscripten $emcc_version is too old; 3.1.6 or newer is needed." "Take the old emcc off PATH, or update it."
    node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' ||
        stop "node $(node --version) is too old; 18 or newer is needed." "Install a newer nodejs, then run this again."
}

# Emscripten 3.1.6's programs try to fetch() their own file when node has fetch; newer nodes and emcc do not mind.
node_for_wasm() {
    if node --no-experimental-fetch -e 0 2>/dev/null; then
        node --no-experimental-fetch --stack-size=4000 "$@"
    else
        node "$@"
    fi
}

# configure FOLDER ARGUMENT...: only when something it depends on changed; cmake itself watches the CMake files.
configure() {
    local folder="build/$1" wanted
    shift
    wanted="$* $(cat "$deps"/{imgui,sdl2,zlib}/.version 2>/dev/null | tr '\n' ' ') ${CC:-} ${CXX:-}"
    [ -e "$folder/build.ninja" ] && [ "$(cat "$folder/.configured" 2>/dev/null)" = "$wanted" ] && return
    rm -rf "$folder/CMakeCache.txt" "$folder/CMakeFiles"
    "$@" -G Ninja -S . -B "$folder" >"$logs/configure.log" 2>&1 || { cat "$logs/configure.log"; return 1; }
    printf '%s' "$wanted" >"$folder/.configured"
}

# build FOLDER "CMAKE ARGUMENTS" TARGET...: targets that do not exist (their sources are not written yet) are left out.
build() {
    local folder="$1" arguments="$2" known target targets=()
    shift 2
    case "$folder" in
    wasm*) configure "$folder" emcmake cmake $arguments || return 1 ;;
    *) configure "$folder" cmake $arguments || return 1 ;;
    esac
    # A new file may have brought a new program: look before asking what there is.
    ninja -C "build/$folder" build.ninja || return 1
    ninja -C "build/$folder" -t targets all >"build/$folder/.targets"
    for target in "$@"; do
        grep -q "^$target: phony" "build/$folder/.targets" && targets+=("$target")
    done
    [ ${#targets[@]} -eq 0 ] && { echo "nothing to build"; return 0; }
    ninja -j "$jobs" -C "build/$folder" "${targets[@]}"
}

# Everything ./play --build does: the site in build/site.
make_site() {
    need "${site_tools[@]}"
    look_at_emscripten
    fetch_sources
    fonts
    must "Build the page (Emscripten $emcc_version)" "The first error above is the one to look at." \
        build wasm "-DCMAKE_BUILD_TYPE=Release" playground headless
    must "Put the site together in build/site" "See the message above." \
        node cmake/site.mjs build/wasm/site build/deps/fonts build/site
    tail -n 1 "$step_log"
}
