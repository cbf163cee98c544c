#!/usr/bin/env bash
# Makes the Debian package of a build folder, looks into it, and installs it in a bare Debian: deb_test.sh BUILD_FOLDER
# The installation needs root and debootstrap, and is left out without them.
set -euo pipefail

build=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
failures=0
check() { # check WHAT COMMAND...
  local what=$1
  shift
  if "$@" >"$work/output" 2>&1; then
    echo "ok: $what"
  else
    echo "FAILED: $what"
    cat "$work/output"
    failures=$((failures + 1))
  fi
}
finish() {
  echo "$failures failures"
  [ "$failures" = 0 ] || exit 1
}

(cd "$work" && cpack -G DEB --config "$build/CPackConfig.cmake" -B "$work/package" >"$work/cpack.log" 2>&1) || {
  cat "$work/cpack.log"
  exit 1
}
package=$(find "$work/package" -maxdepth 1 -name 'lumi_*.deb')

# --- what is in it ---

field() { dpkg-deb --field "$package" "$1"; }
installed_without_version() { field Depends | grep -Eq '^libc6 \(>= [0-9.]+\)$'; }
check "it depends on libc6 only" installed_without_version
check "it recommends what it looks for at run time" test "$(field Recommends)" = "libcurl4, wordnet-base"
dpkg-deb --extract "$package" "$work/root"
check "the program is there" "$work/root/usr/bin/lumi" version
check "the worker is there" test -f "$work/root/usr/share/lumi/workers/hf/worker.py"
check "nothing is writable by others" test -z "$(find "$work/root" ! -type l -perm /022)"
for file in man/man1/lumi.1 bash-completion/completions/lumi zsh/vendor-completions/_lumi fish/vendor_completions.d/lumi.fish \
  doc/lumi/README.md doc/lumi/LICENSE doc/lumi/notices/libssl-dev doc/lumi/examples/summarization_predictions.csv; do
  check "$file is there" test -s "$work/root/usr/share/$file"
done
check "bash takes the completion" bash -n "$work/root/usr/share/bash-completion/completions/lumi"
check "every command has a man page" test "$(find "$work/root/usr/share/man/man1" -name 'lumi-*.1' | wc -l)" -ge 10

# --- whether it installs ---

if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
  echo "not root, or no debootstrap: not installed"
  finish
  exit
fi

machine=$work/machine
# shellcheck disable=SC2016  # apt-get's own variable
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' 'Component: main' | head -n 1)
check "a bare Debian can be made" unshare --mount --propagation private \
  debootstrap --variant=minbase bookworm "$machine" "${mirror:-http://deb.debian.org/debian}"
cp "$package" "$machine/tmp/lumi.deb"
inside() { unshare --mount --propagation private chroot "$machine" env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root "$@"; }
check "it installs" inside dpkg --install /tmp/lumi.deb
check "it tells its version" inside lumi version
check "it opens no store to be healthy" inside lumi health
check "it scores a file" inside lumi evaluate /usr/share/doc/lumi/examples/summarization_predictions.csv --metric rouge
check "it goes without a trace" inside sh -c 'dpkg --purge lumi && ! test -e /usr/bin/lumi && ! test -e /usr/share/doc/lumi'
finish
