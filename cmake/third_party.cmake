# Targets of other people's code: scale::json, scale::zlib, scale::doctest, and imgui, SDL2 where they are there.

# Header-only libraries. Under Emscripten the system's include folder must not be on the path, so the two
# folders needed are linked into the build tree.
set(scale_header_links "${CMAKE_BINARY_DIR}/headers")
function(scale_header_library name probe folder)
    find_path(${name}_ROOT "${folder}/${probe}"
        HINTS /usr/include /usr/local/include /opt/homebrew/include NO_CMAKE_FIND_ROOT_PATH)
    add_library(scale_${name} INTERFACE)
    add_library(scale::${name} ALIAS scale_${name})
    if(NOT ${name}_ROOT)
        message(STATUS "${name}: not found; what needs it is left out (./test installs it)")
        set(scale_has_${name} OFF PARENT_SCOPE)
        return()
    endif()
    file(MAKE_DIRECTORY "${scale_header_links}/${name}")
    file(CREATE_LINK "${${name}_ROOT}/${folder}" "${scale_header_links}/${name}/${folder}" SYMBOLIC)
    target_include_directories(scale_${name} SYSTEM INTERFACE "${scale_header_links}/${name}")
    set(scale_has_${name} ON PARENT_SCOPE)
endfunction()
scale_header_library(json json.hpp nlohmann)
scale_header_library(doctest doctest.h doctest)

# zlib: the system's natively; for wasm its plain C sources.
if(EMSCRIPTEN)
    set(zlib_dir "${SCALE_DEPS}/zlib")
    set(zlib_parts adler32 compress crc32 deflate infback inffast inflate inftrees trees uncompr zutil)
    list(TRANSFORM zlib_parts PREPEND "${zlib_dir}/")
    list(TRANSFORM zlib_parts APPEND ".c")
    if(NOT EXISTS "${zlib_dir}/deflate.c")
        message(FATAL_ERROR "zlib's sources are not in ${zlib_dir}: run ./play --build once, it fetches them")
    endif()
    add_library(zlib_source STATIC ${zlib_parts})
    target_include_directories(zlib_source SYSTEM PUBLIC "${zlib_dir}")
    scale_third_party(zlib_source)
    if(CMAKE_BUILD_TYPE STREQUAL "Release")
        target_compile_options(zlib_source PRIVATE -Oz) # links are short
    endif()
    add_library(scale::zlib ALIAS zlib_source)
else()
    find_package(ZLIB REQUIRED)
    add_library(scale_zlib INTERFACE)
    target_link_libraries(scale_zlib INTERFACE ZLIB::ZLIB)
    add_library(scale::zlib ALIAS scale_zlib)
endif()

# Dear ImGui: the core everywhere, its SDL2 and OpenGL backends only for the page.
set(imgui_dir "${SCALE_DEPS}/imgui")
if(EXISTS "${imgui_dir}/imgui.cpp")
    set(scale_has_imgui ON)
    add_library(imgui STATIC "${imgui_dir}/imgui.cpp" "${imgui_dir}/imgui_draw.cpp"
                             "${imgui_dir}/imgui_tables.cpp" "${imgui_dir}/imgui_widgets.cpp")
    target_include_directories(imgui SYSTEM PUBLIC "${imgui_dir}" "${imgui_dir}/backends")
    target_compile_features(imgui PUBLIC cxx_std_20)
    target_compile_definitions(imgui PUBLIC IMGUI_DISABLE_OBSOLETE_FUNCTIONS IMGUI_DISABLE_DEMO_WINDOWS)
    if(EXISTS "${CMAKE_SOURCE_DIR}/web/imgui_config.hpp")
        target_compile_definitions(imgui PUBLIC IMGUI_USER_CONFIG="${CMAKE_SOURCE_DIR}/web/imgui_config.hpp")
    endif()
    scale_third_party(imgui)
    scale_plain(imgui)
else()
    set(scale_has_imgui OFF)
    message(STATUS "imgui: not in ${imgui_dir}; the playground and tests/web are left out (./play fetches it)")
endif()

# SDL2 and ImGui's backends: only the page needs them, so only Emscripten builds them. SDL's own build spends
# minutes asking the compiler what it can do; its sources carry the answers for Emscripten
# (SDL_config_emscripten.h), so the few parts used are compiled directly.
set(scale_has_sdl2 OFF)
if(EMSCRIPTEN AND scale_has_imgui AND EXISTS "${SCALE_DEPS}/sdl2/src/SDL.c")
    set(scale_has_sdl2 ON)
    set(sdl2_dir "${SCALE_DEPS}/sdl2")
    set(sdl2_parts . atomic cpuinfo events file filesystem/emscripten haptic haptic/dummy joystick joystick/dummy
        libm loadso/dummy locale locale/emscripten main/dummy misc misc/emscripten power power/emscripten render sensor
        sensor/dummy stdlib thread thread/generic timer timer/unix video video/yuv2rgb video/emscripten)
    list(TRANSFORM sdl2_parts PREPEND "${sdl2_dir}/src/")
    list(TRANSFORM sdl2_parts APPEND "/*.c")
    file(GLOB sdl2_sources ${sdl2_parts})
    file(WRITE "${CMAKE_BINARY_DIR}/headers/sdl2/SDL_revision.h" "#define SDL_REVISION \"2.26.5\"\n#define SDL_REVISION_NUMBER 0\n")
    add_library(sdl2 STATIC ${sdl2_sources})
    target_include_directories(sdl2 SYSTEM PUBLIC "${sdl2_dir}/include" "${CMAKE_BINARY_DIR}/headers/sdl2")
    target_compile_options(sdl2 PRIVATE "SHELL:-include ${CMAKE_SOURCE_DIR}/cmake/sdl2_config.h")
    scale_third_party(sdl2)
    if(CMAKE_BUILD_TYPE STREQUAL "Release")
        target_compile_options(sdl2 PRIVATE -Oz)
    endif()

    add_library(imgui_backends STATIC "${imgui_dir}/backends/imgui_impl_sdl2.cpp"
                                      "${imgui_dir}/backends/imgui_impl_opengl3.cpp")
    # The SDL2 backend uses EM_JS helpers without including their header.
    target_compile_options(imgui_backends PRIVATE "SHELL:-include emscripten/emscripten.h")
    target_compile_definitions(imgui_backends PUBLIC IMGUI_IMPL_OPENGL_ES3)
    target_link_libraries(imgui_backends PUBLIC imgui sdl2)
    scale_third_party(imgui_backends)
    scale_plain(imgui_backends)
    if(CMAKE_BUILD_TYPE STREQUAL "Release")
        target_compile_options(imgui_backends PRIVATE -Oz)
    endif()
endif()
