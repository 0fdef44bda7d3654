"""Vietnamese text: letter codes, names, keys, order, ids and file names.

Standard library only. Text passes here in this order: `detect` and `decode` or `convert`
(`encodings`, `detection`), then `clean`, then the keys of `names`.
"""

from __future__ import annotations

from ntm_gis.text.codetables import CODES
from ntm_gis.text.detection import Detection, Sample, detect
from ntm_gis.text.encodings import convert, decode, encode, restore_capitals, surface
from ntm_gis.text.names import (
    clean,
    fold,
    nfc,
    same_name,
    sort_key,
    suggestions,
    tone_key,
    village_key,
)
from ntm_gis.text.safety import Oddity, oddities, segment, slug, typed, visible
from ntm_gis.text.syllables import is_syllable

__all__ = [
    "CODES",
    "Detection",
    "Oddity",
    "Sample",
    "clean",
    "convert",
    "decode",
    "detect",
    "encode",
    "fold",
    "is_syllable",
    "nfc",
    "oddities",
    "restore_capitals",
    "same_name",
    "segment",
    "slug",
    "sort_key",
    "suggestions",
    "surface",
    "tone_key",
    "typed",
    "village_key",
    "visible",
]
