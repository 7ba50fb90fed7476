/** Figures for the comparison of runs. */
import { held } from "espalier/chart/lines.js";
import { METRICS, metricOf } from "espalier/compare/metric.js";
import { bytes, count, duration, known, number, percent, product, sum } from "espalier/base/format.js";

const densityOf = ({ units, kept }) => units && kept !== undefined ? kept / units : 1;
/** Budget of channel pruning → name. */
export const BUDGETS = { macs: "MACs", parameters: "parameters", latency: "latency" };

/** Text of the saved share of the budget, against the target. */
export const budgetText = ({ budget, budgetShare, targetSparsity }) => budget && Number.isFinite(budgetShare)
  ? `${BUDGETS[budget] ?? budget} −${percent(1 - budgetShare, 1)}${Number.isFinite(targetSparsity) ? ` of −${percent(targetSparsity, 1)}` : ""}` : "";

/** Number of attempts of a run; its seconds are those of the last attempt. */
export const attemptsOf = ({ parts: { run = {} } }) => run.attempts ?? run.attempt ?? 1;
const isFederation = ({ parts }) => parts.federation !== undefined || parts.run?.kind === "federation";

/**
 * Costs of a network, dense (…Dense) and now: macs are executed ones, effective those of kept weights. Undefined if
 * unknown.
 */
export function costsOf({ parts: { run = {}, summary = {}, cuts = {}, parameters = [] } }) {
  const described = parameters.length > 0, macsDense = known(summary.macsDense, cuts.dense?.macs, run.macsDense, described ? sum(parameters, (one) => one.macs ?? 0) : undefined);
  const parametersDense = known(summary.parametersDense, cuts.dense?.parameters, described ? sum(parameters, ({ shape }) => product(shape)) : undefined);
  return {
    macsDense, macs: known(summary.macs, cuts.after?.macs, run.macs, macsDense),
    effective: known(summary.macsEffective, described ? sum(parameters, (one) => (one.macs ?? 0) * densityOf(one)) : undefined),
    parametersDense, parameters: known(summary.parameters, cuts.after?.parameters, parametersDense),
  };
}

/**
 * Figures of one run, undefined if unknown. result is by its metric; while it runs, it may be that of the validation
 * split. test and validation are by data set.
 */
export function figuresOf(document) {
  const { run = {}, summary = {}, sizes = {} } = document.parts;
  const total = known(summary.prunable, run.prunable);
  const costs = costsOf(document), metric = metricOf(document), result = known(summary[metric.key], run[metric.key]);
  const test = known(summary[metric.key], document.points("test" + metric.series)[1].at(-1), run.state === "finished" ? run[metric.key] : undefined);
  const validation = known(run.validation?.[metric.key], document.points("validation" + metric.series)[1].at(-1));
  const kept = known(summary.kept, run.kept, run.state === "finished" ? run.finalKept : undefined, total), sparsity = known(summary.sparsity, run.sparsity, total ? 1 - kept / total : undefined);
  return {
    metric, result, test, validation, [metric.key]: result, ["test" + metric.series]: test, ["validation" + metric.series]: validation, loss: known(summary.loss, run.loss), kept, sparsity, bytes: sizes.sparse,
    macs: costs.effective, executed: costs.macs < costs.macsDense ? costs.macs : undefined, parameters: costs.parameters < costs.parametersDense ? costs.parameters : undefined,
    sent: known(summary.bytesSent, run.traffic?.[0]), seconds: known(summary.wallSeconds, run.wallSeconds),
    steps: known(summary.steps, run.rounds, run.step),
    testLoss: known(summary.loss, document.points("testLoss")[1].at(-1)),
  };
}

/** MACs per example as a step function, from the dense start to a step. */
export function heldMacs(document, last, series = "macs") {
  const { summary, parameters = [] } = document.parts, [steps, values] = document.points(series);
  const dense = known(summary?.macsDense, sum(parameters, (one) => one.macs ?? 0)) || undefined;
  return held(dense !== undefined && steps[0] > 0 ? [[0, ...steps], [dense, ...values]] : [steps, values], last);
}

const four = (value) => number(value, 4);

/** {name, key, format, less (whether less is better; undefined if neither)} by importance. */
export const figuresFor = (federation) => [
  ...METRICS.map(({ title, key, format, less }) => ({ name: `${title} on the test set`, key, format, less })),
  { name: "Loss on the test set", key: "loss", format: four, less: true },
  { name: "Sparsity", key: "sparsity", format: percent },
  { name: "Weights kept", key: "kept", format: number, less: true },
  { name: "Kept values and masks", key: "bytes", format: bytes, less: true },
  { name: "Multiply-accumulates, executed", key: "executed", format: count, less: true },
  { name: "Parameters", key: "parameters", format: number, less: true },
  { name: "Multiply-accumulates, kept weights", key: "macs", format: count, less: true },
  { name: federation ? "Traffic" : "Traffic between trainers", key: "sent", format: bytes, less: true },
  { name: "Seconds", key: "seconds", format: duration, less: true },
  { name: federation ? "Rounds" : "Steps", key: "steps", format: number },
];

/** The same for runs that may still run, with a figure per data set. */
export const figuresUnderWay = (federation) => [
  ...METRICS.flatMap(({ name, series, format, less }) => ["Test", "Validation"].map((set) => ({ name: `${set} ${name}`, key: set.toLowerCase() + series, format, less }))),
  { name: "Test loss", key: "testLoss", format: four, less: true },
  ...figuresFor(federation).filter(({ key }) => key !== "loss" && METRICS.every((metric) => metric.key !== key)),
];

/** Whether both runs have the same x axis: steps or rounds. */
export const sameClock = (one, other) => isFederation(one) === isFederation(other);

/** Whether less is better among these runs; undefined if they are not comparable, such as in the seconds of a last attempt. */
export const lessOf = ({ key, less }, documents) => key === "seconds" && documents.some((one) => attemptsOf(one) > 1) ? undefined : less;

/** Formats a figure of a run. */
export const told = ({ key, format }, value, document) =>
  key === "seconds" && attemptsOf(document) > 1 ? `${format(value)} (last attempt)` : format(value);

/** Indices of the best values of a column; none if fewer than two are known or all are equal. */
export function bestOf(values, less) {
  const told = values.filter((value) => value !== undefined);
  if (less === undefined || told.length < 2 || new Set(told).size < 2) return new Set();
  const best = less ? Math.min(...told) : Math.max(...told);
  return new Set(values.flatMap((value, i) => value === best ? [i] : []));
}

/** Text of the difference between two values. */
export function difference(key, mine, theirs) {
  if (key === "accuracy" || key === "sparsity") {
    return mine === theirs ? "same" : `${mine >= theirs ? "+" : "−"}${number(Math.abs(100 * (mine - theirs)), 2)} points`;
  }
  if (mine === theirs) return "same";
  if (key === "bitsPerCharacter") return `${mine > theirs ? "+" : "−"}${number(Math.abs(mine - theirs), 3)}`;
  if (!mine || !theirs) return "–";
  const ratio = mine / theirs;
  if (ratio > 0.9 && ratio < 1.1) return `${ratio >= 1 ? "+" : "−"}${number(Math.abs(100 * (ratio - 1)), 1)} %`;
  const many = (value) => number(value, value < 10 ? 1 : 0) + "×";
  return ratio < 1 ? many(1 / ratio) + " less" : many(ratio) + " as much";
}

export const judged = (mine, theirs, less) => less === undefined || mine === theirs ? "" : (mine < theirs) === less ? "better" : "worse";
