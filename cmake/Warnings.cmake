add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wold-style-cast -Wmissing-declarations -Wswitch-enum)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-restrict)  # GCC 12 reports plain string concatenation when it inlines hard
endif()
if(CHANGELOG_WERROR)
  add_compile_options(-Werror)
endif()
if(CHANGELOG_SANITIZE)
  add_compile_options(-fsanitize=${CHANGELOG_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CHANGELOG_SANITIZE})
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
