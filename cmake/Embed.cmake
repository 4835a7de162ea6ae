# SPDX-License-Identifier: Apache-2.0
# Makes a C source of text files, so that the library carries them: a script of its own, as the
# result has to be the same when one compiles for another machine.
#
#   cmake -DNAME=wx_lexicons -DHEADER=words.h -DOUT=lexicons.c -DFILES=a.tsv,b.tsv -P Embed.cmake
#
# gives `const wx_embedded_t NAME[]` with a member for each file, in the order of FILES, and a last
# one without a name. HEADER declares it.
string(REPLACE "," ";" FILES "${FILES}")
set(bodies "")
set(members "")
set(index 0)
foreach(file IN LISTS FILES)
  get_filename_component(base "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  file(SIZE "${file}" size)
  string(APPEND bodies "static const unsigned char s_text_${index}[] = {\n${bytes}0};\n")
  string(APPEND members "    {\"${base}\", (const char *)s_text_${index}, ${size}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUT}" "/* Made by Embed.cmake. */\n#include \"${HEADER}\"\n\n${bodies}\nconst wx_embedded_t ${NAME}[] = {\n${members}    {0, 0, 0},\n};\n")
