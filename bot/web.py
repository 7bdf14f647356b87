"""The web application: callbacks and the addresses for whoever runs it."""

from __future__ import annotations

import structlog
from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from bot.callbacks import callbacks
from bot.config import load_settings
from bot.console.pages import console
from bot.console.showing import in_words, is_page
from bot.domain_files import domain_files
from bot.download_page import download_page
from bot.jobs import Jobs
from bot.logs import set_up_logs
from bot.metrics import Backlog
from bot.receipt_page import receipt_page
from bot.refreshing import note_what_was_handed
from bot.services import Services, build
from bot.static_files import static_files
from bot.uploads.pages import upload_pages
from bot.wecom.callback import MAX_BODY_BYTES
from store.blobs import BlobsAwayError

_log = structlog.get_logger(__name__)

_LARGEST_BODY_BYTES = 32 * MAX_BODY_BYTES
_FAULT = 500


def create_app(services: Services) -> Flask:
    """The WSGI application on these services."""
    app = Flask("bot", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY_BYTES
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}  # a phone need not fetch our indentation
    app.register_blueprint(callbacks(services))
    app.register_blueprint(receipt_page(services))
    app.register_blueprint(download_page(services))
    app.register_blueprint(static_files(app))
    app.register_blueprint(domain_files(services))
    for pages in upload_pages(services):
        app.register_blueprint(pages)
    for pages in console(services):
        app.register_blueprint(pages)
    note_what_was_handed(services)

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    def readyz() -> Response:
        away = what_is_away(services)
        text = "".join(f"{each} away\n" for each in away) or "ready\n"
        return Response(text, status=503 if away else 200, mimetype="text/plain")

    backlog = CollectorRegistry()
    backlog.register(Backlog(services.database, services.clock.real))

    @app.get("/metrics")
    def metrics() -> Response:
        try:
            waiting = generate_latest(backlog)
        except SQLAlchemyError:  # what this process counted is worth most while the database is away
            waiting = b""
        return Response(generate_latest() + waiting, content_type=CONTENT_TYPE_LATEST)

    _say_what_went_wrong(app)
    return app


def _say_what_went_wrong(app: Flask) -> None:
    """A number to machines, a sentence to people; to nobody what it was."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        if is_page(request.path):
            return in_words(error.code or _FAULT)
        return Response(f"{error.code}\n", status=error.code or 500, mimetype="text/plain")

    @app.errorhandler(Exception)
    def failed(_error: Exception) -> Response:
        _log.exception("request failed")
        if is_page(request.path):
            return in_words(_FAULT)
        return Response("500\n", status=500, mimetype="text/plain")


def what_is_away(services: Services) -> list[str]:
    """Names of what this process cannot do without and cannot reach now: the database, the place of files."""
    away = []
    try:
        services.database.ping()
    except SQLAlchemyError:
        away.append("database")
    try:
        services.blobs.check()
    except BlobsAwayError:
        away.append("blob storage")
    return away


def from_environment() -> Flask:
    """What gunicorn loads (`bot.web:from_environment()`): settings from the environment, nudges into the queue."""
    set_up_logs()
    settings = load_settings()
    jobs = Jobs(settings)
    services = build(settings, jobs.nudge)
    jobs.bind(services)
    return create_app(services)
