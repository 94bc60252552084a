#!/usr/bin/env bash
# Fails when a source is not as .clang-format has it.
set -euo pipefail
cd "$(dirname "$0")/.."
find src -name '*.cpp' -o -name '*.h' -o -name '*.c' | xargs clang-format-16 --dry-run -Werror
