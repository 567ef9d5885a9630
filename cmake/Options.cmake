# What every target of ours is compiled with.
add_library(lookalike_options INTERFACE)
target_include_directories(lookalike_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(lookalike_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers  # designated initializers leave out what has a default
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # GCC 12 sees overlaps in "literal" + std::string (its bug 105329)
if(LOOKALIKE_SANITIZE)
  # Without recovery: undefined behaviour ends the program, so that a test fails.
  target_compile_options(lookalike_options INTERFACE
    -fsanitize=${LOOKALIKE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(lookalike_options INTERFACE -fsanitize=${LOOKALIKE_SANITIZE})
endif()
if(LOOKALIKE_FUZZ)
  # One build serves the fuzz targets and the tests: libFuzzer's counters cost the tests little.
  target_compile_options(lookalike_options INTERFACE -fsanitize=fuzzer-no-link
    -fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/tests/fuzz/ignorelist.txt)
endif()
if(LOOKALIKE_TESTS)
  find_program(MOLD mold)  # links the sanitizers' large files several times faster
  if(MOLD)
    target_link_options(lookalike_options INTERFACE -fuse-ld=mold)
  endif()
endif()
find_program(CCACHE ccache)
if(CCACHE)
  # Without these ccache passes over whatever uses precompiled headers.
  set(CCACHE_SETTINGS CCACHE_SLOPPINESS=pch_defines,time_macros)
  if(LOOKALIKE_FUZZ)
    # It would not see that the list of what sanitizers pass over has changed.
    list(APPEND CCACHE_SETTINGS CCACHE_EXTRAFILES=${PROJECT_SOURCE_DIR}/tests/fuzz/ignorelist.txt)
  endif()
  set(CMAKE_CXX_COMPILER_LAUNCHER env ${CCACHE_SETTINGS} ${CCACHE})
endif()
