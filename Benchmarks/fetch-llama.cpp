#!/bin/sh
# Builds the llama.cpp that the comparison runs against, into .bench/llama.cpp/bin of the repository; prints that folder.
# The source is the one inside PyPI's llama-cpp-python sdist, so that package mirrors are enough.
# MARTLET_LLAMA_CPP=DIR names a folder with existing binaries instead.
set -eu

version=0.3.36
digest=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e
tools="llama-bench llama-completion llama-perplexity llama-server llama-tokenize"
root=$(cd "$(dirname "$0")/.." && pwd)
bench=$root/.bench
archive=$bench/llama_cpp_python-$version.tar.gz
source=$bench/llama_cpp_python-$version/vendor/llama.cpp
build=$bench/llama.cpp

have_all() {
    for tool in $tools; do [ -x "$1/$tool" ] || return 1; done
}

if [ -n "${MARTLET_LLAMA_CPP:-}" ]; then
    have_all "$MARTLET_LLAMA_CPP" || {
        echo "fetch-llama.cpp: MARTLET_LLAMA_CPP=$MARTLET_LLAMA_CPP lacks one of: $tools. Unset it to build them." >&2
        exit 2
    }
    echo "$MARTLET_LLAMA_CPP"
    exit 0
fi
if [ -e "$build/built-$version" ] && have_all "$build/bin"; then
    echo "$build/bin"
    exit 0
fi

for program in python3 cmake c++; do
    command -v "$program" > /dev/null || {
        echo "fetch-llama.cpp: $program is missing. Install it (Debian: apt-get install python3-pip cmake g++)." >&2
        exit 2
    }
done
mkdir -p "$bench"
if ! [ -e "$archive" ]; then
    echo "Downloading the source of llama-cpp-python $version" >&2
    python3 -m pip download --quiet --no-deps --no-binary llama-cpp-python --dest "$bench" "llama-cpp-python==$version" >&2
fi
echo "$digest  $archive" | sha256sum --check --quiet >&2 || {
    echo "fetch-llama.cpp: $archive is not the expected file; delete it and run again." >&2
    exit 2
}
if ! [ -d "$source" ]; then
    # Unpacked aside first: an interrupted run must not leave half a tree that looks whole.
    rm -rf "$bench/unpacking"
    mkdir "$bench/unpacking"
    tar -xzf "$archive" -C "$bench/unpacking"
    mv "$bench/unpacking/llama_cpp_python-$version" "$bench/"
    rmdir "$bench/unpacking"
fi
echo "Building llama.cpp for this machine, about 10 minutes on two cores" >&2
cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON -DLLAMA_CURL=OFF -DLLAMA_BUILD_TESTS=OFF \
    > "$bench/llama.cpp-configure.log" 2>&1 || { tail -20 "$bench/llama.cpp-configure.log" >&2; exit 2; }
# shellcheck disable=SC2086
nice cmake --build "$build" -j "$(nproc)" --target $tools > "$bench/llama.cpp-build.log" 2>&1 || {
    tail -20 "$bench/llama.cpp-build.log" >&2
    exit 2
}
touch "$build/built-$version"
echo "$build/bin"
