# cmake --install puts the program, man pages, completions and docs in place; cpack -G DEB makes a package of it.
install(TARGETS lumi RUNTIME)
install(DIRECTORY man/ DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" FILES_MATCHING PATTERN "*.1")
install(FILES completions/lumi.bash DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME lumi)
install(FILES completions/_lumi DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
install(FILES completions/lumi.fish DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(DIRECTORY workers/ DESTINATION "${CMAKE_INSTALL_DATADIR}/lumi/workers" FILES_MATCHING PATTERN "*.py")
install(FILES README.md CHANGELOG.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs" FILES_MATCHING PATTERN "*.md")
install(DIRECTORY examples/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")

# The program contains these libraries, whose licences ask for their notices to go along.
foreach(package libcli11-dev libsqlitecpp-dev libsqlite3-dev nlohmann-json3-dev libspdlog-dev libfmt-dev libyaml-cpp-dev
        libssl-dev libstdc++6)
  install(FILES "/usr/share/doc/${package}/copyright" DESTINATION "${CMAKE_INSTALL_DOCDIR}/notices" RENAME "${package}" OPTIONAL)
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lumi)
set(CPACK_PACKAGE_CONTACT "The lumi authors <lumi@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Keeps datasets, scores predictions with ROUGE, BLEU, METEOR and other
metrics, and keeps every job with its results, in one SQLite file and a
folder of plain CSV and JSON.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "python3")  # runs the worker of provider hf
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libcurl4, wordnet-base")  # both are looked for at run time
include(CPack)
