"""What lies beside exported Parquet files: a Data Package and a Croissant description, made from the data dictionary.

They hold no times: the same facts give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.errors import naming
from warehouse.database.files import hash_of, replacing
from warehouse.database.sql import Connection
from warehouse.docs.dictionary import SCHEMAS, relations

DATA_PACKAGE = "datapackage.json"
CROISSANT = "croissant.json"

ABOUT = (
    "Papers of daily and weekly digests, as their pages printed them: what was listed, reviewed and counted. "
    "The pages belong to their sites, whose terms hold for what was copied from them."
)
PAPER = "The paper, by the smallest sighting_key of its sightings, which does not depend on what was loaded first."

Descriptor = dict[str, Any]

# Where a column of an exported table has its comment; `marts` has it for all others.
_ORIGINS: Mapping[str, tuple[str, ...]] = {
    "metrics": ("core.metrics",),
    "papers": ("core.papers",),
    "partitions": ("ops.partition_states",),
    "sightings": ("core.sightings", "raw.contents"),
}
# What names a row of each exported table; the other columns are its facts.
KEYS: Mapping[str, tuple[str, ...]] = {
    "metrics": ("sighting_key", "metric", "observed_at"),
    "papers": ("paper",),
    "partitions": ("source", "partition_on"),
    "reviews": ("paper", "source", "partition_on"),
    "sightings": ("sighting_key",),
    "withheld": ("paper", "content", "source"),
}
_TYPES = {
    "BIGINT": ("integer", "sc:Integer"),
    "BOOLEAN": ("boolean", "sc:Boolean"),
    "DATE": ("date", "sc:Date"),
    "DOUBLE": ("number", "sc:Float"),
    "INTEGER": ("integer", "sc:Integer"),
    "TIMESTAMP": ("datetime", "sc:DateTime"),
    "VARCHAR": ("string", "sc:Text"),
}
# The context that Croissant 1.0 prescribes.
_WORDS = """
    citeAs column equivalentProperty extract field fileObject fileProperty fileSet format includes isLiveDataset
    jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate separator source subField
    transform
"""
_CONTEXT: Descriptor = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{word: f"cr:{word}" for word in _WORDS.split()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column of an exported table, with DuckDB's type and its comment in the dictionary."""

    name: str
    type: str
    comment: str

    @property
    def is_repeated(self) -> bool:
        """Whether it is a list."""
        return self.type.endswith("[]")

    @property
    def has_parts(self) -> bool:
        """Whether it holds structures."""
        return self.type.startswith("STRUCT")

    @property
    def types(self) -> tuple[str, str]:
        """The type in a Data Package, and the one of Croissant, where a list has that of its items."""
        plain, item = _TYPES.get(self.type.removesuffix("[]"), ("object", "sc:Text"))
        return ("array" if self.is_repeated else plain), item


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTable:
    """An exported table: one file, and what it means."""

    name: str
    comment: str
    fields: tuple[Field, ...]
    path: Path

    @property
    def sha256(self) -> str:
        """The hash of its file."""
        return hash_of(self.path)


def describe(connection: Connection, directory: Path, queries: Mapping[str, str], digest: str) -> None:
    """Write both descriptions of `<directory>/<table>.parquet`, the answers of the queries by their tables' names."""
    tables = _tables(connection, directory, queries)
    for name, made in ((DATA_PACKAGE, data_package(tables, digest)), (CROISSANT, croissant(tables))):
        with replacing(directory / name) as place, naming(directory / name):
            place.write_text(f"{json.dumps(made, indent=1, ensure_ascii=False)}\n", encoding="utf-8")


def _tables(connection: Connection, directory: Path, queries: Mapping[str, str]) -> tuple[ExportedTable, ...]:
    columns = [each for schema in SCHEMAS for relation in relations(schema, connection) for each in relation]
    of_tables = {f"{each.schema}.{each.relation}": each.relation_comment for each in columns}
    of_columns = {(f"{each.schema}.{each.relation}", each.name): each.comment for each in columns}

    def field(table: str, name: str, kind: str) -> Field:
        places = (*_ORIGINS.get(table, ()), f"marts.{table}")
        found = (of_columns.get((place, name)) for place in places)
        return Field(name=name, type=kind, comment=PAPER if name == "paper" else next(filter(None, found), ""))

    return tuple(
        ExportedTable(
            name=table,
            comment=of_tables.get(f"marts.{table}", ""),
            fields=tuple(field(table, str(each[0]), str(each[1])) for each in _header(connection, query)),
            path=directory / f"{table}.parquet",
        )
        for table, query in queries.items()
    )


def _header(connection: Connection, query: str) -> Sequence[tuple[object, ...]]:
    return connection.sql(query).description


def data_package(tables: Sequence[ExportedTable], digest: str) -> Descriptor:
    """The Data Package (datapackage.org, version 2); `digest` is the one that the export printed."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "paperlog",
        "title": "Paperlog",
        "description": ABOUT,
        "digest": digest,
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: ExportedTable) -> Descriptor:
    names = [field.name for field in table.fields]
    schema: Descriptor = {
        "fields": [{"name": each.name, "type": each.types[0], "description": each.comment} for each in table.fields],
    }
    if table.name in KEYS:
        schema["primaryKey"] = list(KEYS[table.name])
    if table.name != "papers" and "paper" in names:
        reference = {"resource": "papers", "fields": ["paper"]}
        schema["foreignKeys"] = [{"fields": ["paper"], "reference": reference}]
    return {
        "name": table.name,
        "description": table.comment,
        "path": table.path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": table.path.stat().st_size,
        "hash": f"sha256:{table.sha256}",
        "schema": schema,
    }


def croissant(tables: Sequence[ExportedTable]) -> Descriptor:
    """The description in Croissant 1.0 (mlcommons.org/croissant), which has no word for lists of structures."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "paperlog",
        "description": ABOUT,
        "distribution": [_file_object(table) for table in tables],
        "recordSet": [_record_set(table) for table in tables],
    }


def _file_object(table: ExportedTable) -> Descriptor:
    return {
        "@type": "cr:FileObject",
        "@id": table.path.name,
        "name": table.path.name,
        "description": table.comment,
        "contentUrl": table.path.name,
        "contentSize": f"{table.path.stat().st_size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": table.sha256,
    }


def _record_set(table: ExportedTable) -> Descriptor:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.comment,
        "key": [{"@id": f"{table.name}/{name}"} for name in KEYS.get(table.name, ())],
        "field": [_croissant_field(table, field) for field in table.fields if not field.has_parts],
    }


def _croissant_field(table: ExportedTable, field: Field) -> Descriptor:
    made: Descriptor = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": field.comment,
        "dataType": field.types[1],
        "source": {"fileObject": {"@id": table.path.name}, "extract": {"column": field.name}},
    }
    if field.is_repeated:
        made["repeated"] = True
    if field.name == "paper" and table.name != "papers":
        made["references"] = {"field": {"@id": "papers/paper"}}
    return made
