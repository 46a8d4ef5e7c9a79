add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wold-style-cast -Wmissing-declarations -Wswitch-enum)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 and 14 report plain string and path concatenation when they inline hard.
  add_compile_options(-Wno-restrict)
  add_compile_options(-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()
if(CHANGELOG_WERROR)
  add_compile_options(-Werror)
endif()
if(CHANGELOG_SANITIZE)
  add_compile_options(-fsanitize=${CHANGELOG_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CHANGELOG_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized)  # GCC 12 reports its own <regex> when it is instrumented
  endif()
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
