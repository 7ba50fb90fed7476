/** Ids of runs within other text. */

/** The characters at the end of an id that tell it from others: a time and a number. */
const TELLING = 20;

/** An id, cut before its telling end where it is longer than that many. */
export function briefId(id, most = 40) {
  const all = [...String(id)], end = Math.min(TELLING, most - 2);
  return all.length > most ? all.slice(0, most - 1 - end).join("") + "…" + all.slice(-end).join("") : all.join("");
}
