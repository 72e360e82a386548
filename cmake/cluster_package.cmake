# The clustering engine as a library outside of this program: find_package(fenqun COMPONENTS cluster), fenqun::cluster.
#   cmake --build build/release --target cluster_package
#   cmake --install build/release --component cluster --prefix FOLDER
# Of base it takes what the numbers need, so neither the database nor YAML nor logging come along. It is compiled apart
# from the rooms, for they are compiled for link-time optimisation, which binds an archive to one compiler.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
find_package(tl-expected REQUIRED)

set(package_base assert error matrix random result wide_allocator worker_pool)
file(GLOB package_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/cluster/*.cpp)
file(GLOB package_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/cluster/*.hpp)
foreach(header IN LISTS package_headers)
  file(STRINGS ${header} head LIMIT_COUNT 4 REGEX "^//")
  string(REPLACE "//" "" head "${head}")
  string(REGEX REPLACE "[; \n]+" " " head "${head}")
  if(head MATCHES "inside the room")
    list(REMOVE_ITEM package_headers ${header})
  endif()
endforeach()
list(TRANSFORM package_base PREPEND ${CMAKE_SOURCE_DIR}/src/base/)
list(TRANSFORM package_base APPEND .hpp)

add_library(fenqun_cluster_package STATIC EXCLUDE_FROM_ALL ${package_sources}
  ${CMAKE_SOURCE_DIR}/src/base/placeholders.cpp ${CMAKE_SOURCE_DIR}/src/base/worker_pool.cpp)
fenqun_sentences(fenqun_cluster_package)
add_custom_target(cluster_package DEPENDS fenqun_cluster_package)
set_target_properties(fenqun_cluster_package PROPERTIES EXPORT_NAME cluster OUTPUT_NAME fenqun_cluster
  ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/package)
target_compile_features(fenqun_cluster_package PUBLIC cxx_std_20)
target_compile_options(fenqun_cluster_package PRIVATE -ffp-contract=off)
target_include_directories(fenqun_cluster_package PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/fenqun>)
target_link_libraries(fenqun_cluster_package PUBLIC tl::expected PRIVATE fmt::fmt hwy::hwy TBB::tbb Threads::Threads
  $<BUILD_INTERFACE:fenqun_warnings>)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/fenqun)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/fenqun-config.cmake.in ${CMAKE_BINARY_DIR}/package/fenqun-config.cmake
  INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/fenqun-config-version.cmake COMPATIBILITY SameMinorVersion)
set(installed COMPONENT cluster EXCLUDE_FROM_ALL)
install(TARGETS fenqun_cluster_package EXPORT fenqun_cluster ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} ${installed})
install(EXPORT fenqun_cluster NAMESPACE fenqun:: FILE fenqun-cluster.cmake DESTINATION ${package_folder} ${installed})
install(FILES ${CMAKE_BINARY_DIR}/package/fenqun-config.cmake ${CMAKE_BINARY_DIR}/package/fenqun-config-version.cmake
  DESTINATION ${package_folder} ${installed})
install(FILES ${package_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fenqun/cluster ${installed})
install(FILES ${package_base} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fenqun/base ${installed})
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR} ${installed})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/math DESTINATION ${CMAKE_INSTALL_DOCDIR} ${installed} FILES_MATCHING PATTERN *.md)
