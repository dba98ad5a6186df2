#!/usr/bin/env bash
# Makes a copy of the garden.
set -euo pipefail

. ./lib/common.sh
source "$ROOT/lib/colors.sh"

readonly MOST=10
declare -r NAME="garden"
export TARGET=/srv/garden
count=0
files=(a b c)
declare -A sizes

# Says something.
say() {
    local text=$1
    echo "$text" >&2
}

function water {
    local can
    can=$(find_can "$1")
    say "with $can" || return 1
    count=$((count + 1))
}

# Cleans up.
function clean_up() {
    rm -rf "$TARGET"
}

trap clean_up EXIT
alias w='water all'

main() {
    if is_dry "$TARGET"; then
        water 1 && say done | tee log
    fi
    for file in "${files[@]}"; do
        ./tools/plant.sh "$file" &
    done
    case $1 in
        help) usage ;;
    esac
}

main "$@"
