#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Each manual page is made by scdoc and shown by man without a warning, and each command has one.
#
#   tests/check/pages.sh SOURCE_DIR
set -eu
cd "${1:?}/deploy/man"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
bad=0
count=0
for page in *.scd; do
    name=${page%.scd}
    count=$((count + 1))
    if ! scdoc <"$page" >"$out/$name" 2>"$out/said"; then
        echo "$page: $(cat "$out/said")"
        bad=1
        continue
    fi
    LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$out/$name" \
        2>"$out/said" >/dev/null || bad=1
    if [ -s "$out/said" ]; then
        echo "$page: $(cat "$out/said")"
        bad=1
    fi
done
for name in winnow.1 winnowd.8 winnowd.conf.5; do
    [ -e "$out/$name" ] || { echo "$name: there is no such page"; bad=1; }
done
echo "$count pages"
exit $bad
