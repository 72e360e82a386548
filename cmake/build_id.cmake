# Build id: project version plus the commit when the tree was configured; part of every run's identity.
execute_process(COMMAND git -C ${CMAKE_SOURCE_DIR} describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE FENQUN_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT FENQUN_COMMIT)
  set(FENQUN_COMMIT unknown)
endif()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/build_id.inc CONTENT "\"${PROJECT_VERSION}+${FENQUN_COMMIT}\"\n" @ONLY)
