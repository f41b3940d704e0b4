"""What commands share: settings, a database, and how what goes wrong becomes a sentence and an exit code."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import typer
from aiokafka.errors import KafkaError
from pydantic import ValidationError
from typer.core import TyperGroup

from kinara.cli import screen
from kinara.contracts import ROOTS
from kinara.kit.mongo import Database, DatabaseError
from kinara.kit.settings import ServiceSettings, UnsafeSettings

NO, USAGE, UNREACHABLE = 1, 2, 3


class Refused(Exception):
    """The answer is no; says it to people, with the detail for developers."""

    def __init__(self, said: str, detail: str, code: int = NO) -> None:
        super().__init__(said)
        self.said = said
        self.detail = detail
        self.code = code


class Door(TyperGroup):
    """Runs a command and answers for it."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; no traceback for what operators can mend themselves."""
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # what it would say, we say below
        try:
            return super().invoke(ctx)
        except Refused as refused:
            self._end(refused.said, refused.detail, refused.code)
        except UnsafeSettings as error:
            self._end("Tidak diizinkan di lingkungan produksi.", str(error), USAGE)
        except KafkaError as error:
            self._end("Broker Kafka tidak dapat dipakai. Periksa KINARA_KAFKA.", _named(error), UNREACHABLE)
        except DatabaseError as error:
            self._end("Basis data tidak dapat dipakai. Periksa KINARA_MONGO.", _named(error), UNREACHABLE)

    @staticmethod
    def _end(said: str, detail: str, code: int) -> None:
        screen.complain(said, detail)
        raise typer.Exit(code)


def settings() -> ServiceSettings:
    """The settings from the environment; ``Refused`` names the variable that is wrong, never its value."""
    try:
        return ServiceSettings()
    except ValidationError as error:
        wrong = [
            f"KINARA_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" if e["loc"] else e["msg"]
            for e in error.errors(include_input=False, include_url=False)
        ]
        raise Refused("Pengaturan belum benar. Perbaiki variabel berikut.", "; ".join(wrong), USAGE) from None


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).removeprefix(type(error).__name__ + ': ')[:300]}"


def known(service: str) -> str:
    """The name of a service, or wrong usage."""
    if service not in ROOTS:
        raise typer.BadParameter(f"expected one of {', '.join(ROOTS)}")
    return service


@asynccontextmanager
async def opened(service: str) -> AsyncIterator[Database]:
    """A service's database, for one command."""
    given = settings()
    database = Database(given.mongo.get_secret_value(), given.database or service)
    try:
        yield database
    finally:
        database.close()
