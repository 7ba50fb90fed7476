// Rows of the list of runs: telemetry merged with the service's status by run id.

/** Filter → states that it includes. */
const GROUPS = {
  queued: ["queued"], running: ["running", "starting", "pausing", "cancelling"], paused: ["paused"],
  cancelled: ["cancelled"], failed: ["failed"], finished: ["finished"],
};
export const STATES = Object.keys(GROUPS);

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
  const both = { ...own, ...row, state, waitsFor: status.waitsFor, node: status.node, gateway: status.gateway };
  if (status.cause && state === "failed") both.reason = status.cause;
  if (state !== "cancelled" && state !== "failed") delete both.reason;
  both.step = Math.max(row?.step ?? 0, status.step ?? 0);
  both.totalSteps = row?.totalSteps ?? status.totalSteps;
  if (!isUnderWay(state)) delete both.etaSeconds;
  return both;
}

/**
 * Returns a function that makes all rows. An unchanged row stays the same object, so that identity shows changes.
 *
 * @param runs parts of the subject `runs`
 * @param service parts of the subject `service`, {} without a service
 */
export function rowMaker() {
  let known = new Map();
  return (runs, service) => {
    const next = new Map();
    for (const id of new Set([...Object.keys(runs), ...Object.keys(service)])) {
      if (id === "") continue;
      const before = known.get(id), row = runs[id], status = service[id];
      const told = status && JSON.stringify(status);
      next.set(id, before && before.row === row && before.told === told ? before
        : { row, told, all: merged(row, status) });
    }
    known = next;
    return [...next.values()].map(({ all }) => all);
  };
}

/** Predicate of rows: all words of q are in name, id or tags, and state and tag match. */
export function matcher({ q = "", state = "", tag = "" }) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const states = GROUPS[state] ?? (state ? [state] : null);
  return (row) => {
    if (states && !states.includes(row.state)) return false;
    if (tag && !(row.tags ?? []).includes(tag)) return false;
    if (words.length === 0) return true;
    const text = [row.name, row.id, ...(row.tags ?? [])].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

export const progressOf = ({ step, totalSteps }) => totalSteps > 0 ? Math.min(1, (step ?? 0) / totalSteps) : undefined;

/** The newest training loss; the loss of a finished run is the one on the test set. */
export const trainingLoss = ({ state, spark, loss }) => state === "finished" ? spark?.at(-1) : loss;

const LAST = Symbol("last");
const BY_STATE = [...GROUPS.running, "queued", "silent", "paused", "failed", "cancelled", "finished"];
const SORTS = {
  name: (row) => row.name?.toLowerCase(),
  state: (row) => BY_STATE.indexOf(isSilent(row) ? "silent" : row.state),
  progress: progressOf,
  result: (row) => row.bitsPerCharacter === undefined ? row.accuracy : -row.bitsPerCharacter,
  sparsity: (row) => row.sparsity,
  macs: (row) => row.macs,
  loss: trainingLoss,
  heard: (row) => row.updated,
};

/** The initial sort direction of a column. */
export const firstWay = (key) => key === "name" || key === "state" || key === "loss" || key === "macs" ? "up" : "down";

const weight = (row) => isSilent(row) ? 2 : isUnderWay(row.state) ? 0 : row.state === "queued" ? 1 : 2;

/** Running first, newest start first; then waiting; then ended or silent, newest first. */
function byActivity(a, b) {
  if (weight(a) !== weight(b)) return weight(a) - weight(b);
  const time = weight(a) < 2 ? (row) => row.begun ?? row.updated ?? 0 : (row) => row.updated ?? 0;
  return time(b) - time(a) || (a.id < b.id ? -1 : 1);
}

/** Comparator for `Array.sort`; rows without the value come last in both directions. */
export function order(key, way) {
  const value = SORTS[key];
  if (!value) return byActivity;
  const sign = way === "down" ? -1 : 1;
  return (a, b) => {
    const [left, right] = [value(a) ?? LAST, value(b) ?? LAST];
    if (left === right) return byActivity(a, b);
    if (left === LAST || right === LAST) return left === LAST ? 1 : -1;
    return (left < right ? -1 : 1) * sign;
  };
}

/** All tags with their number of runs, the most frequent first. */
export function tagsOf(rows) {
  const counts = new Map();
  for (const row of rows) for (const tag of row.tags ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, others]) => others - many || (a < b ? -1 : 1));
}
