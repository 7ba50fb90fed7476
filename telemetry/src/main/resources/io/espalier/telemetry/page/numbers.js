const data = JSON.parse(document.getElementById("data").textContent);
const { run, charts, summary, sizes, parameters, provenance, federation } = data;
/** What the horizontal axis counts; the steps of a federation are its completed rounds. */
const STEP = federation ? "round" : "step";

// ---- Formats

const number = (value, digits = 0) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (share, digits = 2) => number(100 * share, digits) + "\u00a0%";
const scaled = (value, units, step) => {
  let i = 0;
  while (Math.abs(value) >= step && i < units.length - 1) { value /= step; i++; }
  return (i === 0 ? number(value) : number(value, value < 10 ? 2 : value < 100 ? 1 : 0)) + units[i];
};
const bytes = (value) => scaled(value, [" B", " kB", " MB", " GB", " TB"], 1000);
const count = (value) => scaled(value, ["", " k", " M", " G", " T"], 1000);
const times = (ratio) => number(ratio, ratio < 10 ? 1 : 0) + "×";
const duration = (seconds) => {
  if (seconds < 60) return number(seconds, 1) + " s";
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};
const known = (...values) => values.find((value) => typeof value === "number" && Number.isFinite(value));

// ---- Elements: text is always set as text, never as markup

const element = (tag, className, ...children) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
};
const put = (id, text) => { document.getElementById(id).textContent = text; };

// ---- Numbers that several parts show

const product = (shape) => shape.reduce((all, extent) => all * extent, 1);
const prunableParameters = parameters.filter((parameter) => parameter.prunable);
const sum = (list, value) => list.reduce((total, item) => total + value(item), 0);
const densityOf = (parameter) => parameter.units ? parameter.kept / parameter.units : 1;

const prunable = known(summary.prunable, run.prunable);
const kept = known(summary.kept, run.kept, prunable);
const sparsity = known(summary.sparsity, prunable ? 1 - kept / prunable : undefined);
const accuracy = known(summary.accuracy, run.accuracy);
const denseMacs = known(summary.macsDense, parameters.length ? sum(parameters, (p) => p.macs) : undefined);
const effectiveMacs = known(summary.macsEffective,
  parameters.length ? sum(parameters, (p) => p.macs * densityOf(p)) : undefined);
const sent = known(summary.bytesSent, run.traffic[0]);
const sentDense = known(summary.bytesSentDense, run.traffic[1]);
const wallSeconds = known(summary.wallSeconds, run.wallSeconds);
const lastStepOf = ({ run, charts }) => known(run.state === "running" ? undefined : run.steps ?? run.step,
  ...[charts.trainLoss, charts.bytes, charts.sparsity].map(([steps]) => steps[steps.length - 1]), 0);
const lastStep = lastStepOf(data);
