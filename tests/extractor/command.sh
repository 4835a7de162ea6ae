#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command winnow-extract: what it writes where, and how it ends. Takes the program's path.
set -u
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# expect NAME STATUS PATTERN ARGUMENT… : runs the program, checks its exit status and that its
# output and messages, together, hold the pattern.
expect() {
    name=$1 status=$2 pattern=$3
    shift 3
    "$program" "$@" >"$work/out" 2>&1 </dev/null
    got=$?
    if [ "$got" -ne "$status" ] || { [ -n "$pattern" ] && ! grep -q -e "$pattern" "$work/out"; }; then
        echo "$name: status $got instead of $status, or no \`$pattern\` in:"
        cat "$work/out"
        failures=$((failures + 1))
    fi
}

printf 'The port of Aarhus paid 30 million kroner for a crane on March 3.\n' >"$work/crane.txt"
printf 'Hanover Ltd has bought Acme Ltd for $85 million.\n' >"$work/deal.txt"
mkdir "$work/rules"
cat >"$work/rules/own.rules" <<'END'
# A rule before all others.
rule bought-by-us -> acquisition priority 9999 {
    verb buy ;
    acquirer! = actor:org ;
    acquired! = patient:org ;
    yes "Hanover Ltd bought Acme Ltd." acquirer "Hanover Ltd" ;
}
END
printf 'Broken \377 text.\n' >"$work/broken.txt"

expect help 0 'Usage: winnow-extract' --help
expect version 0 '^winnow-extract (winnow [0-9]' --version
expect values 0 '"number":30000000,"unit":"DKK"' --layer values "$work/crane.txt"
expect published 0 '"value":"2019-03-03"' --published 2019-05-01 --layer values "$work/crane.txt"
expect unresolved 0 '"value":"XXXX-03-03"' --layer values "$work/crane.txt"
expect explain 0 'because of    has bought' --explain "$work/deal.txt"
expect explain_json 0 '"rule":"bought-by-us","file":"[^"]*/own.rules","line":2,"trigger":"has bought"' \
    --rules "$work/rules" --explain=json "$work/deal.txt"
expect explain_how 2 'takes nothing or json, not: xml' --explain=xml "$work/deal.txt"
expect conllu 0 '^# text = The port of Aarhus' --layer conllu "$work/crane.txt"
expect facts 0 '' "$work/crane.txt"
expect sure 0 '' --min-confidence 0.5 "$work/crane.txt"
expect share 2 'no share of 0 to 1: 1.5' --min-confidence 1.5 "$work/crane.txt"
expect word 2 'no share of 0 to 1: high' --min-confidence high "$work/crane.txt"
expect missing 1 'nowhere.txt: No such file' "$work/nowhere.txt"
expect utf8 1 'broken.txt: invalid UTF-8 at byte 7$' "$work/broken.txt"
expect both 1 '"unit":"DKK"' --layer values "$work/broken.txt" "$work/crane.txt"
expect date 2 '`3 March` is no date' --published '3 March' "$work/crane.txt"
expect layer 2 'no such layer: poems' --layer poems "$work/crane.txt"
expect option 2 'Try `winnow-extract --help`' --no-such-option
expect folder 1 'nofolder/crane.jsonl: No such file' --out "$work/nofolder" "$work/crane.txt"

mkdir "$work/results"
expect out 0 '' --layer values --out "$work/results" "$work/crane.txt"
[ -s "$work/results/crane.jsonl" ] || { echo "out: no results/crane.jsonl"; failures=$((failures + 1)); }

"$program" --layer values - <"$work/crane.txt" >"$work/stdin"
"$program" --layer values <"$work/crane.txt" >"$work/nothing"
if ! cmp -s "$work/stdin" "$work/results/crane.jsonl" || ! cmp -s "$work/nothing" "$work/stdin"; then
    echo "stdin: differs from the file's result"
    failures=$((failures + 1))
fi
page=$(dirname "$0")/../../deploy/man/winnow-extract.1.scd
for option in $("$program" --help | sed -n 's/^  .*--\([a-z-]*\).*/\1/p'); do
    grep -q -e "--$option" "$page" || { echo "page: no --$option"; failures=$((failures + 1)); }
done
if [ -w /dev/full ]; then
    "$program" --layer values "$work/crane.txt" >/dev/full 2>"$work/out"
    if [ $? -ne 1 ] || ! grep -q 'standard output: No space left' "$work/out"; then
        echo "full: a full disk is not told"
        failures=$((failures + 1))
    fi
fi
exit $((failures > 0))
