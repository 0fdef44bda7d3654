"""A folder of photos taken into the folder of a commune: pictures copied, none changed."""

from __future__ import annotations

from pathlib import Path

from ntm_gis.asking import Said
from ntm_gis.outputs import folders, received
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.rules.schema import schema

PHOTOS = "photos"
ENDINGS = (".jpg", ".jpeg")


def add_photos(folder: Path, photos: Path, commune: Commune, out: Said) -> list[SourceEntry]:
    """Take the pictures of a folder in; those that are there already are not copied again.

    Parameters
    ----------
    photos : Path
        A folder; its own folders are not looked into.

    Returns
    -------
    list of SourceEntry
        The entry written to commune.toml; none where there was one, or there is no picture.

    Raises
    ------
    OutputError
        A picture cannot be copied.
    """
    files = sorted(path for path in photos.iterdir() if path.suffix.lower() in ENDINGS)
    if not files:
        out.leave("ADD_FOLDER_WITHOUT_PHOTOS", folder=photos.name)
        return []
    name, copied = received.take_photos(folder, photos, files)
    title = schema(PHOTOS).title.words
    out.tell("ADD_PHOTOS", source=photos.name, title=title, count=len(files), copied=copied)
    if any(entry.layer == PHOTOS and entry.file == name for entry in commune.sources):
        return []
    entry = SourceEntry(layer=PHOTOS, file=name)
    folders.write_sources(folder, [entry])
    return [entry]
