#!/usr/bin/env bash
# Installs the Debian packages that the build and its tests need, if any is missing. Root is asked for only then.
set -euo pipefail
needs=(g++ cmake ninja-build ccache mold python3 python3-yaml clang-16 libclang-rt-16-dev clang-tidy-16 clang-format-16 llvm-16
  libbpf-dev bpftool libelf-dev zlib1g-dev libexpected-dev libboost1.81-dev libyaml-cpp-dev libtomlplusplus-dev libvectorscan-dev
  libseccomp-dev libssl-dev libgtest-dev librandomx-dev libargon2-dev g++-mingw-w64-x86-64-posix g++-aarch64-linux-gnu)
missing=()
for package in "${needs[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} = 0 ] && exit 0
echo "Installing what the build needs: ${missing[*]}"
as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo 'Not root and no sudo: as root, run: apt-get install' "${missing[@]}" >&2; exit 2; }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
