"""Layer schemas and code lists, against the contract and against how offices write."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from pydantic import ValidationError

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules import schema as rules
from ntm_gis.rules.schema import LayerSchema, code_list, heading_key, schema

CONTRACT = Path(__file__).parents[1] / "docs" / "contract.md"
LAYERS = rules.layer_names()
LISTS = sorted(path.stem for path in shipped.path("layers", "codes").glob("*.csv"))
# Every layer with points takes these two (contract, "Rows").
OF_POINTS = ("place", "located_by")


# --- The table of the contract ------------------------------------------------------------------


def contract_table() -> dict[str, tuple[str, dict[str, dict[str, object]]]]:
    """Layer -> what the contract says of its geometry and its fields, in its order."""
    section = CONTRACT.read_text(encoding="utf-8").split("\n## Layers")[1].split("\n## ")[0]
    table: dict[str, tuple[str, dict[str, dict[str, object]]]] = {}
    for line in section.splitlines():
        if not line.startswith("| `"):
            continue
        names, geometry, fields = (cell.strip() for cell in line.strip("|").split("|"))
        layers = re.findall(r"`(\w+)`", names)
        shapes = geometry.split(" · ") if len(layers) > 1 else [geometry]
        parts = fields.split(" · ")
        for i, layer in enumerate(layers):
            of_layer = parts[min(i, len(parts) - 1)]
            if i and len(parts) > 1 and "_id*" not in of_layer:
                of_layer = f"{parts[0]}, {of_layer}"  # what both have, then what is its own
            table[layer] = (shapes[min(i, len(shapes) - 1)], dict(read_fields(of_layer)))
    return table


def read_fields(written: str) -> list[tuple[str, dict[str, object]]]:
    """Read "name*, surface {concrete, asphalt}" into names with star, codes and personal."""
    out: list[tuple[str, dict[str, object]]] = []
    for part in re.split(r",\s*(?![^{(]*[})])", written):
        match = re.match(r"(\w+)(\*?)(?: or (\w+))?\s*(?:[{(](.*)[})])?$", part.strip())
        if match is None:
            continue
        name, star, other, inside = match.groups()
        found: dict[str, object] = {"star": bool(star), "codes": None, "personal": False}
        if inside == "personal":
            found["personal"] = True
        elif inside is not None and "{" in part:
            found["codes"] = [code.strip() for code in inside.split(",")]
        elif inside is not None and inside.startswith("one or several of "):
            found["codes"] = [
                c.strip() for c in inside.removeprefix("one or several of ").split(",")
            ]
        out += [(n, found) for n in (name, other) if n]
    return out


def test_the_contract_is_read_whole():
    table = contract_table()
    assert len(table) == 39
    assert table["roads"][1]["surface"]["codes"] == [
        "concrete", "asphalt", "bitumen", "gravel", "macadam", "block", "earth"
    ]  # fmt: skip
    assert table["crop_areas"][1].keys() > {"plot_id", "declared_ha", "crop"}
    assert table["forest"][1].keys() == {"forest_id", "kind"}
    assert table["contributions"][1]["household"]["personal"]
    assert not table["figures"][1]["unit_code"]["star"]
    assert {"unit_code", "village_id"} < table["figures"][1].keys()
    assert table["elevation"] == ("raster", {})


def test_every_layer_of_the_contract_has_a_file_and_no_other():
    assert set(LAYERS) == contract_table().keys()


@pytest.mark.parametrize("layer", LAYERS)
def test_fields_are_those_of_the_contract(layer):
    found = schema(layer)
    assert found.name == layer
    own = OF_POINTS if {"point", "any"} & set(found.geometry) and layer not in {
        "tracks", "photos"
    } else ()  # fmt: skip
    fields = contract_table()[layer][1]
    assert found.names == (*fields, *own)
    for name, said in fields.items():
        field = found.field(name)
        assert field.required is said["star"], name
        assert field.personal is said["personal"], name
        if said["codes"] is not None:
            assert field.type == "choice"
            assert list(code_list(str(field.codes)).keys) == said["codes"], name
    for name in own:
        assert not found.field(name).required


@pytest.mark.parametrize("layer", LAYERS)
def test_geometry_is_that_of_the_contract(layer):
    words = {
        "table": (), "tracks": ("line", "point"), "photos": ("point",), "any": ("any",),
        "raster": ("raster",),
    }  # fmt: skip
    said = contract_table()[layer][0]
    expected = words.get(layer, words.get(said))
    if expected is None:
        expected = tuple(re.sub(r"[;(].*", "", said).strip().split(" or "))
    assert schema(layer).geometry == expected
    assert schema(layer).is_table is (expected == ())


def test_sections_of_tasks_run_from_the_first_to_the_last_of_the_contract():
    sections = code_list("task_section").keys
    assert {"II.1", "II.11", "V.6"} <= set(sections)
    assert "V.7" not in sections


def test_personal_fields_are_the_three_of_the_contract():
    personal = {(n, f.name) for n in LAYERS for f in schema(n).fields if f.personal}
    assert personal == {("contributions", name) for name in ("household", "parcel", "document")}


# --- What holds within the files ----------------------------------------------------------------


def folded(written: str) -> str:
    """Fold a heading by other means than the package: no marks, no case, letters and digits."""
    marked = unicodedata.normalize("NFKD", re.sub(r"\((?:m|m2|m²|ha|km|cm|%)\)", "", written))
    plain = marked.casefold().replace("đ", "d")
    return "".join(c for c in plain if c.isalnum())


@pytest.mark.parametrize("layer", LAYERS)
def test_an_alias_belongs_to_one_field(layer):
    owner: dict[str, str] = {}
    for field in schema(layer).fields:
        for spelling in (field.name, field.title.vi, field.title.en, *field.aliases):
            assert folded(spelling)
            assert owner.setdefault(folded(spelling), field.name) == field.name, spelling


def test_the_name_of_a_file_belongs_to_one_layer():
    owner: dict[str, str] = {}
    for layer in LAYERS:
        found = schema(layer)
        for spelling in (layer, found.title.vi, found.title.en, *found.aliases):
            assert owner.setdefault(folded(spelling), layer) == layer, spelling


@pytest.mark.parametrize("layer", LAYERS)
def test_no_alias_stands_twice(layer):
    found = schema(layer)
    for aliases in (found.aliases, *(field.aliases for field in found.fields)):
        keys = [heading_key(alias) for alias in aliases]
        assert len(keys) == len(set(keys)), aliases


@pytest.mark.parametrize("layer", LAYERS)
def test_titles_stand_in_both_languages(layer):
    found = schema(layer)
    for title in (found.title, *(field.title for field in found.fields)):
        assert title.vi.strip() == title.vi != ""
        assert title.en.strip() == title.en != ""
        assert unicodedata.is_normalized("NFC", title.vi)
        assert "_" not in title.vi + title.en
    for alias in (*found.aliases, *(a for f in found.fields for a in f.aliases)):
        assert unicodedata.is_normalized("NFC", alias)
        assert alias.strip() == alias
    assert found.aliases


def test_titles_tell_fields_of_a_layer_apart():
    for layer in LAYERS:
        titles = [f.title.vi for f in schema(layer).fields]
        assert len(titles) == len(set(titles)), layer


def test_every_code_list_is_used():
    used = {f.codes for n in LAYERS for f in schema(n).fields if f.codes}
    # Units are asked by headings, regions and sets by commune.toml.
    assert set(LISTS) - used == {"unit", "region", "criteria_set"}


def test_references_lead_to_keys():
    for layer in LAYERS:
        for field in schema(layer).fields:
            for target in field.targets:
                if target == rules.PREDECESSOR:
                    assert field.name == "former_commune"
                else:
                    assert schema(target).key is not None, (layer, field.name)
            if field.also:
                assert set(field.also) <= set(code_list(str(field.codes)).keys)


def test_keys_are_found_in_every_layer_whose_rows_are_referred_to():
    for layer in LAYERS:
        found = schema(layer)
        if found.key is None:
            assert found.key_from or layer in {"photos", "elevation", "outlines"}
        elif layer != "tracks":
            assert found.field(found.key).required


@pytest.mark.parametrize("layer", LAYERS)
def test_units_follow_the_names_of_fields(layer):
    ends = {
        "_m": "m", "_ha": "ha", "_m2": "m2", "_cm": "cm", "_percent": "%", "_year": "year",
        "million_vnd": "million đồng", "households": "households", "population": "people",
    }  # fmt: skip
    for field in schema(layer).fields:
        for end, unit in ends.items():
            if field.name.endswith(end) and field.type not in {"reference", "boolean"}:
                assert field.unit == unit, field.name
        if field.unit is not None:
            assert field.unit in code_list("unit").keys
        if field.range is not None:
            assert field.type in {"number", "integer", "chainage"}
            assert field.range[0] < field.range[1]
        elif field.unit is not None:
            pytest.fail(f"{field.name} has a unit but no range")


def test_findings_named_by_fields_have_words():
    with shipped.path("data", "messages.toml").open("rb") as file:
        messages = tomllib.load(file)
    for layer in LAYERS:
        for field in schema(layer).fields:
            codes = {field.decisive, field.alike, *field.notable.values()} - {None}
            assert codes <= messages.keys(), (layer, field.name)
            for name, when in field.decisive_when.items():
                assert set(when) <= set(code_list(str(schema(layer).field(name).codes)).keys)
            assert not field.notable or set(field.notable) <= set(code_list(str(field.codes)).keys)


# --- Faults in the files are refused ------------------------------------------------------------


def field(name: str, *aliases: str) -> dict[str, object]:
    return {
        "name": name,
        "type": "text",
        "title": {"vi": name, "en": name},
        "aliases": list(aliases),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"field": [field("a", "Bề rộng"), field("b", "BE_RONG (m)")]},
        {"field": [field("a"), field("a")]},
        {"field": [field("a")], "key": "b"},
        {"field": [field("a")], "key_from": ["b"]},
        {"field": [field("a") | {"type": "choice"}]},
        {"field": [field("a") | {"type": "reference"}]},
        {"field": [field("a") | {"colour": "red"}]},
    ],
    ids=["alias of two fields", "field twice", "key is no field", "key_from is no field",
         "choice without codes", "reference to nowhere", "unknown key"],
)  # fmt: skip
def test_a_faulty_layer_is_refused(changes):
    sound = {"name": "x", "title": {"vi": "X", "en": "X"}, "field": [field("a")]}
    assert LayerSchema.model_validate(sound).names == ("a",)
    with pytest.raises(ValidationError):
        LayerSchema.model_validate(sound | changes)


def test_an_unknown_layer_or_list_says_what_was_meant():
    with pytest.raises(RuleError) as caught:
        schema("raods")
    assert caught.value.code == "LAYER_UNKNOWN_MEANT"
    with pytest.raises(RuleError) as caught:
        code_list("nowhere")
    assert caught.value.code == "FILE_MISSING"
    with pytest.raises(RuleError) as caught:
        schema("roads").field("colour")
    assert caught.value.code == "FIELD_UNKNOWN"
