# lumi_embed(<target> <name> <file>...): makes generated/embedded/<name>.hpp with the files' bytes, in the order given,
# as `inline constexpr EmbeddedFile k_<name>[]` of {file name, text}.
function(lumi_embed target name)
  set(output "${PROJECT_BINARY_DIR}/generated/embedded/${name}.hpp")
  set(files)
  foreach(file IN LISTS ARGN)
    list(APPEND files "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  endforeach()
  string(JOIN "|" joined ${files})
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" -D "NAME=${name}" -D "FILES=${joined}" -D "OUTPUT=${output}" -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/embed.cmake" VERBATIM)
  # A target of its own: a folder that adds sources to another folder's target may embed files too.
  add_custom_target(embed_${name} DEPENDS "${output}")
  add_dependencies(${target} embed_${name})
endfunction()
