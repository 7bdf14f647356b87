#!/bin/sh
# The browser tests need a chromium and a Chinese font. Installs Debian's when root or passwordless sudo allows;
# else says what is missing. The tests themselves decide: skipped on a desk, a failure in CI.
set -eu

have_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
have_font() { command -v fc-list >/dev/null && fc-list :lang=zh family | grep -q . && fc-list | grep -qi emoji; }

have_browser && have_font && exit 0

if ! command -v apt-get >/dev/null; then
    echo "No chromium or no Chinese font, and no apt-get to install them: the browser tests will be skipped."
    exit 0
fi
if [ "$(id -u)" -eq 0 ]; then
    run=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    run="sudo -n"
else
    echo "Browser tests need: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji fontconfig. Without them they are skipped."
    exit 0
fi
echo "Installing chromium, a Chinese font and an emoji font for the browser tests ..."
$run apt-get -qq update
DEBIAN_FRONTEND=noninteractive $run apt-get -qq install -y --no-install-recommends \
    chromium fonts-noto-cjk fonts-noto-color-emoji fontconfig >/dev/null
