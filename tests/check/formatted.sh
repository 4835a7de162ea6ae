#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Sources are as .clang-format says, scripts parse, and each file says its licence.
#
#   tests/check/formatted.sh SOURCE_DIR
set -eu
cd "${1:?}"
found=$(mktemp)
trap 'rm -f "$found"' EXIT

# Names in the tree have no blanks.
ours()
{
    find . \( -path './build*' -o -path ./.git -o -name node_modules -o -name __pycache__ \) -prune -o \
        -type f "$@" -print
}

ours -name '*.[ch]' | xargs clang-format-14 --dry-run --Werror 2>&1 | grep -E 'error:' | cut -d: -f1 | sort -u |
    sed 's/$/: run clang-format-14 -i on it/' >>"$found"

# score.py is shared with others as it is.
ours \( -name '*.[ch]' -o -name CMakeLists.txt -o -name '*.cmake' -o -name '*.py' -o -name '*.sh' \
    -o -name '*.rules' -o -perm -u+x \) ! -path ./tests/quality/score.py |
    xargs awk 'FNR == 1 { if (name) print name ": no SPDX line on top"; name = FILENAME }
        /SPDX-License-Identifier/ && FNR <= 3 { name = "" }
        FNR > 3 { nextfile }
        END { if (name) print name ": no SPDX line on top" }' >>"$found"

for script in $(ours -perm -u+x | xargs grep -l '^#!/bin/sh'); do
    sh -n "$script" 2>>"$found" || :
done

cat "$found"
[ ! -s "$found" ]
