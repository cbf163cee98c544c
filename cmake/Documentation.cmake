# man/ and completions/ are committed; `cmake --build <dir> --target docs` makes them again from the command tree.
add_custom_target(docs
  COMMAND lumi __generate man --out "${PROJECT_SOURCE_DIR}/man"
  COMMAND lumi __generate json-docs --out "${PROJECT_SOURCE_DIR}/docs"
  COMMAND lumi __generate schema-docs --out "${PROJECT_SOURCE_DIR}/docs"
  VERBATIM)
