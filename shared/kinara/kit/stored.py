"""What documents are made of: exact numbers, days as text, and documents that are packed once and written often."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import bson
from bson.codec_options import CodecOptions, TypeCodec, TypeEncoder, TypeRegistry
from bson.decimal128 import Decimal128
from bson.raw_bson import RawBSONDocument

Document = dict[str, Any]

_SHORT, _BIAS = 19, 6176
WRITTEN, READ = 8_192, 65_536
"""Numbers whose stored form is kept, and stored forms whose number is. A fold writes new ones without end: to keep
eight times as many would save one conversion in ten, of 0.7 µs each, and take 20 MiB. Who reads many reads them again,
and to read one costs more."""


class _Number(Decimal128):
    """A stored number whose bytes are laid out once: the library's own lays them out whenever it is written."""

    __slots__ = ("bid",)

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self._lay_out()

    def __setstate__(self, value: Any) -> None:
        super().__setstate__(value)
        self._lay_out()

    def _lay_out(self) -> None:
        self.bid = Decimal128.bid.fget(self)  # type: ignore[attr-defined,misc]  # a property there


def stored_number(value: Decimal) -> Decimal128:
    """``Decimal128(value)``; most numbers are written again and again, so their stored form is kept."""
    return _stored(str(value))


@lru_cache(maxsize=WRITTEN)
def _stored(text: str) -> Decimal128:
    """The number of a text, laid out for up to 19 plain digits, for which the library goes over each bit.

    The layout is IEEE 754's: sign, biased exponent, coefficient.
    """
    plain = text.removeprefix("-")
    whole, _, fraction = plain.partition(".")
    if len(whole) + len(fraction) <= _SHORT and (whole + fraction).isdigit():
        high = (plain is not text) << 63 | (_BIAS - len(fraction)) << 49
        return _Number((high, int(whole + fraction)))
    return _Number(text)


@lru_cache(maxsize=READ)
def _read(bid: bytes) -> Decimal:
    """The number of a stored form: most are read again and again, and the library goes over each bit and digit."""
    return Decimal128.from_bid(bid).to_decimal()


class _DecimalCodec(TypeCodec):
    python_type = Decimal
    bson_type = Decimal128

    def transform_python(self, value: Any) -> Any:
        return _stored(str(value))

    def transform_bson(self, value: Any) -> Any:
        return _read(value.bid)


class _DateCodec(TypeEncoder):
    python_type = date

    def transform_python(self, value: Any) -> Any:
        return value.isoformat()


CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True, type_registry=TypeRegistry([_DecimalCodec(), _DateCodec()]))


def packed(document: Mapping[str, Any]) -> Document:
    """A document as the bytes it is stored as: whoever writes it again and again packs it once.

    Raises as ``storable`` does.
    """
    return cast("Document", RawBSONDocument(bson.encode(document, codec_options=CODEC)))


def storable(document: Mapping[str, Any]) -> None:
    """Raise if a document cannot be stored: a number with too many digits, a value of an unknown kind."""
    bson.encode(document, codec_options=CODEC)
