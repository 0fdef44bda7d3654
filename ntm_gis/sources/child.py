"""The reading process, seen from outside: started once, asked file by file, replaced when it dies.

Files are parsed there and nowhere else: what crashes, hangs or eats memory is that process, and
what we get is a finding. Nothing is shared with it but a folder of private copies.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ntm_gis import shipped
from ntm_gis.sources import limits, wire
from ntm_gis.sources.readers.parsed import Refusal

if TYPE_CHECKING:
    from types import TracebackType

# Every driver of the three GDAL builds in the wheels but those that readers name: virtual files,
# pipelines, the network, data bases, and formats that no office hands over. A name that a build
# lacks is ignored; the drivers of rasters that stay are never asked, as rasters are opened by one.
_DRIVERS_OFF = (
    "VRT,OGR_VRT,GDALG,GTI,DERIVED,HTTP,WFS,OAPIF,OGCAPI,WMS,WMTS,WCS,CSW,DAAS,EEDA,EEDAI,NGW,"
    "PLSCENES,PLMOSAIC,STACIT,STACTA,AmigoCloud,Carto,Elasticsearch,ADBC,GPSBabel,ESRIC,MRF,"
    "Rasterlite,GeoRSS,GML,GPX,KML,LIBKML,KMLSUPEROVERLAY,GeoJSON,GeoJSONSeq,ESRIJSON,TopoJSON,"
    "JSONFG,JML,MapML,OSM,PDF,MBTiles,MVT,PMTiles,SQLite,OpenFileGDB,XLSX,ODS,CSV,CAD,S57,SXF,"
    "Selafin,VDV,VFK,LVBAG,GTFS,EDIGEO,AVCBin,AVCE00,AIVector,MiraMonVector,Idrisi,OGR_GMT,"
    "OGR_PDS,PCIDSK,PDS4,VICAR,WAsP,PGDUMP,TIGER,UK .NTF,SVG,Geoconcept,GNMFile,GNMDatabase,"
    "netCDF,HDF5,HDF5Image,Zarr,NITF,ECRGTOC,RPFTOC,TIL,SAFE,SENTINEL2,DIMAP,ISIS3,OZI,MAP"
)

_CLEARED = ("GDAL_", "OGR_", "CPL_", "VSI_", "VSIL_", "PROJ_", "CURL_", "AWS_", "GOOGLE_", "GS_",
            "AZURE_", "OSS_", "SWIFT_", "PYTHON")  # fmt: skip
_CLEARED_WHOLE = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY", "LD_PRELOAD"})


class Child:
    """The reading process.

    Parameters
    ----------
    shelf : Path
        The folder of private copies; the process works there.
    seconds : float
        The longest that a question about a file of no size may take; `limits.seconds` says how
        much longer for a larger one. The clock starts when the process has loaded what it needs.
    patience : float
        The longest that it may take to start and to load.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as shelf, Child(Path(shelf)) as child:
    ...     child.ask({"do": "hello"})[0]["hello"]
    'ntm-gis'
    """

    def __init__(
        self,
        shelf: Path,
        *,
        seconds: float = limits.SECONDS,
        patience: float = limits.START_SECONDS,
    ) -> None:
        self._shelf = shelf
        self._seconds = seconds
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[tuple[dict[str, Any], list[bytes]] | None]
        self.started = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the process, without waiting for it; nothing where it runs already."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "ntm_gis.sources.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._shelf,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._answers = queue.SimpleQueue()
        threading.Thread(
            target=_listen, args=(self._process, self._answers), daemon=True, name="ntm-gis-reading"
        ).start()
        self.started += 1

    def ask(self, question: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """Ask one question and wait for the answer.

        Raises
        ------
        Refusal
            The process refused (with its reason), died (`SOURCE_CRASHED`) or took too long
            (`SOURCE_TIMEOUT`). It is fresh again for the next question.
        """
        self.start()
        process = self._process
        if process is None or process.stdin is None:  # pragma: no cover - start() has set both
            raise Refusal("SOURCE_CRASHED")
        try:
            wire.send(process.stdin, question)  # type: ignore[arg-type] # IO[bytes] is binary
        except OSError as cause:
            self.close()
            raise Refusal("SOURCE_CRASHED") from cause
        message, blocks = self._said(self._patience)
        if "ready" in message:
            message, blocks = self._said(self._allowed(question))
        if "refused" in message:
            refused = message["refused"]
            raise Refusal(str(refused["code"]), **refused["params"])
        return message, blocks

    def _said(self, seconds: float) -> tuple[dict[str, Any], list[bytes]]:
        """Wait for what the process says next; a dead or silent one is ended."""
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty as cause:
            self.close()
            raise Refusal("SOURCE_TIMEOUT", seconds=seconds) from cause
        if answer is None:
            self.close()
            raise Refusal("SOURCE_CRASHED")
        return answer

    def _allowed(self, question: dict[str, Any]) -> float:
        """Return how long a question may take, by the size of its file and what belongs to it."""
        path = Path(str(question.get("path", "")))
        size = sum(part.stat().st_size for part in path.parent.glob(f"{path.stem}.*"))
        return limits.seconds(str(question.get("kind", "")), size, self._seconds)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                # A pipe whose other end was killed has nothing left to say.
                with contextlib.suppress(OSError):
                    stream.close()


def _listen(
    process: subprocess.Popen[bytes],
    answers: queue.SimpleQueue[tuple[dict[str, Any], list[bytes]] | None],
) -> None:
    """Hand on what the process says; None when it says no more, or says nonsense."""
    try:
        while process.stdout is not None:
            answers.put(wire.receive(process.stdout))  # type: ignore[arg-type] # as above
    except (EOFError, OSError, ValueError, KeyError, TypeError):
        answers.put(None)


def _environment() -> dict[str, str]:
    """Return the environment of the process: no proxies, no settings that load or fetch things."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(_CLEARED) and name.upper() not in _CLEARED_WHOLE
    }
    return kept | {
        "PYTHONPATH": shipped.module_path(),
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        "PYTHONHASHSEED": "0",
        "GDAL_SKIP": _DRIVERS_OFF,
        "OGR_SKIP": _DRIVERS_OFF,
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_CONFIG_FILE": "",
        "GDAL_PAM_ENABLED": "NO",
        "GDAL_CACHEMAX": "64",
        "GDAL_NUM_THREADS": "1",
        "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
        "SHAPE_RESTORE_SHX": "NO",
        "OGR_ENABLE_PARTIAL_REPROJECTION": "NO",
        "DXF_ENCODING": "",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
    }
