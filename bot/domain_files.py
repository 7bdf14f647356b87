"""/WW_verify_….txt: by its content WeCom knows that a domain is ours (protocol 7.5)."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from bot.services import Services


def domain_files(services: Services) -> Blueprint:
    """Only the files named in the settings are answered: an answer to any name would let others claim the domain."""
    blueprint = Blueprint("domain_files", __name__)

    @blueprint.get("/WW_verify_<code>.txt")
    def verify(code: str) -> Response:
        if code not in services.settings.wecom_domain_files:
            abort(404)
        return Response(code, mimetype="text/plain")

    return blueprint
