#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The completions of the three shells and the manual pages name every option that --help shows, and no long
# option that it does not.
#
#   test_completions.sh SOURCE_DIR WINNOW
set -eu
deploy=$1/deploy
winnow=$2
scratch=$(mktemp -d /tmp/winnow-options.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
commands="push watch query show articles retract retry status"

for command in $commands; do
    "$winnow" $command --help | sed -n 's/^  .*--\([a-z-]*\).*/\1/p' >>"$scratch/all"
done
echo version >>"$scratch/all"
sort -u "$scratch/all" >"$scratch/options"
[ "$(wc -l <"$scratch/options")" -gt 20 ] || { echo "--help shows too few options"; exit 1; }

compare()
{
    sort -u | diff "$scratch/options" - >"$scratch/diff" || {
        echo "$1 (< is in --help alone, > is here alone):"
        grep '^[<>]' "$scratch/diff"
        touch "$scratch/bad"
    }
}

grep -oE -e '--[a-z]+' "$deploy/completions/bash/winnow" | sed 's/^--//' | compare bash
grep -oE -e '--[a-z]+' "$deploy/completions/zsh/_winnow" | sed 's/^--//' | compare zsh
grep -v '^set' "$deploy/completions/fish/winnow.fish" | sed -n 's/.* -l \([a-z]*\).*/\1/p' |
    compare fish
# winnow-extract is a program of its own.
cat $(ls "$deploy"/man/winnow.1.scd "$deploy"/man/winnow-*.1.scd | grep -v winnow-extract) | grep -oE -e '--[a-z]+' | sed 's/^--//' |
    compare "manual pages"
for command in $commands; do
    for file in bash/winnow zsh/_winnow fish/winnow.fish; do
        grep -qw -- "$command" "$deploy/completions/$file" || { echo "$file: no $command"; touch "$scratch/bad"; }
    done
    grep -q "winnow $command" "$deploy/man/winnow.1.scd" || { echo "winnow.1: no $command"; touch "$scratch/bad"; }
done
[ ! -e "$scratch/bad" ]
