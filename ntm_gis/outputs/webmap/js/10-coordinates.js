// VN-2000 (any zone of the transverse Mercator kind) to WGS 84: the inverse projection, then the
// seven parameters of EPSG:6960. Equal to PROJ to a millimetre.

const VN2000 = (() => {
  const RAD = Math.PI / 180;
  const A = 6378137;
  const F = 1 / 298.257223563;
  const E2 = F * (2 - F);
  const E = Math.sqrt(E2);
  const N = F / (2 - F);
  const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64 + N ** 6 / 256);
  const BETA = [
    N / 2 - (2 / 3) * N ** 2 + (37 / 96) * N ** 3 - (1 / 360) * N ** 4,
    N ** 2 / 48 + N ** 3 / 15 - (437 / 1440) * N ** 4,
    (17 / 480) * N ** 3 - (37 / 840) * N ** 4,
    (4397 / 161280) * N ** 4,
  ];
  const SHIFT = {
    metres: [-191.90441429, -39.30318279, -111.45032835],
    turn: [0.00928836, -0.01975479, 0.00427372].map(seconds => (seconds / 3600) * RAD),
    scale: 0.252906278e-6,
  };

  /** East and north in metres to latitude and longitude in radians, VN-2000. */
  function geographic(east, north, zone) {
    const xi = north / (zone.k0 * RADIUS);
    const eta = (east - zone.east0) / (zone.k0 * RADIUS);
    let x = xi;
    let y = eta;
    BETA.forEach((beta, i) => {
      const m = 2 * (i + 1);
      x -= beta * Math.sin(m * xi) * Math.cosh(m * eta);
      y -= beta * Math.cos(m * xi) * Math.sinh(m * eta);
    });
    const chi = Math.atanh(Math.sin(x) / Math.cosh(y));
    let phi = Math.asin(Math.tanh(chi));
    for (let i = 0; i < 8; i++) phi = Math.asin(Math.tanh(chi + E * Math.atanh(E * Math.sin(phi))));
    return [phi, zone.meridian * RAD + Math.atan2(Math.sinh(y), Math.cos(x))];
  }

  /** Turn and move to the frame of WGS 84 (position vector), on the ellipsoid. */
  function shifted(phi, lambda) {
    const radius = A / Math.sqrt(1 - E2 * Math.sin(phi) ** 2);
    const [x, y, z] = [
      radius * Math.cos(phi) * Math.cos(lambda),
      radius * Math.cos(phi) * Math.sin(lambda),
      radius * (1 - E2) * Math.sin(phi),
    ];
    const [rx, ry, rz] = SHIFT.turn;
    const [dx, dy, dz] = SHIFT.metres;
    const m = 1 + SHIFT.scale;
    return [
      dx + m * (x - rz * y + ry * z),
      dy + m * (rz * x + y - rx * z),
      dz + m * (-ry * x + rx * y + z),
    ];
  }

  return {
    geographic,
    /** East, north in metres -> [latitude, longitude] in degrees, WGS 84. */
    toWgs84(east, north, zone) {
      const [x, y, z] = shifted(...geographic(east, north, zone));
      const flat = Math.hypot(x, y);
      let phi = Math.atan2(z, flat * (1 - E2));
      for (let i = 0; i < 6; i++) {
        const radius = A / Math.sqrt(1 - E2 * Math.sin(phi) ** 2);
        phi = Math.atan2(z + E2 * radius * Math.sin(phi), flat);
      }
      return [phi / RAD, Math.atan2(y, x) / RAD];
    },
  };
})();
