# Text files compiled into the programs: shaders and scenarios. Written at build time by cmake/embed_files.cmake.

# scale_embed(target OUTPUT name.hpp NAMESPACE ns FILES ...): a header in the build tree's `generated` folder
# holding an array `k_files` of {id, path, text}. The text is the file, byte for byte.
function(scale_embed target)
    cmake_parse_arguments(embed "" "OUTPUT;NAMESPACE" "FILES" ${ARGN})
    set(output "${CMAKE_BINARY_DIR}/generated/${embed_OUTPUT}")
    set(list_file "${CMAKE_BINARY_DIR}/generated/${embed_OUTPUT}.list")
    file(GENERATE OUTPUT "${list_file}" CONTENT "${embed_FILES}")
    add_custom_command(
        OUTPUT "${output}"
        COMMAND "${CMAKE_COMMAND}" -D "list=${list_file}" -D "output=${output}" -D "namespace=${embed_NAMESPACE}"
                -D "root=${CMAKE_SOURCE_DIR}" -P "${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake"
        DEPENDS ${embed_FILES} "${list_file}" "${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake"
        COMMENT "Embedding ${embed_OUTPUT}"
        VERBATIM)
    add_custom_target(${target} DEPENDS "${output}")
endfunction()
