// ---- Line charts

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const linked = uPlot.sync("steps");
const drawn = [];

/** Mean over a window that is centred, so that the curve does not lag, and shrinks at the ends. */
function smooth([steps, values]) {
  const reach = Math.ceil(values.length / 60);
  return [steps, values.map((value, i) => {
    const around = Math.min(reach, i, values.length - 1 - i);
    const near = values.slice(i - around, i + around + 1).filter((other) => other !== null);
    return value === null ? null : sum(near, (other) => other) / near.length;
  })];
}

/** A step function from the start of the run to its newest step. */
const held = ([steps, values]) => steps.length === 0 ? [steps, values]
  : [[...(steps[0] > 0 ? [0] : []), ...steps, ...(steps[steps.length - 1] < lastStep ? [lastStep] : [])],
    [...(steps[0] > 0 ? [0] : []), ...values,
      ...(steps[steps.length - 1] < lastStep ? [values[values.length - 1]] : [])]];

const line = (label, table, color, more = {}) => ({ label, table, color, ...more });
const dots = (label, table, color, size = 6) => line(label, table, color, { dots: size });

const bars = { stems: true };

/** Bars that stand on those of the tables below. */
const stacked = (...below) => ({ below });

const stackedBars = (below) => (u, index, from, to) => {
  const path = new Path2D(), [steps, values] = [u.data[0], u.data[index]];
  const gap = u.valToPos(1, "x", true) - u.valToPos(0, "x", true), wide = Math.max(1, Math.min(26, gap * 0.7));
  const grounds = below.map(([at, heights]) => new Map(at.map((step, i) => [step, heights[i]])));
  for (let i = from; i <= to; i++) {
    if (!values[i]) continue;
    const ground = sum(grounds, (one) => one.get(steps[i]) ?? 0);
    const top = u.valToPos(ground + values[i], "y", true), bottom = u.valToPos(ground, "y", true);
    path.rect(u.valToPos(steps[i], "x", true) - wide / 2, top, wide, bottom - top);
  }
  return { fill: path };
};

/** A stem from zero at each step, so that updates far and near can be told apart. */
const stems = (u, index, from, to) => {
  const path = new Path2D(), [steps, values] = [u.data[0], u.data[index]], ratio = window.devicePixelRatio || 1;
  const zero = u.valToPos(0, "y", true), shift = (index - 1.5) * 3 * ratio;
  for (let i = from; i <= to; i++) {
    if (!values[i]) continue;
    const x = u.valToPos(steps[i], "x", true) + shift;
    path.moveTo(x, zero);
    path.lineTo(x, u.valToPos(values[i], "y", true));
  }
  return { stroke: path };
};

function series({ label, table, color, dots: size, width = 2, dash, stepped, stems: upright, below }, format) {
  const stroke = css(color);
  return {
    label, stroke, fill: below && stroke, width: upright ? 3 : width, dash, spanGaps: true,
    value: (chart, value) => value === null || value === undefined ? "" : format(value),
    paths: size ? () => null : below ? stackedBars(below) : upright ? stems : stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
    points: { show: Boolean(size) || !upright && !below && table[0].length < 20, size: size ?? 5, fill: stroke, width: 0 },
  };
}

function chart(id, title, unit, lines, format, range, upright = {}) {
  const figure = document.getElementById(id);
  figure.replaceChildren(element("figcaption", "", title, element("span", "unit", unit)));
  const filled = lines.filter((one) => one.table[0].length > 0);
  if (filled.length === 0) {
    figure.append(element("div", "none", "nothing measured"));
    return;
  }
  const axis = { stroke: css("--quiet"), grid: { stroke: css("--grid"), width: 1 },
    ticks: { stroke: css("--line"), width: 1 }, font: "12px system-ui, sans-serif" };
  const style = getComputedStyle(figure);
  const inner = () => figure.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const plot = new uPlot({
    width: inner(), height: 230,
    cursor: { sync: { key: linked.key }, points: { size: 7 }, drag: { x: true, y: false } },
    legend: { markers: { width: 0, fill: (u, i) => css(filled[i - 1].color) } },
    scales: { x: { time: false, range: wholeRun }, y: range ? { range } : {} },
    axes: [
      { ...axis, label: STEP, labelSize: 18, labelFont: axis.font, size: 34, incrs: WHOLE_STEPS,
        values: (u, ticks) => ticks.map((tick) => number(tick)) },
      { ...axis, ...upright, size: 74, values: (u, ticks) => ticks.map((tick) => format(tick, true)) },
    ],
    series: [{ label: STEP, value: (u, value) => value === null ? "" : number(value) },
      ...filled.map((one) => series(one, format))],
  }, uPlot.join(filled.map((one) => one.table)), figure);
  drawn.push({ plot, inner });
}

const WHOLE_STEPS = Array.from({ length: 30 }, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));
/** Whether the run beside this one counts what this one counts: steps, or rounds. */
const sameClock = Boolean(data.compared) && Boolean(federation) === (data.compared.run.rounds !== undefined);
const furthest = Math.max(lastStep, sameClock ? lastStepOf(data.compared) : 0);
const wholeRun = (u, low, high) =>
  u.data[0].length < 2 || low === u.data[0][0] && high === u.data[0][u.data[0].length - 1]
    ? [0, Math.max(1, u.data[0][u.data[0].length - 1] > lastStep ? furthest : lastStep)] : [low, high];
const share = (value, axis) => percent(value, axis ? 0 : 2);
const short = (value) => Number(value.toPrecision(4)).toString();
const fromZero = (u, low, high) => [0, high > 0 ? high * 1.05 : 1];
const whole = (u, low, high) => [Math.max(0, Math.floor(low * 10) / 10), Math.min(1, Math.ceil(high * 10) / 10)];

/** The curves of the run that this one is compared with. */
function beside(what) {
  if (!data.compared) return [];
  const theirs = data.compared.charts;
  if (!sameClock) {
    const [, ends] = theirs["test" + what], end = ends.length ? ends[ends.length - 1] : null;
    return end === null ? [] : [line("compared: test, at its end", [[0, lastStep], [end, end]], "--other", { dash: [6, 4] })];
  }
  return [
    line("compared: training", smooth(theirs["train" + what]), "--other", { width: 1.5 }),
    line("compared: validation", theirs["validation" + what], "--other", { dash: [6, 4] }),
    dots("compared: test", theirs["test" + what], "--other", 11)];
}

/** Multiply-accumulates per example that kept weights take part in, after each mask update. */
function effectiveMacsOverTime() {
  const { names, steps, densities } = charts.density;
  const place = new Map(names.map((name, i) => [name, i]));
  const at = (column) => sum(parameters, (p) => p.macs * (place.has(p.name) ? column[place.get(p.name)] : 1));
  const all = names.map(() => 1);
  return steps.length === 0 ? [[0, Math.max(1, lastStep)], [at(all), at(all)]]
    : [[...(steps[0] > 0 ? [0] : []), ...steps, ...(steps[steps.length - 1] < lastStep ? [lastStep] : [])],
      [...(steps[0] > 0 ? [at(all)] : []), ...densities.map(at),
        ...(steps[steps.length - 1] < lastStep ? [at(densities[densities.length - 1])] : [])]];
}

function lineCharts() {
  (federation ? federationCharts : trainerCharts)();
  chart("sparsity", "Sparsity", "share of prunable units pruned", [
    line("target", held(charts.targetSparsity), "--amber", { width: 7, stepped: true }),
    line("actual", held(charts.sparsity), "--blue", { stepped: true })],
    share, () => [0, 1]);
  chart("learning-rate", "Learning rate", "per " + STEP, [
    line("learning rate", charts.learningRate, "--blue")], short, fromZero);
  chart("churn", "Churn", "units that an update turned", [
    line("pruned", charts.pruned, "--orange", bars), line("regrown", charts.regrown, "--green", bars)], count, fromZero);
  const effective = parameters.length ? effectiveMacsOverTime() : [[], []];
  chart("macs", "Multiply-accumulates", "per example", [
    line("dense", [effective[0], effective[0].map(() => denseMacs)], "--orange", { dash: [6, 4] }),
    line("kept weights", effective, "--blue", { stepped: true })], count, fromZero);
}

function trainerCharts() {
  const raw = { width: 1 };
  chart("loss", "Loss", "mean per example", [
    ...beside("Loss"),
    line("training", charts.trainLoss, "--pale", raw),
    line("training, smoothed", smooth(charts.trainLoss), "--blue"),
    line(run.validation || "validation", charts.validationLoss, "--orange"),
    dots("before update", charts.beforeUpdateLoss, "--green", 4),
    dots(run.test || "test", charts.testLoss, "--purple", 11)], short, fromZero);
  chart("accuracy", "Accuracy", "share correct", [
    ...beside("Accuracy"),
    line("training", charts.trainAccuracy, "--pale", raw),
    line("training, smoothed", smooth(charts.trainAccuracy), "--blue"),
    line(run.validation || "validation", charts.validationAccuracy, "--orange"),
    dots("before update", charts.beforeUpdateAccuracy, "--green", 4),
    dots(run.test || "test", charts.testAccuracy, "--purple", 11)], share, whole);
  document.getElementById("wait").hidden = run.trainers === 1;
  chart("wait", "Wait at syncs", "seconds, fastest for slowest trainer", [
    line("wait", charts.waitSeconds, "--blue", { width: 1.5 })], short, fromZero);
  chart("bytes", "Traffic per sync", "both directions, all trainers", [
    line("sent", charts.bytes, "--blue", { width: 1.5 }),
    line("if dense", charts.bytesDense, "--orange", { dash: [6, 4] })], bytes, fromZero);
}
