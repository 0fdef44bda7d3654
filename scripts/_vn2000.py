"""VN-2000 by formulas alone: something to hold other programs' coordinates against."""

from __future__ import annotations

import math


def vn2000_to_wgs84(east: float, north: float, meridian: float, k0: float) -> tuple[float, float]:
    """Return WGS 84 longitude and latitude of a point of a VN-2000 grid, by formulas alone.

    Transverse Mercator by Krüger's series, then the seven parameters of QĐ 05/2007/QĐ-BTNMT as a
    rotation of the coordinate frame.
    """
    a, f = 6_378_137.0, 1 / 298.257223563
    n = f / (2 - f)
    e2 = f * (2 - f)
    radius = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    xi, eta = north / (k0 * radius), (east - 500_000.0) / (k0 * radius)
    betas = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161_280,
    )
    xi_, eta_ = xi, eta
    for j, beta in enumerate(betas, start=1):
        xi_ -= beta * math.sin(2 * j * xi) * math.cosh(2 * j * eta)
        eta_ -= beta * math.cos(2 * j * xi) * math.sinh(2 * j * eta)
    conformal = math.asin(math.sin(xi_) / math.cosh(eta_))
    lon = math.radians(meridian) + math.atan2(math.sinh(eta_), math.cos(xi_))
    e, tau = math.sqrt(e2), math.tan(conformal)
    lat = conformal
    for _ in range(8):
        q = e * math.atanh(e * math.sin(lat))
        lat = math.atan(math.sinh(math.asinh(tau) + q))
    return _shifted(lat, lon, a, e2)


def _shifted(lat: float, lon: float, a: float, e2: float) -> tuple[float, float]:
    normal = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    x = normal * math.cos(lat) * math.cos(lon)
    y = normal * math.cos(lat) * math.sin(lon)
    z = normal * (1 - e2) * math.sin(lat)
    second = math.radians(1 / 3600)
    rx, ry, rz = (v * second for v in (-0.00928836, 0.01975479, -0.00427372))
    s = 1 + 0.252906278e-6
    x, y, z = (
        -191.90441429 + s * (x + rz * y - ry * z),
        -39.30318279 + s * (-rz * x + y + rx * z),
        -111.45032835 + s * (ry * x - rx * y + z),
    )
    p = math.hypot(x, y)
    out = math.atan2(z, p * (1 - e2))
    for _ in range(8):
        out = math.atan2(z + e2 * a / math.sqrt(1 - e2 * math.sin(out) ** 2) * math.sin(out), p)
    return math.degrees(math.atan2(y, x)), math.degrees(out)
