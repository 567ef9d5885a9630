# `cmake --install` and `cpack -G DEB`. models/CMakeLists.txt installs the catalogue and the converter.
include(GNUInstallDirs)
install(TARGETS lookalike RUNTIME)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN "*.py" PATTERN "*.sh")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lookalike)
set(CPACK_PACKAGE_CONTACT "The Lookalike authors <lookalike@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# MobileNetV1 comes through npm and is converted by Python where MobileNetV2's host is out of reach.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "npm, python3")
include(CPack)
