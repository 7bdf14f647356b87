#!/bin/sh
# Runs the steps of the Dockerfile without Docker, in a clean Debian root, and proves that what comes out answers:
#
#   sudo tools/image_steps.sh [FOLDER]        (needs: apt install debootstrap; FOLDER must not exist, default a temporary one)
#
# The root is Debian 12 with its own Python 3.11, where the image has 3.12; the steps are the same, kept so by a test.
# IMAGE_MOUNTS="/dir /dir" makes folders of this machine readable inside (certificates, wheels), as pip's settings need.
set -eu

[ "$(id -u)" -eq 0 ] || { echo "please run as root: a new root needs it"; exit 1; }
command -v debootstrap >/dev/null || { echo "debootstrap is missing: apt install debootstrap"; exit 1; }
source=$(cd "$(dirname "$0")/.." && pwd)
root=${1:-$(mktemp -d)/root}
[ ! -e "$root" ] || { echo "$root exists already"; exit 1; }

# A mount namespace of our own: whatever is mounted goes with this script.
[ -n "${IMAGE_STEPS_INSIDE:-}" ] || exec env IMAGE_STEPS_INSIDE=1 unshare --mount --propagation private "$0" "$root"

enter() { exec chroot "$root" /usr/bin/env -i -C /app HOME=/root LANG=C.UTF-8 \
    PATH=/app/.venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data ${settings:-} "$@"; }
inside() { (enter "$@"); }
run() { printf 'RUN %s\n' "$1"; inside /bin/sh -c "$1"; }

echo "FROM a clean Debian"
debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$root" >/dev/null
mount --bind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t proc proc "$root/proc"
cp /etc/resolv.conf "$root/etc/resolv.conf"
for folder in ${IMAGE_MOUNTS:-}; do
    mkdir -p "$root$folder"
    mount --bind -o ro "$folder" "$root$folder"
done
mkdir -p "$root/app"

# --- the image's steps, in its order
settings=$(env | grep -iE '^(PIP_|npm_config_|https?_proxy=|no_proxy=|SSL_CERT_FILE=)' | tr '\n' ' ')
cp "$source/requirements.txt" "$root/app/"
run 'python3 -m venv /app/.venv'
run '/app/.venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.txt'
cp -r "$source/web" "$root/app/web"
mkdir -p "$root/app/tools" && cp "$source/tools/install_web_parts.py" "$root/app/tools/"
run '/app/.venv/bin/python tools/install_web_parts.py && rm -rf .web'
run '/app/.venv/bin/pip uninstall --yes --quiet pip setuptools wheel'
settings=
run 'useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin bot && install -d -o bot -g bot -m 0700 /data'
sed -n 's/^!//p' "$source/.dockerignore" | (cd "$source" && tar --create --exclude=__pycache__ --files-from=-) | tar --extract --directory "$root/app"
run 'python3 -m compileall -q answers bot documents domain handlers migrations store validators'

# --- does it answer? As the user and with the commands of the image
if inside /bin/sh -c 'command -v gcc cc'; then echo "a compiler is left"; exit 1; fi
settings="PORT=18000 HOST=127.0.0.1 WECOM_BOT_TOKEN=token WECOM_BOT_AES_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
enter setpriv --reuid bot --regid bot --clear-groups gunicorn 'bot.web:from_environment()' &
web=$!
enter setpriv --reuid bot --regid bot --clear-groups python3 -m bot worker &
worker=$!
trap 'kill $web $worker 2>/dev/null || true' EXIT
tries=0
until inside setpriv --reuid bot --regid bot --clear-groups python3 -c "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz\", timeout=2)" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || { echo "the web half does not answer"; exit 1; }
    sleep 0.5
done
inside python3 -c 'import urllib.request; print("GET /readyz:", urllib.request.urlopen("http://127.0.0.1:18000/readyz", timeout=5).read().decode().strip())'
kill -TERM $web $worker
wait $web
wait $worker
trap - EXIT
echo "The image's steps work: built, answered as user bot, stopped by TERM. Size of /app: $(du -sh "$root/app" | cut -f1)"
echo "The root is $root; remove it when you have seen enough."
