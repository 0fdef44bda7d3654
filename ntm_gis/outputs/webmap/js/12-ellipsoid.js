// Lengths and areas on the ellipsoid of VN-2000, which is that of WGS 84. Lines are straight on
// the commune's grid and are split before they are measured, as the program itself does.

const ELLIPSOID = (() => {
  const A = 6378137;
  const F = 1 / 298.257223563;
  const B = A * (1 - F);
  const E2 = F * (2 - F);
  const E = Math.sqrt(E2);
  const MOST = 50;                      // metres of an edge that is measured in one piece

  /** Metres of the geodesic between two places in radians (Vincenty's inverse formula). */
  function distance([phi1, lambda1], [phi2, lambda2]) {
    const [u1, u2] = [phi1, phi2].map(phi => Math.atan((1 - F) * Math.tan(phi)));
    const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
    const apart = lambda2 - lambda1;
    let lambda = apart;
    for (let i = 0; ; i++) {
      const sinSigma = Math.hypot(c2 * Math.sin(lambda), c1 * s2 - s1 * c2 * Math.cos(lambda));
      if (sinSigma === 0) return 0;
      const cosSigma = s1 * s2 + c1 * c2 * Math.cos(lambda);
      const sigma = Math.atan2(sinSigma, cosSigma);
      const sinAlpha = (c1 * c2 * Math.sin(lambda)) / sinSigma;
      const cos2 = 1 - sinAlpha ** 2;
      const middle = cos2 ? cosSigma - (2 * s1 * s2) / cos2 : 0;
      const c = (F / 16) * cos2 * (4 + F * (4 - 3 * cos2));
      const before = lambda;
      lambda = apart + (1 - c) * F * sinAlpha * (sigma + c * sinSigma * (middle + c * cosSigma * (2 * middle ** 2 - 1)));
      if (Math.abs(lambda - before) > 1e-13 && i < 50) continue;
      const uu = (cos2 * (A * A - B * B)) / (B * B);
      const big = 1 + (uu / 16384) * (4096 + uu * (uu * (320 - 175 * uu) - 768));
      const small = (uu / 1024) * (256 + uu * (uu * (74 - 47 * uu) - 128));
      const turn = small * sinSigma * (middle + (small / 4) * (cosSigma * (2 * middle ** 2 - 1)
        - (small / 6) * middle * (4 * sinSigma ** 2 - 3) * (4 * middle ** 2 - 3)));
      return B * big * (sigma - turn);
    }
  }

  /** Height above the equator on the cylinder that keeps areas. */
  function lifted(phi) {
    const s = Math.sin(phi);
    return (A / 2) * (1 - E2) * (s / (1 - E2 * s * s) + Math.atanh(E * s) / E);
  }

  /** Corners of a line in metres of the grid, none further apart than `MOST`. */
  function split(places) {
    const out = places.slice(0, 1);
    for (let i = 1; i < places.length; i++) {
      const [[x0, y0], [x1, y1]] = [places[i - 1], places[i]];
      const n = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / MOST));
      for (let k = 1; k <= n; k++) out.push([x0 + ((x1 - x0) * k) / n, y0 + ((y1 - y0) * k) / n]);
    }
    return out;
  }

  const own = (places, zone) => split(places).map(([east, north]) => VN2000.geographic(east, north, zone));

  return {
    /** Metres of a line through places [east, north] of a zone. */
    length(places, zone) {
      const corners = own(places, zone);
      let sum = 0;
      for (let i = 1; i < corners.length; i++) sum += distance(corners[i - 1], corners[i]);
      return sum;
    },
    /** Square metres of the ring through places [east, north] of a zone; it closes itself. */
    area(places, zone) {
      const corners = own([...places, places[0]], zone);
      const [, west] = corners[0];
      const flat = corners.map(([phi, lambda]) => [A * (lambda - west), lifted(phi)]);
      const [, foot] = flat[0];
      let twice = 0;
      for (let i = 1; i < flat.length; i++) {
        twice += flat[i - 1][0] * (flat[i][1] - foot) - flat[i][0] * (flat[i - 1][1] - foot);
      }
      return Math.abs(twice) / 2;
    },
  };
})();
