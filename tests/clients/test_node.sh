#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs the Node client's test in the folder it is called from, after installing there what package-lock.json
# names, unless that is there already. Exit 77 (skipped) when it cannot be installed.
#
#   test_node.sh SOURCE_DIR WINNOWD
set -eu
source=$1
winnowd=$2
mkdir -p node
cp "$source"/package.json "$source"/package-lock.json "$source"/*.mjs node/
cd node
if ! cmp -s package-lock.json node_modules/installed.lock; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1 || {
        cat npm.log >&2
        echo "skipped: npm cannot install zeromq" >&2
        exit 77
    }
    cp package-lock.json node_modules/installed.lock
fi
exec node test_node.mjs "$winnowd"
