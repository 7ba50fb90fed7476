/** Names of runs and clients, where they stand in a line with other texts. */

/** Characters that turn the direction of the text around them. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name without characters that turn its neighbours round, cut where it is longer than that many. */
export function brief(name, most = 40) {
  const all = [...String(name).replace(TURNING, "").replace(/\s+/g, " ").trim()];
  return all.length > most ? all.slice(0, most - 1).join("") + "…" : all.join("");
}
