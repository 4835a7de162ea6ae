#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Sources are as .clang-format says, scripts parse, and each file says its licence.
#
#   tests/check/formatted.sh SOURCE_DIR
set -eu
cd "${1:?}"
bad=0
files=$(find extractor proto client daemon tests -name '*.[ch]' -not -path '*/node_modules/*' | sort)
if [ -n "$files" ]; then
    clang-format-14 --dry-run --Werror $files 2>&1 | grep -E 'error:' | cut -d: -f1 | sort -u |
        sed 's/$/: run clang-format-14 -i on it/' >"${TMPDIR:-/tmp}/winnow-format.$$"
    cat "${TMPDIR:-/tmp}/winnow-format.$$"
    [ ! -s "${TMPDIR:-/tmp}/winnow-format.$$" ] || bad=1
    rm -f "${TMPDIR:-/tmp}/winnow-format.$$"
fi
for file in $(find . -path ./build -prune -o -path '*/node_modules' -prune -o -path ./.git -prune -o \
    -type f -print | sort); do
    case $file in
    *.c | *.h | */CMakeLists.txt | *.cmake | *.py | *.sh | *.rules) ;;
    *) head -c 2 "$file" | grep -q '^#!' || continue ;;
    esac
    case $file in ./tests/quality/score.py) continue ;; esac
    head -n 3 "$file" | grep -q SPDX-License-Identifier || { echo "$file: no SPDX line on top"; bad=1; }
    case $(head -n 1 "$file") in
    '#!/bin/sh') sh -n "$file" || bad=1 ;;
    esac
done
exit $bad
