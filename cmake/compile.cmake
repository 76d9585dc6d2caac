# Flags of our own targets. Third-party targets never see them.

# Results must not depend on the compiler: no fused multiply-add unless written, and never fast-math.
set(scale_common_flags -ffp-contract=off)
# Large designs run through more code than the first-level cache holds: functions that begin at half a line or a whole
# one take fewer lines. 2 % of their time.
if(NOT EMSCRIPTEN)
    list(APPEND scale_common_flags -falign-functions=32)
endif()
if(SCALE_SANITIZE)
    # The engine has no run-time types, tests have: what one makes and the other releases would fail the vptr check.
    # gcc's sanitizer passes make three warnings guess wrong, so they are not errors there.
    list(APPEND scale_common_flags -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
    add_link_options(-fsanitize=address,undefined)
endif()
if(SCALE_COVERAGE)
    list(APPEND scale_common_flags --coverage -fprofile-update=atomic)
    add_link_options(--coverage)
endif()
if(SCALE_NATIVE_ARCH)
    list(APPEND scale_common_flags -march=native)
endif()

# What nearly every file includes, read once per target: a quarter of the time to build. Files name what they need all the
# same: ./test --all builds with clang++ without this.
option(SCALE_PRECOMPILE "Read the standard library's headers once per target" ON)
set(scale_precompiled <algorithm> <array> <bit> <cmath> <cstddef> <cstdint> <cstdio> <cstdlib> <cstring> <limits> <memory>
    <optional> <span> <string> <string_view> <utility> <vector>)

# A target of ours: C++20, warnings are errors.
function(scale_own target)
    if(SCALE_PRECOMPILE)
        target_precompile_headers(${target} PRIVATE ${scale_precompiled})
    endif()
    target_compile_features(${target} PUBLIC cxx_std_20)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
    target_compile_options(${target} PRIVATE ${scale_common_flags} -Wall -Wextra -Wshadow -Wconversion
                           -Wno-sign-conversion -Werror)
    if(SCALE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -Wno-error=maybe-uninitialized -Wno-error=restrict
                                                 -Wno-error=stringop-overflow -Wno-error=array-bounds)
    endif()
    if(EMSCRIPTEN AND CMAKE_BUILD_TYPE STREQUAL "Release")
        target_compile_options(${target} PRIVATE -flto)
    endif()
endfunction()

# What ships: no exceptions and no run-time types, natively too, so that both builds behave alike.
function(scale_plain target)
    target_compile_options(${target} PRIVATE -fno-exceptions $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
endfunction()

# A third-party target: optimised, silent.
function(scale_third_party target)
    target_compile_options(${target} PRIVATE ${scale_common_flags} -w)
    if(EMSCRIPTEN AND CMAKE_BUILD_TYPE STREQUAL "Release")
        target_compile_options(${target} PRIVATE -flto)
    endif()
endfunction()

# Of a linked wasm program. Copying large functions into others makes the main loop so large that V8 keeps its registers
# in memory: with LLVM's own limit (250) it is 2 % slower, and a hundredth larger.
if(EMSCRIPTEN)
    set(scale_inline_flag $<$<CONFIG:Release>:-Wl,-mllvm,-inline-threshold=60>)
endif()

# Emscripten renamed its stack setting (bytes) in 3.1.25, and lowered its default.
if(EMSCRIPTEN AND EMSCRIPTEN_VERSION VERSION_LESS 3.1.25)
    set(scale_stack_flag -sTOTAL_STACK=1048576)
elseif(EMSCRIPTEN)
    set(scale_stack_flag -sSTACK_SIZE=1048576)
endif()
