# changelog_layer(NAME LINKS...): the static library of one layer, built from every source in its folder.
# The folder is globbed so that adding an operation is adding a file. A layer links only what is below it.
function(changelog_layer name)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp"
       "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*/*.cpp")
  add_library(changelog_${name} STATIC ${sources})
  target_include_directories(changelog_${name} PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(changelog_${name} PUBLIC ${ARGN})
  if(name STREQUAL "core")
    target_precompile_headers(changelog_core PRIVATE "${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp")
  else()
    target_precompile_headers(changelog_${name} REUSE_FROM changelog_core)
  endif()
endfunction()
