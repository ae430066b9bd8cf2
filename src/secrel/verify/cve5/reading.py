"""Reading a record as found: any JSON at all, of which nothing may be taken for granted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

PUBLISHED = "PUBLISHED"
REJECTED = "REJECTED"
CNA = "containers.cna"


def mapping(value: object) -> Mapping[str, object]:
    """The value when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """The value when it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """The value when it is a JSON number, else None; `true` is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


class JsonObject(Struct, frozen=True):
    """One JSON object and where it is: `containers.cna.references[1]`."""

    path: str
    fields: Mapping[str, object]

    def __getitem__(self, name: str) -> str:
        """Give one field as text; empty when it is absent or no text."""
        return text(self.fields.get(name))

    def at(self, name: str) -> str:
        """Name the place of one field."""
        return f"{self.path}.{name}"

    def inner(self, name: str) -> JsonObject:
        """Give the JSON object under `name`, empty when it is none."""
        return JsonObject(self.at(name), mapping(self.fields.get(name)))

    def entries(self, name: str) -> Iterator[JsonObject]:
        """Give the JSON objects of the array under `name`; anything else in it is passed over."""
        found = self.fields.get(name)
        for index, value in enumerate(found if isinstance(found, list) else []):
            if isinstance(value, dict):
                yield JsonObject(f"{self.at(name)}[{index}]", value)


class FoundRecord(Struct, frozen=True):
    """A record as found: its metadata and the CNA's container; others' containers (ADP) are not the CNA's to answer."""

    metadata: JsonObject
    cna: JsonObject

    @classmethod
    def of(cls, record: object) -> FoundRecord:
        """Look at any JSON value as if it were a record."""
        whole = mapping(record)
        containers = mapping(whole.get("containers"))
        return cls(
            JsonObject("cveMetadata", mapping(whole.get("cveMetadata"))),
            JsonObject(CNA, mapping(containers.get("cna"))),
        )

    @property
    def state(self) -> str:
        """What the record says of itself: `PUBLISHED`, `REJECTED`, or whatever else it holds."""
        return self.metadata["state"]

    @property
    def cve_id(self) -> str:
        """The id that the record says it has."""
        return self.metadata["cveId"]

    def versions(self) -> Iterator[JsonObject]:
        """Every entry of every affected product's `versions`."""
        for product in self.cna.entries("affected"):
            yield from product.entries("versions")


def is_english(language: str) -> bool:
    """Whether a language tag is English: `en`, `en-US`, `en_GB` (CVE Record Format 5.1.1, `englishLanguage`)."""
    return language.lower().replace("_", "-").split("-")[0] == "en"
