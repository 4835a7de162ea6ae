#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# libwinnow-client installed into a scratch folder, and the examples built against it by pkg-config, in C and in C++.
#
#   test_installed.sh SOURCE_DIR BUILD_DIR CC
set -eu
source=$1
build=$2
cc=$3
scratch=$(mktemp -d /tmp/winnow-installed.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cmake --install "$build" --component client-library --prefix "$scratch/usr" >log || { cat log; exit 1; }
pc=$(find usr -name libwinnow-client.pc)
PKG_CONFIG_PATH=$scratch/${pc%/*}
export PKG_CONFIG_PATH
flags=$(pkg-config --define-variable=prefix="$scratch/usr" --cflags --libs libwinnow-client)
LD_LIBRARY_PATH=$scratch/${pc%/pkgconfig/*}
export LD_LIBRARY_PATH
for example in push watch query; do
    # shellcheck disable=SC2086 # the flags are words
    "$cc" -std=c11 -Wall -Wextra -Werror "$source/client/examples/$example.c" $flags -o $example
    code=0
    ./$example 2>said || code=$?
    [ $code -eq 2 ] && grep -q "usage: $example" said || { cat said; echo "$example: $code"; exit 1; }
done
code=0
./query ipc://"$scratch"/nobody x 2>said || code=$?
[ $code -eq 1 ] && grep -q "cannot reach ipc://$scratch/nobody.query" said || { cat said; exit 1; }
printf '#include <winnow/client.h>\nint main() { winnow_client_options_t o = {}; return o.window != 0; }\n' >header.cc
# shellcheck disable=SC2086
if command -v c++ >/dev/null; then c++ -Wall -Werror header.cc $flags -o header && ./header; fi
nm -D --defined-only "$LD_LIBRARY_PATH/libwinnow-client.so" | sed 's/.* //' | grep -v '^winnow_' && {
    echo "exported, but not of ours"
    exit 1
}
[ "$(pkg-config --modversion libwinnow-client)" = \
    "$(sed -n 's/.*WINNOW_CLIENT_VERSION *"\(.*\)"/\1/p' "$source/client/include/winnow/client.h")" ] || {
    echo "the header and pkg-config say different versions"
    exit 1
}
echo "all is well"
