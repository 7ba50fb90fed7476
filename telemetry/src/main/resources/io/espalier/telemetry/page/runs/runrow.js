import { element, put, set, show } from "espalier/base/dom.js";
import { ago, count, day, duration, number, percent, short } from "espalier/base/format.js";
import { href } from "espalier/frame/router.js";
import { isActive, isSilent, progressOf, trainingLoss } from "espalier/runs/run-rows.js";
import { budgetText } from "espalier/compare/figures.js";
import { metricOfFacts } from "espalier/compare/metric.js";
import { settingText, shortKeys } from "espalier/compare/settings.js";
import { alertName } from "espalier/frame/alerts.js";
import { labelOf } from "espalier/base/names.js";

const SVG = "http://www.w3.org/2000/svg", WIDE = 96, HIGH = 24;

/** A sparkline, scaled to its own values. */
export function spark() {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  set(svg, { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "spark", "aria-hidden": "true", focusable: "false" });
  svg.append(path);
  return {
    node: svg,
    update(values = []) {
      const finite = values.filter(Number.isFinite);
      const low = Math.min(...finite), span = Math.max(...finite) - low || 1;
      let from = "M", line = "";
      values.forEach((value, i) => {
        if (!Number.isFinite(value)) {
          from = "M";
          return;
        }
        const x = values.length > 1 ? 1 + i / (values.length - 1) * (WIDE - 2) : WIDE / 2;
        line += `${from}${x.toFixed(1)} ${(HIGH - 2 - (value - low) / span * (HIGH - 4)).toFixed(1)}`;
        from = "L";
      });
      set(path, { d: finite.length > 1 ? line : "" });
    },
  };
}

/** A progress bar with a text beside it. */
export function meter() {
  const fill = element("i"), bar = element("span", "meter", fill), words = element("span", "of");
  bar.setAttribute("aria-hidden", "true");
  return {
    node: element("span", "metered", bar, words),
    update(share, text) {
      fill.style.transform = `scaleX(${share ?? 0})`;
      show(bar, share !== undefined);
      put(words, text);
    },
  };
}

/** Shows a state as a badge. */
export function stateBadge(node, state) {
  put(node, state);
  const wanted = `state ${/^[a-z]+$/.test(state ?? "") ? state : ""}`;
  if (node.className !== wanted) node.className = wanted;
}

const word = ({ kind }) => kind === "federation" ? "round" : "step";

const kindsOf = ({ alerts }) => [...new Set(alerts.map(({ kind }) => kind))];

function progressText(row) {
  const { step, totalSteps } = row;
  if (step === undefined || row.state === "queued" && step === 0) return "";
  return totalSteps ? `${number(step)} of ${number(totalSteps)} ${word(row)}s` : `${word(row)} ${number(step)}`;
}

function paceText(row) {
  if (row.state === "queued") return row.waitsFor ?? "waits to start";
  if (!isActive(row.state)) return row.reason ?? "";
  if (isSilent(row)) return "nothing heard of it any more";
  return [row.rate > 0 && `${number(row.rate, row.rate < 10 ? 2 : 0)} ${word(row)}s/s`,
    row.etaSeconds !== undefined && `${duration(row.etaSeconds)} left`].filter(Boolean).join(" · ");
}

const known = (value, format) => Number.isFinite(value) ? format(value) : "–";

/**
 * One row of the list. update(row) changes only what differs; tick(now) updates the age of its newest event.
 *
 * @param choose called with the id and whether it is selected
 */
export function runRow(id, choose) {
  const box = set(element("input"), { type: "checkbox" });
  const link = element("a", "name"), ident = element("span", "id quiet"), tags = element("span", "tags");
  const state = element("span", "state"), alerts = element("span", "alerting");
  const progress = meter(), pace = element("span", "under quiet");
  const result = set(element("td", "number"), { "data-label": "result" }), sparsity = element("span"), target = element("span", "under quiet");
  const macs = element("span"), saved = element("span", "under quiet");
  const loss = element("span", "number"), curve = spark();
  const heard = element("td", "heard");
  link.dir = ident.dir = pace.dir = "auto";
  box.addEventListener("change", () => choose(id, box.checked));
  const node = element("tr", "",
    element("td", "box", box),
    set(element("th", "what", link, element("span", "under", ident, tags)), { scope: "row" }),
    element("td", "", state, alerts),
    element("td", "progress", progress.node, pace),
    result,
    set(element("td", "number", sparsity, " ", target), { "data-label": "sparsity" }),
    set(element("td", "number macs", macs, " ", saved), { "data-label": "MACs" }),
    element("td", "lossy", curve.node, loss),
    heard);
  let row, toldTags = "", toldAlerts = "", toldSettings = "[[],[]]", cells = [];

  function update(next) {
    row = next;
    const name = row.name || id;
    put(link, name);
    set(link, { href: href("run", [id]) });
    put(ident, labelOf(id));
    set(ident, { title: id });
    set(box, { "aria-label": `Select ${name}` });
    const all = row.tags ?? [], written = all.join("\n");
    if (written !== toldTags) {
      tags.replaceChildren(...all.map((tag) => set(element("span", "tag", tag), { dir: "auto" })));
      toldTags = written;
    }
    stateBadge(state, row.state);
    const kinds = kindsOf(row).join("\n");
    if (kinds !== toldAlerts) {
      alerts.replaceChildren(...(kinds ? kinds.split("\n") : []).map((kind) => element("span", "alert-mark", alertName(kind))));
      toldAlerts = kinds;
    }
    progress.update(progressOf(row), progressText(row));
    put(pace, paceText(row));
    set(pace, { title: pace.textContent || null });
    const metric = metricOfFacts(row);
    put(result, known(row[metric.key], metric.brief));
    set(result, { title: metric.title });
    put(sparsity, known(row.sparsity, percent));
    put(macs, known(row.macs, count));
    put(saved, row.macs < row.macsDense ? `−${percent(1 - row.macs / row.macsDense, 1)}` : "");
    set(saved, { title: row.macs < row.macsDense ? `${count(row.macsDense)} of the whole network` : null });
    const budget = budgetText(row);
    put(target, row.budget ? budget.replace("parameters", "params") : Number.isFinite(row.targetSparsity) ? `of ${percent(row.targetSparsity, 1)}` : "");
    set(target, { title: budget || null });
    put(loss, known(trainingLoss(row), short));
    curve.update(row.spark);
  }

  function tick(now) {
    const time = row.heartbeat && isActive(row.state) ? Math.max(row.heartbeat, row.updated ?? 0) : row.updated;
    put(heard, time ? ago(now - time) : "–");
    const title = time ? `last event at ${day(time)}${row.begun ? `, begun ${day(row.begun)}` : ""}` : null;
    set(heard, { title });
  }

  /** Shows the values of these settings, a cell each. */
  function settings(keys) {
    const texts = keys.map((key) => settingText(row.settings, key)), written = JSON.stringify([keys, texts]);
    if (written === toldSettings) return;
    toldSettings = written;
    cells.forEach((cell) => cell.remove());
    const names = shortKeys(keys);
    cells = texts.map((text, i) => set(element("td", "setting", text), { "data-label": names[i], title: keys[i] }));
    heard.before(...cells);
  }

  return {
    node, link, update, tick, settings,
    get row() { return row; },
    tickBox(on, more) {
      box.checked = on;
      box.disabled = !on && !more;
      node.classList.toggle("chosen", on);
    },
  };
}
