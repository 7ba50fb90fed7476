/** The page of one run, live or in a report. */
import { agesPart } from "espalier/run/mask-ages.js";
import { analysisPart } from "espalier/run/analysis.js";
import { alertsPart } from "espalier/frame/alerts.js";
import { Charts, lastStepOf } from "espalier/chart/charts.js";
import { beside, comparedPart } from "espalier/compare/compared.js";
import { learningCharts, processCharts, pruningCharts, rateChart, timeCharts } from "espalier/run/curves.js";
import { element, section, show } from "espalier/base/dom.js";
import { federationPart, learningCharts as roundCharts } from "espalier/federation/federation.js";
import { sameClock } from "espalier/compare/figures.js";
import { confusionPart } from "espalier/run/confusion.js";
import { runHead } from "espalier/run/header.js";
import { isOver } from "espalier/runs/run-rows.js";
import { heatMap } from "espalier/run/heatmap.js";
import { picturesPart } from "espalier/run/pictures.js";
import { happeningsPart, originsPart, parametersPart } from "espalier/run/tables.js";
import { timesPart } from "espalier/run/trainer-times.js";
import { toolbar } from "espalier/chart/toolbar.js";
import { tradeoffPart } from "espalier/run/tradeoff.js";
import { widthsPart } from "espalier/run/channel-widths.js";

const grid = () => element("div", "charts");

/**
 * All parts of a run. context: settings, live, step, compared (document of another run), control (adds to the header).
 * update(document, run) draws changes; run is the run merged with its status in the service. tick(now) updates ages.
 */
export function runParts(container, context) {
  const federation = context.step === "round";
  const charts = new Charts(context), inside = { ...context, charts };
  const parts = [], always = [];
  const add = (part, list = parts) => { list.push(part); return part; };
  const titled = (title, note) => { const made = section(title, note); container.append(made); return made; };
  const inGrid = (made) => { const box = grid(); made.append(box); return box; };
  const inBox = (made, part) => { const box = element("div"); made.append(box); return add(part(box, inside)); };

  const header = element("header", "run-head"), alerts = element("section", "run-alerts"), compared = element("div");
  const annotations = element("div"), files = element("div");
  const head = add(runHead(header, inside), always);
  container.append(header, alerts, annotations, files, compared);
  add(alertsPart(alerts, inside), always);
  const comparison = comparedPart(compared), tools = toolbar(container, charts);

  const learning = titled(federation ? "Learning" : "Training"), curves = inGrid(learning);
  if (federation) roundCharts(charts, curves, (what, training) => beside(charts.document, context.compared, what, training, charts.last));
  else learningCharts(charts, curves);
  rateChart(charts, curves);
  add(tradeoffPart(curves, inside));
  if (federation) inBox(container, federationPart);

  inBox(titled("Classes", "How the final network answers on the test set, by the true class."), confusionPart);

  inBox(titled("Analysis", "What espalier analyse found of the final network."), analysisPart);

  const pruning = titled("Pruning");
  const masks = inGrid(pruning);
  pruningCharts(charts, masks);
  add(agesPart(masks, inside));
  inBox(titled("Before and after"), widthsPart);
  const density = titled("Density per parameter", "Share of units kept after each mask update. Darker is sparser; the scale is logarithmic.");
  add(heatMap(density, inside));
  inBox(titled("What the masks keep", "Share of weights kept per cell, from black for none to bright for the largest share of the picture, which stands below it."), picturesPart);

  let time;
  if (!federation) {
    time = titled("Time and traffic");
    timeCharts(charts, inGrid(time));
    add(timesPart(time, inside));
  }
  const process = titled("Process", "Of the process that coordinates the run, as its heartbeats tell.");
  processCharts(charts, inGrid(process));
  inBox(titled("What happened"), happeningsPart);
  const described = titled("Parameters");
  inBox(described, parametersPart);
  const pair = element("section", "pair");
  container.append(pair);
  add(originsPart(pair));

  const drawn = [learning, pruning, density, time].filter(Boolean);

  /** Hides what an ended run has nothing for. */
  function hideEmpty(document) {
    const isShown = (figure) => !figure.hidden;
    drawn.forEach((part) => show(part, !charts.over || [...part.querySelectorAll("figure")].some(isShown)));
    show(described, !charts.over || document.parts.parameters?.length > 0);
    show(tools.element, drawn.some((part) => !part.hidden));
    show(pair, !charts.over || document.parts.provenance);
  }

  return {
    charts, header, head, annotations, files,
    update(document, run = document.parts.run) {
      charts.over = context.live === false || run !== undefined && isOver(run.state);
      charts.begun = run?.state !== "failed" || (run.rounds ?? run.step ?? 0) > 0;
      always.forEach((part) => part.update(document, run));
      if (context.compared && sameClock(document, context.compared)) {
        charts.furthest = lastStepOf(context.compared);
        charts.others = [context.compared];
      }
      charts.update(document);
      tools.update();
      show(process, document.series["system/cpu"]);
      if (context.settings.paused) return;
      parts.forEach((part) => part.update(document));
      hideEmpty(document);
      comparison.update(document, context.compared);
    },
    tick: (now) => head.tick(now),
    destroy() {
      charts.destroy();
      tools.destroy();
      [...parts, ...always].forEach((part) => part.destroy?.());
    },
  };
}
