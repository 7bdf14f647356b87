#!/bin/sh
# The browser tests need a chromium and a Chinese font, those of packages unzip and 7-Zip. Installs Debian's when root or
# passwordless sudo allows; else says what is missing. The tests themselves decide: skipped on a desk, a failure in CI.
set -eu

have_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
have_archivers() { command -v unzip >/dev/null && command -v 7z >/dev/null; }
have_font() { command -v fc-list >/dev/null && fc-list :lang=zh family | grep -q . && fc-list | grep -qi emoji; }

have_browser && have_font && have_archivers && exit 0

if ! command -v apt-get >/dev/null; then
    echo "No chromium, Chinese font, unzip or 7z, and no apt-get to install them: some tests will be skipped."
    exit 0
fi
if [ "$(id -u)" -eq 0 ]; then
    run=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    run="sudo -n"
else
    echo "Some tests need: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji fontconfig unzip p7zip-full. Without them they are skipped."
    exit 0
fi
echo "Installing chromium, a Chinese font, an emoji font, unzip and 7-Zip for the tests ..."
$run apt-get -qq update
DEBIAN_FRONTEND=noninteractive $run apt-get -qq install -y --no-install-recommends \
    chromium fonts-noto-cjk fonts-noto-color-emoji fontconfig unzip p7zip-full >/dev/null
