/** Colours and dashes of compared runs: every pair of them is one run's alone. */
import { swatchOf } from "espalier/chart/legend.js";

const COLORS = 8;
const DASHES = [undefined, [9, 4], [2, 3], [10, 3, 2, 3]];

/** Most runs that are compared; there are more pairs of colour and dash than that. */
export const MOST_COMPARED = 24;

export const colorOf = (place) => `--run-${place % COLORS + 1}`;

/** Neighbours differ in their dash too, and runs of one colour always do. */
export const dashOf = (place) => DASHES[(place + Math.floor(place / DASHES.length) + Math.floor(place / COLORS)) % DASHES.length];

/** The line of a run as it is drawn in charts. */
export const runMark = (place) => swatchOf({ color: colorOf(place), dash: dashOf(place) }, "run-mark");
