# SPDX-License-Identifier: Apache-2.0
# WINNOW_SANITIZE=address,undefined or =thread builds everything with those sanitizers.
set(WINNOW_SANITIZE "" CACHE STRING "sanitizers to build with, as for -fsanitize=")
option(WINNOW_FUZZ "build the libFuzzer targets (needs clang)" OFF)
if(WINNOW_SANITIZE)
  add_compile_options(-fsanitize=${WINNOW_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${WINNOW_SANITIZE})
endif()
if(WINNOW_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
