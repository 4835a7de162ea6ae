#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Dependencies point downwards only. Checked on the sources (who includes whom) and on what was
# built (who needs whose symbols, what the libraries export, whose prefix a name has).
#
#   tests/layers.sh SOURCE_DIR [BUILD_DIR]
#
# Prints each fault on a line; exit 1 if there is one.
set -eu
source=${1:?"usage: tests/layers.sh SOURCE_DIR [BUILD_DIR]"}
build=${2-}
# Names inside the build folder have no blanks; its own may.
[ -z "$build" ] || build=$(cd "$build" && pwd -P)
cd "$source"
faults=$(mktemp)
trap 'rm -f "$faults"' EXIT
fault()
{
    echo "$*" | tee -a "$faults"
}

# What a layer may include: itself and these.
may_use()
{
    case $1 in
    proto) echo "proto" ;;
    extractor) echo "extractor" ;;
    client) echo "client proto" ;;
    daemon) echo "daemon proto extractor" ;;
    esac
}

# The layer that header $2, included by a file in folder $1, belongs to; nothing for the system's.
layer_of()
{
    case $2 in
    proto/* | extractor/* | client/* | daemon/* | tests/*)
        echo "${2%%/*}"
        return
        ;;
    esac
    [ -e "$1/$2" ] && { echo "${1%%/*}"; return; }
    for layer in proto extractor client daemon; do
        for folder in $layer $layer/include; do
            [ -e "$folder/$2" ] && { echo $layer; return; }
        done
    done
    return 0
}

for layer in proto extractor client daemon; do
    [ -d $layer ] || continue
    allowed=" $(may_use $layer) "
    find $layer -name '*.[ch]' -exec grep -HnE '^[[:space:]]*#[[:space:]]*include' {} + |
        sed -E 's/^([^:]*):([0-9]*):[^<"]*[<"]([^>"]*)[>"].*/\1 \2 \3/' |
        while read -r file line header; do
            target=$(layer_of "$(dirname "$file")" "$header")
            case $target in
            "") ;;
            *)
                case $allowed in
                *" $target "*) ;;
                *) fault "$file:$line: $layer includes $header, which belongs to $target" ;;
                esac
                # Another layer's private headers: proto has none, the extractor's public ones are winnow/.
                case $layer/$target/$header in
                daemon/extractor/winnow/* | client/client/* | extractor/extractor/*) ;;
                daemon/extractor/*) fault "$file:$line: $header is private to the extractor" ;;
                esac
                ;;
            esac
            # Who may know a library.
            case $header in
            sqlite3.h)
                case $file in daemon/store*) ;; *) fault "$file:$line: SQLite outside daemon/store" ;; esac ;;
            yajl/*)
                case $file in
                extractor/*json*.[ch] | extractor/train/* | proto/json.[ch]) ;;
                *) fault "$file:$line: yajl outside the one file of its layer" ;;
                esac ;;
            zmq.h | czmq.h | pthread.h | threads.h | locale.h | sys/socket.h)
                case $layer in extractor) fault "$file:$line: the extractor is pure: no $header" ;; esac ;;
            microhttpd.h)
                case $file in daemon/http.c) ;; *) fault "$file:$line: microhttpd outside daemon/http.c" ;; esac ;;
            libsmartcols*)
                case $layer in client) ;; *) fault "$file:$line: tables belong to the client" ;; esac ;;
            esac
        done
done

if [ -n "$build" ]; then
    cd "$build"
    # Undefined symbols: $1 library, $2 a pattern of names that it may not need.
    may_not_need()
    {
        nm -u "$1" 2>/dev/null | awk '$1 == "U" || $1 == "w" { print $2 }' | sort -u | grep -E "$2" |
            while read -r symbol; do fault "$(basename "$1"): needs $symbol"; done || true
    }
    # Names that other files can see: $1 library, $2 a pattern of prefixes.
    only_prefix()
    {
        nm --defined-only --extern-only "$1" 2>/dev/null |
            awk 'NF == 3 && $2 ~ /[A-Z]/ && $2 != "U" { print $3 }' | sort -u | grep -vE "$2" |
            grep -vE '^(__|_fini|_init|\.|asan|DW\.)' |
            while read -r symbol; do fault "$(basename "$1"): $symbol has another layer's prefix"; done ||
            true
    }
    seen=0
    for library in $(find . -name 'libwinnow*.a' -not -path '*/CMakeFiles/*'); do
        seen=$((seen + 1))
        case $(basename "$library") in
        libwinnow_proto* | libwinnow-proto*)
            may_not_need "$library" '^(winnow_|wx_|wd_|wc_|sqlite3_|MHD_)'
            only_prefix "$library" '^wp_'
            ;;
        libwinnow-extract* | libwinnow_extract*)
            may_not_need "$library" '^(wp_|wd_|wc_|zmq_|zsock|zmsg|zactor|sqlite3_|MHD_|pthread_create|clock_gettime|gettimeofday|time|getenv|secure_getenv|setlocale|uselocale|socket|connect|rand|random|srand)$|^(wp_|wd_|wc_|zmq_|sqlite3_)'
            only_prefix "$library" '^(winnow_|wx_)'
            ;;
        libwinnow-client* | libwinnow_client*)
            may_not_need "$library" '^(wx_|wd_|winnow_extract|winnow_model|sqlite3_|MHD_)'
            only_prefix "$library" '^(winnow_|wc_)'
            ;;
        libwinnow_store*)
            may_not_need "$library" '^(wp_|wx_|wc_|winnow_|zmq_|MHD_)'
            only_prefix "$library" '^wd_'
            ;;
        libwinnow_daemon*)
            may_not_need "$library" '^(wx_|wc_|winnow_client)'
            only_prefix "$library" '^(wd_|main$)'
            ;;
        esac
    done
    for library in $(find . -name 'libwinnow*.so' -not -path '*/CMakeFiles/*'); do
        seen=$((seen + 1))
        nm -D --defined-only "$library" | awk 'NF >= 3 { print $3 }' | sort -u |
            grep -vE '^winnow_|^(__|_fini|_init)' |
            while read -r symbol; do fault "$(basename "$library"): exports $symbol"; done || true
    done
    [ $seen -gt 0 ] || fault "no library in $build"
fi

[ ! -s "$faults" ] || exit 1
echo "layers: as they should be"
