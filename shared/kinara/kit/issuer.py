"""The development issuer: signs tokens for trying things out, and refuses to exist in production."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from joserfc import jwt
from joserfc.jwk import ECKey

from kinara.kit.identity import Role
from kinara.kit.settings import ServiceSettings, UnsafeSettings


def _key(path: Path) -> ECKey:
    """The issuer's key, made at the first use; readable by its owner only. Its public half stands beside it."""
    if not path.exists():
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(key.as_dict(private=True)))
    key = ECKey.import_key(json.loads(path.read_text()))
    _show(public_keys(path), json.dumps({"keys": [key.as_dict(private=False)]}))
    return key


def _show(path: Path, text: str) -> None:
    """Have a file say this; whoever reads it meanwhile finds it whole."""
    if path.exists() and path.read_text() == text:
        return
    with NamedTemporaryFile("w", dir=path.parent, delete=False) as new:
        new.write(text)
    Path(new.name).chmod(0o644)
    Path(new.name).replace(path)


def public_keys(path: Path) -> Path:
    """Where the public half of the key lies, for ``KINARA_OIDC_JWKS=file:…``."""
    return path.with_suffix(".jwks.json")


def token(
    settings: ServiceSettings,
    *,
    roles: Sequence[Role],
    employee: str | None = None,
    units: Sequence[str] = (),
    lifetime_s: int = 8 * 3600,
) -> str:
    """A signed token for the given roles, person and unit paths."""
    if settings.env == "production":
        raise UnsafeSettings("the development issuer does not work in production; use your OIDC provider")
    key = _key(settings.issuer_key)
    now = int(time.time())
    claims = {
        "iss": settings.oidc_issuer,
        "aud": settings.oidc_audience,
        "sub": employee or f"dev:{'+'.join(roles)}",
        "iat": now,
        "exp": now + lifetime_s,
        "roles": list(roles),
        "units": list(units),
    }
    if employee is not None:
        claims["employee"] = employee
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)
