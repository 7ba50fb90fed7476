/** The charts of a training run, by section of the page. */
import { dots, held, line } from "espalier/chart/charts.js";
import { bars } from "espalier/chart/lines.js";
import { beside } from "espalier/compare/compared.js";
import { BUDGETS, heldMacs } from "espalier/compare/figures.js";
import { METRICS, lossUnit, metricOf } from "espalier/compare/metric.js";
import { bytes, count, known, milliseconds, share, short, sum } from "espalier/base/format.js";
import { fromZero, unit } from "espalier/base/ranges.js";

export const TIME_PARTS = [
  ["compute", "steps", "--blue", "forward, backward and optimizer"],
  ["evaluate", "evaluation", "--green", "validation and test sets"],
  ["apply", "taking over", "--purple", "packing its own state, unpacking and digesting the committed one"],
  ["transfer", "transfer", "--orange", "its state up, the committed state down"],
  ["average", "averaging", "--amber", "the coordinator averages and packs"],
  ["prune", "mask updates", "--rose", "the coordinator scores, allocates and selects"],
  ["wait", "waiting", "--other", "for other trainers, and for messages"],
];

const UNSYNCED = ["measured at the first sync", "nothing was measured"];

export function learningCharts(charts, container) {
  const { compared } = charts.context;
  const measured = (what, training = (document) => document.points("train" + what)) => (document) => {
    const { heldOut } = document.parts.run ?? {};
    return [
      ...beside(document, compared, what, training, charts.last),
      line("training", training(document), "--blue", { smooth: true, pale: "--pale" }),
      line(heldOut ? "hold-out" : "validation", document.points("validation" + what), "--orange", { dash: [8, 3] }),
      dots("before update", document.points("beforeUpdate" + what), "--green", 4),
      dots(heldOut ? "hold-out at the end" : "test", document.points("test" + what), "--purple", 11)];
  };
  const names = (what) => ["run", ...["train", "validation", "beforeUpdate", "test"].map((set) => set + what)];
  charts.chart(container, { key: "loss", title: "Loss", unit: (document) => lossUnit(document), format: short, range: fromZero, log: true,
    help: "How wrong the network is: lower is better", of: names("Loss").slice(1), lines: measured("Loss") });
  METRICS.forEach((metric) => charts.chart(container, { key: metric.name.replaceAll(" ", "-"), title: metric.title, unit: metric.unit, format: metric.axis, range: metric.range,
    help: metric.help, of: ["trainLoss", ...names(metric.series)], shown: (document) => metricOf(document) === metric, lines: measured(metric.series, metric.training) }));
}

export function rateChart(charts, container) {
  charts.chart(container, { key: "learning-rate", title: "Learning rate", unit: "per " + charts.context.step, format: short, range: fromZero, log: true,
    of: ["learningRate"], lines: (document) => [line("learning rate", document.points("learningRate"), "--blue")] });
}

export function pruningCharts(charts, container) {
  charts.chart(container, { key: "sparsity", title: "Sparsity", unit: "share of prunable units pruned", format: share, range: unit,
    help: "The schedule asks for the target; masks follow at each mask update", empty: ["no mask update yet: the network is dense", "no mask update: the network is dense"],
    of: ["targetSparsity", "sparsity", "budgetPruned", "run"], lines: (document) => {
      const { budget } = document.parts.run ?? {}, target = held(document.points("targetSparsity"), charts.last), units = held(document.points("sparsity"), charts.last);
      return budget ? [line(`target, of ${BUDGETS[budget] ?? budget}`, target, "--amber", { width: 7, stepped: true }),
        line(`pruned, of ${BUDGETS[budget] ?? budget}`, held(document.points("budgetPruned"), charts.last), "--green", { stepped: true }),
        line("pruned, of units", units, "--blue", { stepped: true, dash: [8, 3] })]
        : [line("target", target, "--amber", { width: 7, stepped: true }), line("actual", units, "--blue", { stepped: true })];
    } });
  charts.chart(container, { key: "churn", title: "Churn", unit: "units that an update turned", format: count, range: fromZero,
    help: "How many units each mask update prunes, and how many it brings back", empty: ["no mask update yet", "no mask update"],
    of: ["pruned", "regrown"], lines: (document) => [
      line("pruned", document.points("pruned"), "--orange", bars), line("regrown", document.points("regrown"), "--green", bars)] });
  charts.chart(container, { key: "macs", title: "Multiply-accumulates", unit: "per example", format: count, range: fromZero,
    help: "What one example costs: of the dense network, of what cuts left of it, and of kept weights",
    of: ["macs", "macsExecuted", "parameters"], lines: (document) => {
      const dense = known(document.parts.summary?.macsDense, sum(document.parts.parameters ?? [], (one) => one.macs ?? 0)) || undefined;
      return [line("dense", dense === undefined || charts.last === 0 ? [[], []] : [[0, Math.max(1, charts.last)], [dense, dense]], "--orange", { dash: [6, 4] }),
        line("executed", heldMacs(document, charts.last, "macsExecuted"), "--purple", { stepped: true, width: 3 }),
        line("kept weights", heldMacs(document, charts.last), "--blue", { stepped: true })];
    } });
}

export function timeCharts(charts, container) {
  const parts = TIME_PARTS.filter(([key]) => key !== "average");
  charts.chart(container, { key: "step-time", title: "Time of a step", unit: "ms, mean of trainers", format: milliseconds, stack: true, range: fromZero,
    help: "What a step spends its time on, measured from sync to sync; waiting includes the averaging and the mask updates that trainers wait for", of: ["time/"], empty: UNSYNCED,
    lines: (document) => parts.map(([key, name, color]) => line(name, document.points("time/" + key), color, { area: true, smooth: true })) });
  charts.chart(container, { key: "rate", title: "Speed", unit: charts.context.step + "s per second", format: short, range: fromZero,
    of: ["rate"], lines: (document) => [line("speed", document.points("rate"), "--blue", { smooth: true, pale: "--pale" })] });
  charts.chart(container, { key: "bytes", title: "Bytes sent, against dense", unit: "per sync, both directions, all trainers", format: bytes, range: fromZero,
    help: "What masks save on the wire: only kept values are sent", of: ["bytes", "bytesDense"], empty: UNSYNCED,
    lines: (document) => [
      line("sent", document.points("bytes"), "--blue", { width: 1.5 }),
      line("if dense", document.points("bytesDense"), "--orange", { dash: [6, 4] })] });
  charts.chart(container, { key: "wait", title: "Wait at syncs", unit: "seconds, fastest for slowest trainer", format: short, range: fromZero,
    of: ["waitSeconds"], empty: ["measured where several trainers sync", "measured only where several trainers sync"], lines: (document) => [line("wait", document.points("waitSeconds"), "--blue", { width: 1.5, smooth: true, pale: "--pale" })] });
}

/** Charts of the run's process, over time of day. */
export function processCharts(charts, container) {
  const points = (document, name) => document.points("system/" + name);
  charts.chart(container, { key: "cpu", title: "Processor", unit: "share of all processors", x: "time", format: share, range: unit, height: 170,
    of: ["system/cpu"], lines: (document) => [line("in use", points(document, "cpu"), "--blue", { width: 1.5 })] });
  charts.chart(container, { key: "memory", title: "Memory", unit: "of the process", x: "time", format: bytes, range: fromZero, height: 170,
    help: "Resident: all that the system counts for the process. Heap: objects of Java. Native: resident beyond the JVM's own, mostly tensors", of: ["system/heap", "system/resident", "system/native"], lines: (document) => [
      line("resident", points(document, "resident"), "--blue", { width: 1.5 }), line("heap", points(document, "heap"), "--orange", { width: 1.5, dash: [8, 3] }),
      line("native", points(document, "native"), "--green", { width: 1.5, dash: [2, 3] })] });
  charts.chart(container, { key: "unshipped", title: "Not shipped yet", unit: "bytes of the outbox", x: "time", format: bytes, range: fromZero, height: 170,
    help: "Written by the run, and not acknowledged by Kafka yet: how far this page is behind the run",
    of: ["system/unshipped"], lines: (document) => [line("not shipped", points(document, "unshipped"), "--blue", { width: 1.5 })] });
  charts.chart(container, { key: "waiting", title: "What waits", unit: "messages, transfers", x: "time", format: count, range: fromZero, height: 170,
    help: "Messages in the mailboxes of the run's actors, and how many transfers had to wait for their receiver since the start",
    of: ["system/mailbox", "system/backPressure"], lines: (document) => [
      line("in mailboxes", points(document, "mailbox"), "--blue", { width: 1.5 }), line("transfers that waited", points(document, "backPressure"), "--orange", { width: 1.5, dash: [8, 3] })] });
}
