"""What a layer must look like: `layers/NAME.toml`, with the code lists in `layers/codes/`."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import Field as Key
from pydantic import field_validator, model_validator

from ntm_gis import shipped, text
from ntm_gis.errors import RuleError
from ntm_gis.rules.codes import Code, CodeList, Title, code_list
from ntm_gis.rules.columns import Headings
from ntm_gis.rules.headings import heading_key, heading_unit, looks_personal
from ntm_gis.rules.toml import Strict, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "PREDECESSOR",
    "Code",
    "CodeList",
    "Field",
    "Geometry",
    "Kind",
    "LayerSchema",
    "Title",
    "code_list",
    "heading_key",
    "heading_unit",
    "is_personal",
    "layer_names",
    "public_fields",
    "schema",
]

Kind = Literal[
    "text", "code", "reference", "choice", "number", "integer", "chainage", "boolean", "date",
    "place",
]  # fmt: skip
Geometry = Literal["point", "line", "polygon", "any", "raster"]

PREDECESSOR = "predecessor"
"""Where a reference leads that names a former commune: the `[[predecessor]]` of commune.toml."""


class Field(Strict):
    """One column of a layer.

    `code` is an identifier kept as text ("03601", "D1"); `reference` names the key of another
    layer (`to`, else `or_to`), or its name where the field writes names; `choice` takes the
    codes of a list (`codes`); `many` allows several of either at once; `place` is a position
    written any way; `chainage` is metres along a road, written "1250" or "Km1+250".
    """

    name: str
    type: Kind
    title: Title
    required: bool = False
    aliases: tuple[str, ...] = ()
    unit: str | None = None
    range: tuple[float, float] | None = None
    codes: str | None = None
    many: bool = False
    to: str | None = None
    or_to: tuple[str, ...] = ()
    """Further layers in which the key of a reference may stand."""
    also: tuple[str, ...] = ()
    """Values besides keys (`none`: served by nothing), written as the list `codes` has them."""
    personal: bool = False
    decisive: str | None = None
    """The finding that a blank leaves, where figures hang on the field."""
    decisive_when: dict[str, tuple[str, ...]] = Key(default_factory=dict)
    """The blank matters only where these fields bear one of these codes or are unknown."""
    notable: dict[str, str] = Key(default_factory=dict)
    """Code -> the note that a row with this code gets."""
    alike: str | None = None
    """The note that values a letter apart get (names of villages)."""
    within: str | None = None
    """The field of which this one counts a part: poor households of all households."""

    @model_validator(mode="after")
    def _complete(self) -> Field:
        if self.type == "choice" and not self.codes:
            msg = "a choice names its code list (codes)"
            raise ValueError(msg)
        if self.type == "reference" and not self.to:
            msg = "a reference names the layer it leads to (to)"
            raise ValueError(msg)
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """Layers in which a reference is looked up, in order."""
        return (*((self.to,) if self.to else ()), *self.or_to)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Headings under which the field is met, the surest first."""
        return (self.name, *self.aliases, self.title.vi, self.title.en)

    def factor(self, heading: str) -> float | None:
        """Return what values under a heading are multiplied by to be in the field's unit.

        1 where the heading or the field names no unit; None where the two don't measure the
        same ("Diện tích (ha)" over a length).

        Examples
        --------
        >>> length = schema("roads").field("declared_length_m")
        >>> length.factor("Chiều dài (km)"), length.factor("Dài"), length.factor("Dài (ha)")
        (1000.0, 1.0, None)
        """
        found = heading_unit(heading)
        if found is None or self.unit is None or found == self.unit:
            return 1.0
        there, here = code_list("unit")[found].flags, code_list("unit")[self.unit].flags
        if there["base"] != here["base"]:
            return None
        return float(there["factor"]) / float(here["factor"])


class LayerSchema(Strict):
    """A layer: its geometry, its key and its fields.

    Examples
    --------
    >>> roads = schema("roads")
    >>> roads.key, roads.geometry, roads.field("surface").codes
    ('road_id', ('line',), 'surface')
    """

    name: str
    title: Title
    geometry: tuple[Geometry, ...] = ()
    key: str | None = None
    key_from: tuple[str, ...] = ()
    """Fields that a missing key is made of."""
    key_within: str | None = None
    """A field within one value of which keys are unique: zones are numbered plan by plan."""
    aliases: tuple[str, ...] = ()
    """Names of files, sheets and layers met in the field, by which `add` knows the layer."""
    beyond_boundary: bool = False
    """Features outside the commune are expected (neighbours, the course of a river)."""
    backdrop: bool = False
    """Drawn behind others alone, wherever its features lie: no row of it is the commune's."""
    fields: tuple[Field, ...] = Key(default=(), alias="field")

    @field_validator("fields")
    @classmethod
    def _names_once(cls, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        names = [field.name for field in fields]
        if len(set(names)) != len(names):
            msg = "a field stands twice"
            raise ValueError(msg)
        return fields

    @model_validator(mode="after")
    def _keys_are_fields(self) -> LayerSchema:
        unknown = {self.key, self.key_within, *self.key_from} - {None, *self.names}
        if unknown:
            msg = f"key and key_from name fields; these are none: {sorted(map(str, unknown))}"
            raise ValueError(msg)
        lost = {field.within for field in self.fields} - {None, *self.names}
        if lost:
            msg = f"within names fields; these are none: {sorted(map(str, lost))}"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _headings_once(self) -> LayerSchema:
        owner: dict[str, str] = {}
        for field in self.fields:
            for spelling in field.spellings:
                first = owner.setdefault(heading_key(spelling), field.name)
                if first != field.name:
                    msg = f"{spelling!r} stands under {first} and {field.name}"
                    raise ValueError(msg)
        return self

    def field(self, name: str) -> Field:
        """Return the field of a name.

        Raises
        ------
        RuleError
            The layer has no such field.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise RuleError("FIELD_UNKNOWN", layer=self.name, field=name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def known(self) -> Headings:
        """The headings that stand for fields."""
        spellings = {field.name: field.spellings for field in self.fields}
        return Headings.of(spellings, {field.name: field.unit for field in self.fields})

    def recognise(self, columns: Iterable[str]) -> dict[str, str]:
        """Say which column of a file is which field, by names, titles and aliases.

        Where several columns may be one field ("Mã bản" and "Bản"), the surest has it; the
        others stay further columns. Names that a shapefile cut short are known too.

        Returns
        -------
        dict of str to str
            Field -> column as the file writes it, in the order of the schema.

        Examples
        --------
        >>> schema("roads").recognise(["STT", "Mã đường", "Kết cấu", "BE_RONG", "Ghi chú"])
        {'road_id': 'Mã đường', 'surface': 'Kết cấu', 'width_m': 'BE_RONG'}
        """
        written = list(columns)
        found = self.known.candidates(written)
        return {name: written[places[0]] for name, places in found.items() if places}

    @property
    def is_table(self) -> bool:
        """Rows of it have no place on the map."""
        return not self.geometry


def public_fields(layer: LayerSchema) -> tuple[Field, ...]:
    """Return the fields of a layer that may leave the office.

    Examples
    --------
    >>> [f.name for f in schema("contributions").fields if f not in
    ...  public_fields(schema("contributions"))]
    ['document', 'household', 'parcel']
    """
    return tuple(field for field in layer.fields if not field.personal)


def is_personal(
    heading: str, layer: LayerSchema | None, named: Mapping[str, str] | None = None
) -> bool:
    """Whether what stands under a heading of a file must stay in the office.

    Parameters
    ----------
    layer : LayerSchema or None
        What the rows are; a heading that it knows is what the schema says of it.
    named : mapping of str to str, optional
        Field -> column, as commune.toml names them.

    Examples
    --------
    >>> contributions = schema("contributions")
    >>> is_personal("Thửa", contributions), is_personal("Cột 3", contributions)
    (True, False)
    >>> is_personal("Cột 3", contributions, {"household": "Cột 3"}), is_personal("CMND", None)
    (True, True)
    """
    if layer is None:
        return looks_personal(heading)
    public = {field.name for field in public_fields(layer)}
    key = heading_key(heading)
    by_office = (field for field, column in (named or {}).items() if heading_key(column) == key)
    field = next(by_office, layer.known.meant(heading))
    return looks_personal(heading) if field not in layer.names else field not in public


@cache
def schema(name: str) -> LayerSchema:
    """Return the schema of a layer.

    Raises
    ------
    RuleError
        There is no such layer (with the names that come close), or its file is not well formed.
    """
    if name not in layer_names():
        close = text.suggestions(name, layer_names(), 1)
        if close:
            raise RuleError("LAYER_UNKNOWN_MEANT", layer=name, meant=close[0])
        raise RuleError("LAYER_UNKNOWN", layer=name, known=", ".join(layer_names()))
    found = load(shipped.path("layers", f"{name}.toml"), LayerSchema, RuleError)
    for field in found.fields:
        if field.codes:
            code_list(field.codes)
    return found


@cache
def layer_names() -> tuple[str, ...]:
    """Return the names of all layers.

    Examples
    --------
    >>> "roads" in layer_names()
    True
    """
    return tuple(sorted(p.stem for p in shipped.path("layers").glob("*.toml")))
