"""Token buckets in rows, shared by all processes: so many calls a second, a few more at once, none while closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.schema.broadcasts import Bucket

_WHOLE = 1000
"""Thousandths of a token."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a bucket holds: `most` tokens, filled by `per_second`."""

    name: str
    per_second: float
    most: int


def take(session: Session, pace: Pace, now: datetime) -> timedelta:
    """Take one token. Zero when there was one; else nothing is taken, and so long it takes until there may be one."""
    bucket = _locked(session, pace, now)
    if bucket.closed_until is not None and now < bucket.closed_until:
        return bucket.closed_until - now
    passed = max(0.0, (now - bucket.at).total_seconds())
    there = min(pace.most * _WHOLE, bucket.thousandths + int(passed * pace.per_second * _WHOLE))
    bucket.at = max(now, bucket.at)
    bucket.thousandths = there - _WHOLE if there >= _WHOLE else there
    return timedelta(0) if there >= _WHOLE else timedelta(seconds=(_WHOLE - there) / _WHOLE / pace.per_second)


def close(session: Session, pace: Pace, now: datetime, until: datetime) -> None:
    """The platform has asked for silence: nobody takes a token before `until`, and then they begin with one."""
    bucket = _locked(session, pace, now)
    bucket.closed_until = max(until, bucket.closed_until or until)
    bucket.thousandths, bucket.at = _WHOLE, max(bucket.closed_until, bucket.at)


def _locked(session: Session, pace: Pace, now: datetime) -> Bucket:
    locked = select(Bucket).where(Bucket.name == pace.name).with_for_update().execution_options(populate_existing=True)
    bucket = session.scalar(locked)
    if bucket is None:
        try:
            with session.begin_nested():
                session.add(Bucket(name=pace.name, thousandths=pace.most * _WHOLE, at=now))
        except IntegrityError:  # another process has just made it
            pass
        bucket = session.scalars(locked).one()
    return bucket
