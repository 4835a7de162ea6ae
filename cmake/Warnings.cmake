# SPDX-License-Identifier: Apache-2.0
# The warnings that every target of ours is built with. -Werror only where WINNOW_WERROR asks for it
# (the tests and CI do), never for packagers.
option(WINNOW_WERROR "treat warnings as errors" OFF)
add_library(winnow_warnings INTERFACE)
target_compile_options(winnow_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual
  -Wwrite-strings -Wvla -Wundef -Wformat=2 -Wconversion -Wno-sign-conversion)
if(WINNOW_WERROR)
  target_compile_options(winnow_warnings INTERFACE -Werror)
endif()
