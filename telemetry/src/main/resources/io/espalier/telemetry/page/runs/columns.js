/** Columns of the list of runs: what each shows and sorts by. A setting of recipes is a column too. */
import { choices, shareText } from "espalier/compare/labels.js";
import { day, short } from "espalier/base/format.js";
import { GROUPS, byActivity, isSilent, progressOf, trainingLoss } from "espalier/runs/run-rows.js";

const SETTING = "set:";
/** States in the order of a sorted column: what goes on, then what needs a look, then the rest. */
const BY_STATE = [...GROUPS.running, "queued", "silent", "paused", "failed", ...Object.values(GROUPS).flat()];

const setting = (row, key) => choices(row.settings)[key];
const known = (value, format) => Number.isFinite(value) ? format(value) : "";

/** The method of a run: the choices of its pruning that are not the usual ones, and its score and schedule. */
function methodOf({ settings }) {
  const { "prune.sparsity": sparsity, "prune.mask": mask, "prune.score": score, "prune.granularity": granularity, "prune.schedule": schedule,
    "prune.regrowth": regrowth, "prune.refit": refit, federation } = choices(settings);
  if (!settings) return "";
  if (Number(sparsity) === 0) return [federation !== "none" && federation, "dense"].filter(Boolean).join(", ");
  return [federation !== "none" && federation, mask !== "hard" && mask, score, granularity !== "weight" && granularity, regrowth !== "none" && regrowth,
    refit !== "none" && refit, schedule !== "constant" && schedule].filter(Boolean).join(", ");
}

const numberOr = (text) => text !== undefined && text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;

/**
 * key, label; value (of a row, to sort by; undefined comes last); first ("up" or "down", the first way to sort);
 * width (rem); text (of a row; absent where the row draws the cell itself); group (whether runs are grouped by it).
 */
const COLUMNS = [
  { key: "state", label: "state", value: (row) => BY_STATE.indexOf(isSilent(row) ? "silent" : row.state), first: "up", width: 8.1, text: (row) => row.state, group: true },
  { key: "progress", label: "progress", value: progressOf, first: "down", width: 10.4 },
  { key: "result", label: "result", value: (row) => row.bitsPerCharacter === undefined ? row.accuracy : -row.bitsPerCharacter, first: "down", width: 6.5 },
  { key: "sparsity", label: "sparsity", value: (row) => row.sparsity, first: "down", width: 5.8 },
  { key: "network", label: "network", value: (row) => setting(row, "model"), first: "up", width: 7.8, text: (row) => setting(row, "model"), group: true },
  { key: "method", label: "method", value: (row) => methodOf(row) || undefined, first: "up", width: 9, text: methodOf, group: true },
  { key: "seed", label: "seed", value: (row) => numberOr(setting(row, "seed") ?? row.seed), first: "up", width: 4, text: (row) => setting(row, "seed") ?? row.seed, group: true },
  { key: "data", label: "data", value: (row) => setting(row, "data"), first: "up", width: 7.8, text: (row) => setting(row, "data"), group: true },
  { key: "macs", label: "MACs", value: (row) => row.macs, first: "up", width: 5.6 },
  { key: "loss", label: "loss", value: trainingLoss, first: "up", width: 11.6 },
  { key: "trainers", label: "trainers", value: (row) => row.trainers, first: "down", width: 5.4, text: (row) => known(row.trainers, short), group: true },
  { key: "owner", label: "owner", value: (row) => row.owner?.toLowerCase(), first: "up", width: 7, text: (row) => row.owner, group: true },
  { key: "project", label: "project", value: (row) => row.project?.toLowerCase(), first: "up", width: 7, text: (row) => row.project, group: true },
  { key: "begun", label: "begun", value: (row) => row.begun, first: "down", width: 6.6, text: (row) => known(row.begun, day) },
  { key: "note", label: "note", value: (row) => row.note?.toLowerCase() || undefined, first: "up", width: 12, text: (row) => row.note },
  { key: "recipe", label: "recipe", value: (row) => row.name?.toLowerCase(), first: "up", width: 8, text: (row) => row.name, group: true },
  { key: "heard", label: "heard of", value: (row) => row.updated, first: "down", width: 6 },
];
const NAME = { key: "name", label: "run", value: (row) => (row.title ?? row.name)?.toLowerCase(), first: "up" };

/** The columns of a viewer who has not chosen any. */
export const FIRST_COLUMNS = ["state", "progress", "result", "sparsity", "network", "method", "seed", "heard"];

/** The words of a setting's key in a heading. */
const headingOf = (key) => key.split(".").slice(-2).join(".");

/** A value of a setting as the list shows it: a sparsity in percent, else as the recipe spells it. */
const valueText = (key, value) => key === "prune.sparsity" && Number.isFinite(Number(value)) ? shareText(value) : value;

function settingColumn(key) {
  return {
    key: SETTING + key, label: headingOf(key), title: key, value: (row) => numberOr(setting(row, key)), first: "up", width: 6.8,
    text: (row) => valueText(key, setting(row, key)), group: true,
  };
}

/** The key of the column of a setting. */
export const columnOf = (key) => SETTING + key;

/** The column of a key, the one of names included; undefined for an unknown key. */
export function column(key) {
  return key === NAME.key ? NAME : key?.startsWith(SETTING) ? settingColumn(key.slice(SETTING.length)) : COLUMNS.find((one) => one.key === key);
}

/** Keys of all columns but those of settings. */
export const OWN_COLUMNS = COLUMNS.map(({ key }) => key);

/** Text of the group of a row. */
export const groupOf = (key, row) => column(key)?.text?.(row) || "–";

/** Columns that group. */
export const GROUPING = COLUMNS.filter(({ group }) => group).map(({ key }) => key);

const LAST = Symbol("last");
const natural = new Intl.Collator("en", { numeric: true });
const compared = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : natural.compare(a, b);

/** Comparator for `Array.sort`; rows without the value come last in both directions. */
export function order(key, way) {
  const by = column(key);
  if (!by) return byActivity;
  const sign = way === "down" ? -1 : 1;
  return (a, b) => {
    const [left, right] = [by.value(a) ?? LAST, by.value(b) ?? LAST];
    if (left === right) return byActivity(a, b);
    if (left === LAST || right === LAST) return left === LAST ? 1 : -1;
    return compared(left, right) * sign || byActivity(a, b);
  };
}

/** Rows by the column of a key, as [text, rows] in the order of its values; those without a value come last. */
export function grouped(rows, key) {
  const groups = new Map();
  [...rows].sort((a, b) => order(key, "up")(a, b)).forEach((row) => groups.set(groupOf(key, row), []));
  rows.forEach((row) => groups.get(groupOf(key, row)).push(row));
  return [...groups];
}
