#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks each rule of tests/layers.sh in a tree made for it, and sees that it is named.
#
#   tests/check/layers_notices.sh PATH_OF_LAYERS_SH
set -eu
layers=$(realpath "${1:?}")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/proto" "$tree/extractor/include/winnow" "$tree/client/include/winnow" "$tree/daemon"
touch "$tree/proto/message.h" "$tree/extractor/arena.h" "$tree/extractor/include/winnow/extract.h" \
    "$tree/client/include/winnow/client.h" "$tree/daemon/store.h"

count=0
# expect FILE INCLUDE pass|FAULT-PATTERN
expect()
{
    printf '#include %s\n' "$2" >"$tree/$1"
    said=$("$layers" "$tree" 2>&1) && code=0 || code=$?
    rm "$tree/$1"
    count=$((count + 1))
    if [ "$3" = pass ]; then
        [ $code -eq 0 ] && return 0
    else
        [ $code -eq 1 ] && echo "$said" | grep -q "^$1:1: .*$3" && return 0
    fi
    echo "$1 with $2: exit $code, said: $said" >&2
    exit 1
}

expect proto/a.c '"proto/message.h"' pass
expect proto/a.c '"daemon/store.h"' 'belongs to daemon'
expect proto/a.c '<winnow/extract.h>' 'belongs to extractor'
expect extractor/a.c '"arena.h"' pass
expect extractor/a.c '"proto/message.h"' 'belongs to proto'
expect extractor/a.c '<czmq.h>' 'pure'
expect extractor/a.c '<pthread.h>' 'pure'
expect client/a.c '<winnow/client.h>' pass
expect client/a.c '"message.h"' pass
expect client/a.c '"daemon/store.h"' 'belongs to daemon'
expect client/a.c '<winnow/extract.h>' 'belongs to extractor'
expect daemon/a.c '<winnow/extract.h>' pass
expect daemon/a.c '"extractor/arena.h"' 'private'
expect daemon/a.c '"arena.h"' 'private'
expect daemon/a.c '<winnow/client.h>' 'belongs to client'
expect daemon/writer.c '<sqlite3.h>' 'SQLite outside'
expect daemon/store_write.c '<sqlite3.h>' pass
expect daemon/query.c '<yajl/yajl_parse.h>' 'yajl outside'
expect daemon/a.c '<tests/check/check.h>' 'belongs to tests'
echo "$count cases"
