# FENQUN_SANITIZE: address (with undefined), thread, or fuzz (both of the first, with coverage for libFuzzer; clang).
add_library(fenqun_sanitize INTERFACE)
if(FENQUN_SANITIZE STREQUAL "address")
  target_compile_options(fenqun_sanitize INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer)
  target_link_options(fenqun_sanitize INTERFACE -fsanitize=address,undefined)
elseif(FENQUN_SANITIZE STREQUAL "fuzz")
  target_compile_options(fenqun_sanitize INTERFACE -fsanitize=address,undefined,fuzzer-no-link -fno-omit-frame-pointer
    -fno-sanitize-recover=undefined)
  target_link_options(fenqun_sanitize INTERFACE -fsanitize=address,undefined)
elseif(FENQUN_SANITIZE STREQUAL "thread")
  target_compile_options(fenqun_sanitize INTERFACE -fsanitize=thread)
  target_link_options(fenqun_sanitize INTERFACE -fsanitize=thread)
  # TBB's headers half inside the sanitizer's view and its library outside it look like races everywhere.
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/base/worker_pool.cpp PROPERTIES
    COMPILE_OPTIONS -fno-sanitize=thread COMPILE_DEFINITIONS FENQUN_THREAD_SANITIZER)
endif()
