# lumi_embed(<target> <name> <file>...): makes generated/<name>.hpp with one std::string_view per file, in the order given,
# as `inline constexpr EmbeddedFile k_<name>[]` of {file name, text}. Text files only.
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
  target_sources(${target} PRIVATE "${output}")
endfunction()
