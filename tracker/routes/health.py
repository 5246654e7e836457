"""``/health``, for monitors: 200 or 503, and which part is not well."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from tracker import auth, clock, parts
from tracker.policy import Permission
from tracker.queries.health import OK, checks

bp = Blueprint("health", __name__)

STARTED_AT = clock.now()


@bp.get("/health")
@auth.needs(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """Say how each part is. Tells nothing else."""
    found = checks(parts.database(), parts.at(), started_at=STARTED_AT)
    well = all(said == OK for said in found.values())
    return jsonify({"status": OK if well else "failing", "checks": dict(found)}), 200 if well else 503
