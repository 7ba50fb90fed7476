// Rows of the list of runs: telemetry merged with the service's status by run id.

/** Filter → states that it includes. */
export const GROUPS = {
  queued: ["queued"], running: ["running", "starting", "pausing", "cancelling"], paused: ["paused"],
  cancelled: ["cancelled"], failed: ["failed"], finished: ["finished"],
};
export const STATES = Object.keys(GROUPS);

/** The filter that shows archived runs, which all other filters leave out. */
export const ARCHIVED = "archived";

const ACTIVE = new Set([...GROUPS.running, ...GROUPS.queued]);
const OVER = new Set(["finished", "failed", "cancelled"]);

/** Whether a process works on the run, or should. */
export const isUnderWay = (state) => GROUPS.running.includes(state);

/** Whether the run has ended; it may be resumed. */
export const isOver = (state) => OVER.has(state);

/** Whether the run proceeds without a user's action. */
export const isActive = (state) => ACTIVE.has(state);

const instant = (text) => {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
};

/** Whether events of the run are overdue. */
export const isSilent = ({ state, alerts = [] }) => isUnderWay(state) && alerts.some(({ kind }) => kind === "silent");

/** Merges a row with the service's status of the same run; either may be undefined. */
export function merged(row, status) {
  if (!status) return row;
  const { state } = status;
  const own = {
    id: status.run, name: status.name, kind: status.kind, state, trainers: status.trainers, step: status.step,
    totalSteps: status.totalSteps, accuracy: status.accuracy, bitsPerCharacter: status.bitsPerCharacter, sparsity: status.sparsity,
    begun: instant(status.submitted), updated: instant(status.changed), tags: [], alerts: [], spark: [],
  };
  const both = { ...own, ...row, state, ofService: true, waitsFor: status.waitsFor, node: status.node, gateway: status.gateway,
    owner: status.owner, project: status.project };
  if (status.cause && state === "failed") both.reason = status.cause;
  if (state !== "cancelled" && state !== "failed") delete both.reason;
  both.step = Math.max(row?.step ?? 0, status.step ?? 0);
  both.totalSteps = row?.totalSteps ?? status.totalSteps;
  if (!isUnderWay(state)) delete both.etaSeconds;
  return both;
}

/** Adds what users wrote about a run to its row: {note, tags, archived}. */
export const annotated = (row, about) => row && about
  ? { ...row, tags: [...new Set([...row.tags ?? [], ...about.tags ?? []])], note: about.note, ownTags: about.tags, archived: about.archived } : row;

/**
 * Returns a function that makes all rows. An unchanged row stays the same object, so that identity shows changes.
 * A deleted run has none.
 *
 * @param runs parts of the subject `runs`
 * @param service parts of the subject `service`, {} without a service
 * @param notes parts of the subject `notes`, {} where the server keeps none
 */
export function rowMaker() {
  let known = new Map();
  return (runs, service, notes = {}) => {
    const next = new Map();
    for (const id of new Set([...Object.keys(runs), ...Object.keys(service)])) {
      if (id === "" || notes[id]?.deleted) continue;
      const before = known.get(id), row = runs[id], status = service[id], about = notes[id];
      const told = status && JSON.stringify(status);
      next.set(id, before && before.row === row && before.told === told && before.about === about ? before
        : { row, told, about, all: annotated(merged(row, status), about) });
    }
    known = next;
    return [...next.values()].map(({ all }) => all);
  };
}

/** Predicate of rows: all words of q are in name, id, tags or note, and state and tag match. */
export function matcher({ q = "", state = "", tag = "" }) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const states = state === ARCHIVED ? null : GROUPS[state] ?? (state ? [state] : null);
  return (row) => {
    if (Boolean(row.archived) !== (state === ARCHIVED)) return false;
    if (states && !states.includes(row.state)) return false;
    if (tag && !(row.tags ?? []).includes(tag)) return false;
    if (words.length === 0) return true;
    const text = [row.name, row.id, row.note, ...(row.tags ?? [])].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

export const progressOf = ({ step, totalSteps }) => totalSteps > 0 ? Math.min(1, (step ?? 0) / totalSteps) : undefined;

/** The newest training loss; the loss of a finished run is the one on the test set. */
export const trainingLoss = ({ state, spark, loss }) => state === "finished" ? spark?.at(-1) : loss;

const weight = (row) => isSilent(row) ? 2 : isUnderWay(row.state) ? 0 : row.state === "queued" ? 1 : 2;

/** Running first, newest start first; then waiting; then ended or silent, newest first. */
export function byActivity(a, b) {
  if (weight(a) !== weight(b)) return weight(a) - weight(b);
  const time = weight(a) < 2 ? (row) => row.begun ?? row.updated ?? 0 : (row) => row.updated ?? 0;
  return time(b) - time(a) || (a.id < b.id ? -1 : 1);
}

/** All tags with their number of runs, the most frequent first. */
export function tagsOf(rows) {
  const counts = new Map();
  for (const row of rows) for (const tag of row.tags ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, others]) => others - many || (a < b ? -1 : 1));
}
