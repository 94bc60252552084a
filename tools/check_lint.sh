#!/usr/bin/env bash
# clang-tidy over every source of the dev build; the checks and the reasons for exceptions stand in .clang-tidy.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f build/dev/compile_commands.json ] || cmake --preset dev >/dev/null
git ls-files 'src/*.cpp' | grep -vE '_(test|fuzz)\.cpp$' | xargs -P "$(nproc)" -n 4 clang-tidy-16 -p build/dev --quiet 2>/dev/null
