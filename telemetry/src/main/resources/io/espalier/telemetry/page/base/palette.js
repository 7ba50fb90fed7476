/** The Cividis colour map, perceptually uniform also for colour-blind readers. */

const STOPS = [[0, 32, 76], [0, 48, 111], [57, 72, 107], [87, 93, 109], [112, 113, 115], [138, 134, 120],
  [166, 157, 117], [196, 181, 108], [228, 207, 91], [255, 234, 70]];
const SPARSEST = 0.005;

function mixed(place) {
  const at = Math.min(1, Math.max(0, place)) * (STOPS.length - 1), low = STOPS[Math.floor(at)], high = STOPS[Math.ceil(at)];
  return low.map((value, i) => Math.round(value + at % 1 * (high[i] - value)));
}

/** The colour at a position from 0, dark, to 1, bright. */
export const cividis = (place) => `rgb(${mixed(place).join(" ")})`;

/** The colour map as 256 canvas pixels. */
export const PIXELS = Uint32Array.from({ length: 256 }, (_, i) => {
  const [red, green, blue] = mixed(i / 255);
  return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
});

/** Position of a density on the logarithmic scale, 0 to 1. */
export const place = (density) => 1 - Math.log(Math.max(SPARSEST, density)) / Math.log(SPARSEST);
