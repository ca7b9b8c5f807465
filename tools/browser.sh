#!/bin/sh
# See that the tests have a Chromium, what drives it, and a CJK font: tools/browser.sh PYTHON.
# One that is here is used; else, as root, Debian's without windows, in which a page opens at a quarter of the
# cost, or its whole one; else Playwright's own build.
set -eu
python=$1
have_browser() {
  [ -n "${BROWSER_PATH:-}" ] && [ -x "$BROWSER_PATH" ] && return 0
  for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  "$python" - <<'P' >/dev/null 2>&1
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    sys.exit(not os.path.exists(p.chromium.executable_path))
P
}
have_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh family 2>/dev/null)" ]; }
# Playwright brings a Node of its own, and that wants a library a bare Debian does not have.
have_driver() { "$python" -m playwright --version >/dev/null 2>&1; }
root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }
packages=
have_driver || packages="libatomic1"
have_browser || packages="$packages chromium"
have_font || packages="$packages fontconfig fonts-noto-cjk"
[ -z "$packages" ] && exit 0
if root; then
  apt-get update -qq
  if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    packages=$(echo "$packages" | sed 's/chromium/chromium-headless-shell/')
  fi
  echo "installing for the tests: $packages" | tr -s ' '
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi
have_driver || {
  echo "Playwright does not start ($("$python" -m playwright --version 2>&1 | tail -n 1)): install libatomic1" >&2; exit 1; }
have_browser || "$python" -m playwright install chromium || {
  echo "no Chromium for the tests: install one (Debian: apt-get install chromium) or set BROWSER_PATH" >&2; exit 1; }
have_font || echo "no Chinese system font found; the tests use the product's own" >&2
