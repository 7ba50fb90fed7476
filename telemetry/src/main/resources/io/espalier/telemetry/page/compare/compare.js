/** Comparison of runs in common charts: `#/compare/A,B,…`. */
import { Charts, dots, held, lastStepOf, line, smoothed } from "espalier/chart/charts.js";
import { button, element, keyed, put, row, section, set, show } from "espalier/base/dom.js";
import { bytes, count, known, number, short, share } from "espalier/base/format.js";
import { bestOf, figuresOf, figuresUnderWay, heldMacs, lessOf, sameClock, told } from "espalier/compare/figures.js";
import { frontierPart } from "espalier/compare/frontier.js";
import { choices, meanText, partsOf, runOf, textOf } from "espalier/compare/labels.js";
import { MOST_COMPARED, colorOf, dashOf, runMark } from "espalier/compare/looks.js";
import { differing, seedGroups, settingText, shortKeys } from "espalier/compare/settings.js";
import { moments } from "espalier/chart/bands.js";
import { chartKeys } from "espalier/frame/keys.js";
import { METRICS, evaluatedUnit, lossUnit, metricOf } from "espalier/compare/metric.js";
import { fromZero, unit } from "espalier/base/ranges.js";
import { recipeDiff } from "espalier/compare/recipes.js";
import { href, isRunId } from "espalier/frame/router.js";
import { stateBadge } from "espalier/runs/runrow.js";
import { scrollBox } from "espalier/base/scroll.js";
import { toolbar } from "espalier/chart/toolbar.js";

const MOST_SETTINGS = 12;

const lossOf = ({ documents }) => lossUnit(...documents);
const evaluatedOf = ({ documents }) => evaluatedUnit(...documents);
/** The charts of a metric, for the runs that are read by it. */
const overlaysOf = (metric) => [["train", "Training", metric.training, { smooth: true }], ["validation", "Validation", undefined, {}], ["test", "Test", undefined, { dots: true }]]
  .map(([set, title, points = (document) => document.points(set + metric.series), more]) => [
    `${set}-${metric.series.toLowerCase()}`, `${title} ${metric.name}`, metric.unit, set + metric.series, metric.axis, metric.range,
    { ...more, table: (document) => metricOf(document) === metric ? points(document) : [[], []] }]);

/** [key, title, unit, series, format, range, more]; a chart without data is hidden. */
const OVERLAYS = [
  ["train-loss", "Training loss", lossOf, "trainLoss", short, undefined, { log: true, smooth: true }],
  ["validation-loss", "Validation loss", evaluatedOf, "validationLoss", short, undefined, { log: true }],
  ...METRICS.flatMap(overlaysOf),
  ["sparsity", "Sparsity", "share of prunable units pruned", "sparsity", share, unit, { stepped: true, table: (document) => held(document.points("sparsity"), lastStepOf(document)) }],
  ["learning-rate", "Learning rate", "per step", "learningRate", short, fromZero, {}],
  ["rate", "Speed", "per second", "rate", short, fromZero, { smooth: true }],
  ["macs", "Multiply-accumulates", "per example, kept weights", "macs", count, fromZero, { stepped: true, table: (document) => heldMacs(document, lastStepOf(document)) }],
  ["bytes", "Traffic per sync", "both directions, all trainers", "bytes", bytes, fromZero, { smooth: true }],
];

/** Several documents behind the interface of one, for common charts. */
class Together {
  constructor(documents) {
    this.documents = documents;
    this.parts = { run: {}, marks: [], gaps: [] };
    this.series = {};
  }

  points() {
    return [[], []];
  }

  revision(names) {
    return this.documents.reduce((total, one) => total + one.revision(names), 0) + this.documents.length;
  }
}

/** Charts that name each line by a name of its run; `named` returns the parts of all names. */
function overlays(charts, container, named) {
  OVERLAYS.forEach(([key, title, unitText, series, format, range, more]) => charts.chart(container, { key: "compare-" + key, title, unit: unitText, of: [series, "trainLoss", "run", "parameters", "summary", "clock", "settings"], format, range, log: more.log,
      shown: ({ documents }) => documents.some((one) => (more.table?.(one) ?? one.points(series))[0].length > 0),
      lines: ({ documents }) => {
        const shown = (one) => {
          const table = more.table?.(one) ?? one.points(series);
          return more.smooth ? smoothed(table, charts.settings.smooth) : table;
        };
        const drawn = (label, i, rest) => {
          const { table } = rest, few = more.dots && table[0].length < 3;
          return few ? { ...dots(label, table, colorOf(i), 11), ...rest } : line(label, table, colorOf(i), { dash: dashOf(i), stepped: more.stepped, width: 2, ...rest });
        };
        const parts = named(), groups = charts.settings.band ? seedGroups(documents) : [], grouped = new Set(groups.flat());
        return [
          ...groups.map((group) => drawn(meanText(parts[group[0]], group.length), group[0], {
            table: shown(documents[group[0]]), members: group.map((i) => ({ table: shown(documents[i]), of: documents[i] })),
          })),
          ...documents.flatMap((one, i) => grouped.has(i) ? [] : [drawn(textOf(parts[i]), i, { table: shown(one), of: one })]),
        ];
      } }));
}

function table(container, label, className) {
  const body = element("tbody"), head = element("tr"), box = scrollBox(label, "scroll", element("table", className, element("thead", "", head), body));
  container.append(box);
  return { body, head, box };
}

/** Figures of each run and of means of seeds, and elsewhere the settings in which the runs differ. */
function results(container, settings) {
  const figureTable = table(container, "Table of results", "results"), settingTable = table(settings, "Settings in which the runs differ", "results settings");
  return (documents, parts, federation) => {
    const figures = documents.map(figuresOf), groups = seedGroups(documents);
    const columns = figuresUnderWay(federation).filter(({ key }) => figures.some((one) => one[key] !== undefined));
    const best = columns.map((one) => bestOf(figures.map((all) => all[one.key]), lessOf(one, documents)));
    const named = (i) => element("span", "named", runMark(i), element("bdi", "", textOf(parts[i])));
    const meanOf = (group) => element("span", "named", runMark(group[0]), element("bdi", "", meanText(parts[group[0]], group.length)));
    figureTable.head.replaceChildren(...row(["run", "state", ...columns.map(({ name }) => name)], "th").children);
    figureTable.body.replaceChildren(...documents.map((one, i) => row([
      named(i), one.parts.run?.state ?? "–",
      ...columns.map((figure, column) => figures[i][figure.key] === undefined ? "–"
        : best[column].has(i) ? element("span", "better", told(figure, figures[i][figure.key], one), element("span", "star", " ★"), element("span", "unseen", " best"))
          : told(figure, figures[i][figure.key], one))])),
    ...groups.map((group) => row([meanOf(group), "", ...columns.map((figure) => spreadText(figure, group.map((i) => figures[i][figure.key])))], "td", "mean")));
    fillSettings(settingTable, documents, groups, named, meanOf);
  };
}

function fillSettings({ head, body, box }, documents, groups, named, meanOf) {
  const all = documents.map(({ parts }) => choices(parts.settings)), keys = differing(all).slice(0, MOST_SETTINGS);
  show(box, keys.length > 0);
  head.replaceChildren(...row(["run", ...shortKeys(keys).map((name) => element("span", "", ...name.split(/(?<=\.)/).flatMap((part, at) => at > 0 ? [element("wbr"), part] : [part])))], "th").children);
  keys.forEach((key, i) => set(head.children[1 + i], { title: key }));
  const rows = [...documents.map((_, i) => row([named(i), ...keys.map((key) => settingText(all[i], key))])),
    ...groups.map((group) => row([meanOf(group), ...keys.map((key) => key === "seed" ? group.map((i) => settingText(all[i], key)).join(", ") : settingText(all[group[0]], key))], "td", "mean"))];
  rows.forEach((made) => keys.forEach((_, i) => made.children[1 + i].classList.add("setting")));
  body.replaceChildren(...rows);
}

/** Mean ± sample standard deviation of a figure; a dash where one of the runs lacks it. */
function spreadText({ format }, values) {
  if (!values.every(Number.isFinite)) return "–";
  const { mean, deviation } = moments(values);
  return `${format(mean)} ±\u00a0${format(deviation)}`;
}

function chips(container, remove) {
  const list = element("ul", "chips plain");
  container.append(list);
  return (ids, documents, labels) => keyed(list, ids, (id) => id, (id) => {
    const link = set(element("a", "name"), { dir: "auto", href: href("run", [id]) }), state = element("span", "state"), note = set(element("span", "quiet"), { dir: "auto" });
    const made = element("li", "", runMark(ids.indexOf(id)), link, state, note,
      set(button("×", () => remove(id), "plain"), { "aria-label": "Take out of the comparison", title: "Take out of the comparison" }));
    made.fill = (document, label) => {
      put(link, label);
      show(state, document.parts.run);
      if (document.parts.run) stateBadge(state, document.parts.run.state);
      const { run } = document.parts;
      set(link, { title: run ? [run.name, id].filter(Boolean).join(" · ") : null });
      put(note, run ? `${run.kind === "federation" ? "round" : "step"} ${number(lastStepOf(document))}`
        : document.absent !== undefined ? document.absent || "no such run is known" : "reading …");
    };
    return made;
  }, (node, id) => node.fill(documents[ids.indexOf(id)], labels[ids.indexOf(id)]));
}

/** Context: {store, settings, router}. */
export function comparePage(container, context) {
  const { store, settings, router } = context, ids = [...new Set(router.route.names)].filter(isRunId).slice(0, MOST_COMPARED);
  const documents = ids.map((id) => store.document("run:" + id)), together = new Together(documents);
  const remove = (id) => router.go(ids.length > 1 ? href("compare", ids.filter((one) => one !== id)) : "#/runs");
  container.append(element("h1", "", "Comparison"));
  const fillChips = chips(container, remove);
  const clash = element("p", "note", "Some of these count steps, others rounds: their curves stand over the same numbers, but not over the same work.");
  const other = element("p", "note", "These were not all trained on the same data: their results say little about each other.");
  container.append(clash, other);
  if (ids.length < 2) container.append(element("p", "empty", "Select two runs or more in the ", set(element("a", "", "list of runs"), { href: "#/runs" }), " and press Compare."));
  const resultPart = section("Results", "The best of each figure bears a star; ± is one sample standard deviation over seeds.");
  const recipePart = section("Recipes", "Settings in which the runs differ, then lines that differ between two resolved recipes, with those around them.");
  const fillResults = results(resultPart, recipePart);
  container.append(resultPart);
  const frontiers = METRICS.map((metric) => [metric, frontierPart(resultPart, metric)]);
  const charts = new Charts({ settings, step: "step", live: true }), tools = toolbar(container, charts);
  const curves = section("Curves"), grid = element("div", "charts");
  curves.append(grid);
  container.append(curves);
  let revision = -1, parts = [];
  overlays(charts, grid, () => parts);
  const diff = recipeDiff(recipePart);
  container.append(recipePart);

  function update() {
    parts = partsOf(documents.map(runOf));
    const labels = parts.map((one) => textOf(one));
    fillChips(ids, documents, labels);
    const here = documents.filter(({ parts }) => parts.run);
    show(clash, here.some((one) => !sameClock(one, here[0])));
    show(other, new Set(here.map(({ parts }) => parts.provenance?.dataDigest).filter(Boolean)).size > 1);
    charts.seeds = seedGroups(documents).length;
    tools.update();
    charts.update(together, Math.max(0, ...documents.map(lastStepOf)));
    const now = together.revision(["run", "summary", "sizes", "parameters", "provenance", "settings"]);
    if (now === revision) return;
    revision = now;
    fillResults(documents, parts, here.length > 0 && here.every((one) => one.parts.run.kind === "federation"));
    const points = frontiers.map(([metric]) => documents.flatMap((one, i) => {
      const { metric: own, test, validation, sparsity } = figuresOf(one), value = test ?? validation;
      return own !== metric || known(value) === undefined || known(sparsity) === undefined ? []
        : [{ key: ids[i], place: i + 1, label: labels[i], value, density: 1 - sparsity, color: colorOf(i) }];
    }));
    const isEmpty = points.every((some) => some.length === 0);
    frontiers.forEach(([, frontier], i) => frontier.update(points[i], isEmpty && i === 0));
    diff.update(documents.map(({ parts }, i) => ({ label: labels[i], recipe: parts.provenance?.recipe })));
  }

  const ends = [chartKeys(settings), ...ids.map((id) => store.subscribe("run:" + id, update))];
  update();
  return {
    subjects: ["runs", ...ids.map((id) => "run:" + id)],
    destroy() {
      ends.forEach((end) => end());
      tools.destroy();
      frontiers.forEach(([, frontier]) => frontier.destroy());
      charts.destroy();
    },
  };
}
