/** Ids of runs within other text. */

/** The characters at the end of an id that tell it from others: a time and a number. */
const TELLING = 20;

/** The name of the directory, the time of the begin and a random part. */
const IDENTITY = /^(.+)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[a-z2-7]{6}$/;

/** An id in words: the name of the run's directory and when the run began; another id as it is. */
export const labelOf = (id) => String(id).replace(IDENTITY, "$1 · $2-$3-$4 $5:$6:$7");

/** A label, cut before its telling end where it is longer than that many. */
export function briefId(id, most = 40) {
  const all = [...labelOf(id)], end = Math.min(TELLING, most - 2);
  return all.length > most ? all.slice(0, most - 1 - end).join("") + "…" + all.slice(-end).join("") : all.join("");
}
