#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The command winnow, and the examples of the library, with a real winnowd in a scratch folder.
#
#   test_cli.sh WINNOWD WINNOW EXAMPLES_DIR
set -eu
winnowd=${1:?"usage: test_cli.sh WINNOWD WINNOW EXAMPLES_DIR"}
winnow=$2
examples=$3
scratch=$(mktemp -d /tmp/winnow-cli.XXXXXX)
cd "$scratch"
unset WINNOW_ENDPOINT NO_COLOR
endpoint=ipc://$scratch/d
daemon=

start()
{
    "$winnowd" --data data --http off --intake "$endpoint.intake" --events "$endpoint.events" \
        --query "$endpoint.query" "$@" >>log 2>&1 &
    daemon=$!
    # each try waits for the daemon itself
    tries=0
    until "$winnow" --endpoint "$endpoint" status >status 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 10 ] && kill -0 $daemon || fail "winnowd does not answer"
    done
}

stop()
{
    [ -z "$daemon" ] || { kill "$@" $daemon; wait $daemon || :; daemon=; }
}

clean_up()
{
    code=$?
    stop -KILL 2>/dev/null
    [ $code -eq 0 ] || { echo "--- the daemon's log"; tail -n 30 log; } >&2
    cd / && rm -rf "$scratch"
    exit $code
}
trap clean_up EXIT
trap 'exit 1' INT TERM

fail()
{
    echo "FAILED: $*" >&2
    exit 1
}

# expect CODE COMMAND...: its output is then in `out`, its talk in `err`
expect()
{
    wanted=$1
    shift
    code=0
    "$@" >out 2>err || code=$?
    [ $code -eq "$wanted" ] || { cat out err >&2; fail "$*: exit code $code, not $wanted"; }
}

# has FILE TEXT
has()
{
    grep -qF -- "$2" "$1" || { cat "$1" >&2; fail "no \"$2\" in $1"; }
}

has_not()
{
    ! grep -qF -- "$2" "$1" || { cat "$1" >&2; fail "\"$2\" in $1"; }
}

w()
{
    "$winnow" --endpoint "$endpoint" "$@"
}

# ---- without a daemon ----

WINNOW_TIMEOUT=soon expect 2 "$winnow" status
has err 'WINNOW_TIMEOUT="soon" is no number of seconds'
expect 0 "$winnow" --help
has out "winnow watch --kind investment"
expect 0 "$winnow" --version
for command in push watch query show articles retract retry status; do
    expect 0 "$winnow" $command --help
    has out "Usage: winnow $command"
    has out "Examples:"
    expect 2 "$winnow" $command --no-such-option
    has err "unknown option --no-such-option"
done
expect 2 "$winnow"
expect 2 "$winnow" qurey
has err 'did you mean "query"?'
expect 2 "$winnow" query --knd x
has err "did you mean --kind?"
expect 2 "$winnow" query --kind investmen
has err 'did you mean "investment"?'
expect 2 "$winnow" query --min "much"
expect 2 "$winnow" query --limit -1
expect 2 "$winnow" watch --from tomorrow
expect 2 "$winnow" push --published yesterday -
expect 2 "$winnow" push --wait for-ever -
expect 2 "$winnow" push
expect 2 "$winnow" --endpoint nowhere status
has err "nowhere"
expect 1 w push no-such-file
has err "no-such-file"
expect 69 w push - </dev/null
has err "cannot reach $endpoint.intake (is winnowd running?)"
WINNOW_ENDPOINT=ipc://$scratch/other expect 69 "$winnow" status
has err "$scratch/other.query"

# ---- pushing ----

start
mkdir news
printf 'Acme founded\n\nAcme Corp. was founded in 1999 in Berlin.\n' >news/one.txt
printf 'Acme invests\n\nAcme Corp. invested 5 million yuan in a plant in Shenyang on June 23, 2022.\n' >news/two.txt
printf 'caf\351\n' >bad.txt
: >empty.txt

expect 0 w push --source Example news
has err "2 articles stored"
expect 0 w push --source Example news
has err "2 known before"
expect 0 w push --id https://example.org/1 --json - <news/one.txt
has out '"id":"https://example.org/1","revision":1,"duplicate":false,"state":"stored"'
expect 1 w push bad.txt empty.txt news/two.txt
has err "bad.txt: article: invalid UTF-8 at byte 3"
has err "empty.txt: "
has err "1 article stored"
has err "2 NOT"
expect 2 w push --id x news
printf '%s\n' '{"id":"a","title":"T","text":"Beta Ltd. was founded in 2001 in Paris."}' \
    '{"id":"b","txt":"x"}' '{"id":"c","text":"Nothing."}' >lines.jsonl
expect 1 w push --json lines.jsonl
has err 'lines.jsonl:2: unknown field "txt" (did you mean "text"?)'
has out '"place":"lines.jsonl:1","id":"a"'
has out '"place":"lines.jsonl:3","id":"c"'
expect 0 w push --wait accepted --id d - <news/one.txt
has err "1 article accepted"
expect 0 w push --id d - <news/two.txt
expect 0 w push --json --id d - <news/one.txt
has out '"revision":1,"duplicate":true'

# ---- asking ----

expect 0 w query --entity "acme corp" --kind founding
has out "FACT"
has out "Berlin"
expect 0 w query --kind investment --min "4m CNY" --json
has out '"number":5000000'
expect 0 w query --kind investment --min 6m
has err "no such facts"
expect 0 w query --format csv --kind founding
head -n 1 out | grep -q "^fact,status,kind,.*published,sources.$" || fail "the head of CSV"
expect 0 w query --limit 1
has err "there are more"
expect 0 w articles --json
has out '"id":"https://example.org/1"'
expect 0 w articles
has out "Acme founded"
fact=$(w query --article a --json | sed -n 's/^{"fact":"\([0-9.]*\)".*/\1/p' | head -n 1)
[ -n "$fact" ] || fail "no fact of article a"
expect 0 w show "$fact"
has out "[[Beta Ltd. was founded in 2001 in Paris.]]"
has out "created"
expect 0 w show --json "$fact"
has out '"context":'
expect 0 w show a
has out "state        stored"
expect 0 w show --text d
cmp -s out news/two.txt || fail "the text of an article is not the bytes that were pushed"
expect 1 w show no-such-thing
expect 0 w status --json
has out '"server":"winnowd'
printf 'Evil \033[31m \342\200\256title by Acme Corp.\n\nAcme Corp. was founded in 1999.\n' |
    w push --id evil --title "$(printf 'A \342\200\256title')" - 2>err || { cat err >&2; fail "evil"; }
expect 0 w articles
has out 'A \u{202e}title'
expect 0 w show evil
has_not out "$(printf '\033')"

# ---- events ----

expect 0 w watch --from start --count 3
[ "$(wc -l <out)" -eq 3 ] || fail "three events, a line each"
expect 0 w watch --from start --change stored --count 2 --json
has out '"state":"stored"'
last=$(w status --json | sed 's/.*"last":\([0-9]*\).*/\1/')
w watch --json --from start --count "$last" >all 2>err
# numbers 1, 2, 3 ... each once
sed 's/.*"seq":\([0-9]*\).*/\1/' all | awk '$1 != NR { exit 1 }' || fail "events are not 1 to $last"
# one that runs through a restart gets the same, and what comes after it
w watch --json --from start --count $((last + 2)) >through 2>talk &
watcher=$!
while [ ! -s through ] && kill -0 $watcher 2>/dev/null; do # it has begun
    w status >state 2>&1 || cat state >&2
done
stop -KILL
start
expect 0 w retract a
has out "retracted  a"
wait $watcher || { cat talk >&2; fail "watch ended with an error"; }
head -n "$last" through | cmp -s - all || fail "events differ after a restart"
grep -q '"change":"retracted"' through || fail "no retraction after the restart"
expect 0 w watch --json --from $((last + 1)) --count 2
tail -n 2 through | cmp -s - out || fail "replayed and published events differ"

# a push begins while the daemon is away, and ends when it is back
stop
WINNOW_TIMEOUT=60 w push --source Example --id away - <news/two.txt 2>err &
pusher=$!
start
wait $pusher || { cat err >&2; fail "push over a restart"; }

expect 1 w retract no-such-article
expect 1 w retry d
has err "has not failed"

# interrupted, once it has shown something
mkfifo shown
"$winnow" --endpoint "$endpoint" watch --from start >shown 2>err &
watcher=$!
exec 3<shown
read -r line <&3
[ -n "$line" ] || fail "watch shows nothing"
kill -TERM $watcher
code=0
wait $watcher || code=$?
[ $code -eq 130 ] || fail "an interrupted watch ends with $code"

# ---- the examples ----

expect 0 "$examples/example-push" "$endpoint" example <news/two.txt
has out "accepted example, revision 1"
has out "stored example"
expect 0 "$examples/example-watch" "$endpoint" 1
has out "fact.investment.created"
expect 0 "$examples/example-query" "$endpoint" "Acme Corp."
has out '"fact":'

stop
echo "all is well"
