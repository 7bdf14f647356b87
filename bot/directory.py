"""Names from WeCom's directory, for people who have told none: asked now and then, never needed, never waited for."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.services import Services
from bot.wecom.errors import ApiError, ErrorKind
from domain.contact import normalise_name
from store import people

_log = structlog.get_logger(__name__)

# A few at each tick: nobody waits for them, and the platform's rate is not ours alone.
_AT_ONCE = 3
_AGAIN_AFTER = timedelta(days=1)


def look_up_names(services: Services) -> None:
    """Ask for some of those without a name. What the directory does not tell, or is closed to this app (48002, 60011),
    is asked again a day later; an answer never replaces what a person or the roster has said."""
    if services.api is None:
        return
    now = services.clock.real()
    with services.database.read() as session:
        nameless = people.nameless(session, before=now - _AGAIN_AFTER, most=_AT_ONCE)
    for userid in nameless:
        name = None
        try:
            name = normalise_name(services.api.get_user(userid).name)
        except ApiError as error:
            _log.info("the directory did not answer", errcode=error.errcode)
            if error.kind is ErrorKind.RETRY:
                return
        with services.database.begin() as session:
            people.looked_up(session, userid, name, now)
