# Imported target duckdb::duckdb from DUCKDB_ROOT (cache or environment), a system install, or .deps/duckdb (tools/setup).
set(_duckdb_hints ${DUCKDB_ROOT} $ENV{DUCKDB_ROOT} /usr/local /usr ${CMAKE_SOURCE_DIR}/.deps/duckdb)
find_path(DUCKDB_INCLUDE duckdb.h HINTS ${_duckdb_hints} PATH_SUFFIXES include . NO_DEFAULT_PATH)
find_library(DUCKDB_LIBRARY NAMES duckdb HINTS ${_duckdb_hints} PATH_SUFFIXES lib . NO_DEFAULT_PATH)
if(NOT DUCKDB_INCLUDE OR NOT DUCKDB_LIBRARY)
  message(FATAL_ERROR "DuckDB not found: run tools/setup, or pass -DDUCKDB_ROOT=FOLDER with include/duckdb.h and lib/libduckdb.so")
endif()
add_library(duckdb::duckdb SHARED IMPORTED)
set_target_properties(duckdb::duckdb PROPERTIES IMPORTED_LOCATION ${DUCKDB_LIBRARY} IMPORTED_NO_SONAME ON
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE} INTERFACE_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE})
