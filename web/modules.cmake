# The two wasm modules of the page. Both export one factory function as an ES module.
set(module_flags -sMODULARIZE=1 -sEXPORT_ES6=1 -sALLOW_MEMORY_GROWTH=1 -sFILESYSTEM=0 -sDYNAMIC_EXECUTION=0
    -sEXIT_RUNTIME=0 ${scale_stack_flag}
    "-sEXPORTED_RUNTIME_METHODS=['ccall','cwrap','UTF8ToString','stringToUTF8','lengthBytesUTF8','HEAPU8']")

function(scale_module target environment)
    set_target_properties(${target} PROPERTIES SUFFIX ".mjs" RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/site")
    target_link_options(${target} PRIVATE ${module_flags} -sENVIRONMENT=${environment} -sEXPORT_NAME=${target}
        $<$<CONFIG:Release>:-O3> $<$<CONFIG:Release>:-flto> ${scale_inline_flag} $<$<CONFIG:Debug>:-sASSERTIONS=1>)
    scale_own(${target})
    scale_plain(${target})
endfunction()

if(TARGET scale_web AND scale_has_sdl2)
    add_executable(playground ${platform_sources} ${gl_sources})
    target_link_libraries(playground PRIVATE scale_web imgui_backends)
    target_link_options(playground PRIVATE -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2)
    scale_module(playground web)
endif()

add_executable(headless ${headless_sources})
target_link_libraries(headless PRIVATE scale_web_core)
scale_module(headless web,worker) # node can load it too, given `wasmBinary`
