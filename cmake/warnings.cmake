# Warnings for our own targets only.
add_library(fenqun_warnings INTERFACE)
target_compile_options(fenqun_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wnull-dereference $<$<BOOL:${FENQUN_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 raises these on inlined library code (std::vector, fmt, tl::expected) with no fault of ours.
  target_compile_options(fenqun_warnings INTERFACE -Wno-null-dereference -Wno-stringop-overflow -Wno-array-bounds
    -Wno-maybe-uninitialized -Wno-restrict)
endif()
