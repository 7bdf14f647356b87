# One image for web and worker; what it runs is the command (compose.yaml). tools/image_steps.sh runs the same steps
# without Docker; a test keeps the two alike.

FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.txt ./
RUN python3 -m venv /app/.venv
RUN /app/.venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
COPY web ./web
COPY tools/install_web_parts.py ./tools/
RUN /app/.venv/bin/python tools/install_web_parts.py && rm -rf .web
# pip has done its work; what stays behind cannot install anything.
RUN /app/.venv/bin/pip uninstall --yes --quiet pip setuptools wheel

FROM python:3.12-slim
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin bot && install -d -o bot -g bot -m 0700 /data
COPY --from=build /app/.venv /app/.venv
COPY . ./
COPY --from=build /app/bot/static/vendor /app/bot/static/vendor
RUN python3 -m compileall -q answers bot documents domain handlers migrations store validators
USER bot
VOLUME /data
EXPOSE 8000
# TERM lets gunicorn and the worker finish what is under way; gunicorn's QUIT would break off answers.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz\", timeout=2)"]
CMD ["gunicorn", "bot.web:from_environment()"]
