import { button, element, keyed, put, set, show } from "espalier/base/dom.js";
import { ago, day, firstSentence, number, plural } from "espalier/base/format.js";
import { labelsOf } from "espalier/compare/labels.js";
import { href } from "espalier/frame/router.js";

/** Kind of alert → [short name, meaning]. */
const KINDS = {
  "not-finite": ["no number", "A loss or a weight is no finite number any more; the run fails."],
  "no-progress": ["no progress", "No step was completed for long."],
  "dead-trainer": ["trainer down", "A trainer failed and has not caught up yet."],
  "off-target": ["off target", "The masks keep more or less than the schedule asked for."],
  "disk-low": ["disk nearly full", "The disk of the run's directory is nearly full."],
  "loss-jump": ["loss jumped", "What the clients of a round sent together made the model much worse; it was not adopted."],
  "capability": ["other processor", "The engine computes with other instructions than before or elsewhere: the run's bits change."],
  "clock-step": ["clock stepped", "The wall clock of the run's machine was set: times before and after do not compare."],
  "hidden-weights": ["hidden weights grow", "Weights that the network does not see have outgrown those that it sees."],
  "dead-units": ["dead units", "Most outputs of a layer have no weight left."],
  "no-effect": ["no effect", "A part of the recipe changed nothing."],
  "silent": ["silent", "Nothing was heard of the run for long: its process has ended, or cannot reach Kafka."],
};
const MOST = 3, OLD = 86_400_000, KEY = "espalier.dismissed";

export const alertName = (kind) => KINDS[kind]?.[0] ?? kind;
const meaning = (kind) => KINDS[kind]?.[1] ?? "";

let base = "Espalier", open = 0;

/** Sets the title of the browser tab; the number of open alerts precedes it. */
export function titled(text) {
  base = text ? `${text} – Espalier` : "Espalier";
  document.title = open > 0 ? `(${open}) ${base}` : base;
}

function dismissedBefore() {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(KEY)) ?? []);
  } catch {
    return new Set();
  }
}

/** Names of some rows, by what tells them from all rows of the same recipe. */
function namesAmong(some, rows) {
  const recipes = new Set(some.map(({ name }) => name)), alike = rows.filter(({ name }) => recipes.has(name)), labels = labelsOf(alike);
  return some.map((row) => labels[alike.indexOf(row)]);
}

/** Open alerts of the rows: {key, run, name, kind, since, text}; rows without an event for a day are left out. */
export function openAlerts(rows, now) {
  const alerting = rows.filter(({ updated, alerts }) => now - updated < OLD && alerts.length > 0);
  const names = namesAmong(alerting, rows);
  return alerting.flatMap((row, i) => row.alerts.map(({ kind, since, text }) =>
    ({ key: JSON.stringify([row.id, kind, since, text]), run: row.id, name: names[i], kind, since, text: text || meaning(kind) })))
    .sort((a, b) => b.since - a.since);
}

function entry(alert, dismiss) {
  const since = element("span", "quiet"), link = set(element("a", "name"), { href: href("run", [alert.run]), title: alert.run, dir: "auto" });
  const close = set(button("×", () => dismiss(alert.key), "plain"),
    { title: "Dismiss in this tab; it is shown again if it comes again" });
  const node = element("li", "", element("span", "alert-mark", alertName(alert.kind)), link,
    set(element("span", "text", firstSentence(alert.text)), { title: alert.text }), since, close);
  node.tell = ({ name, since: from }, now) => {
    put(link, name);
    set(close, { "aria-label": `Dismiss: ${alertName(alert.kind)}, ${name}` });
    put(since, from ? ago(now - from) : "");
  };
  return node;
}

/** The alert bar on top of each page; update(rows, now) takes the rows of the list of runs. */
export function alertBar(container) {
  const dismissed = dismissedBefore(), said = new Set();
  const list = element("ul", "plain"), spoken = set(element("div", "unseen"), { "aria-live": "polite" });
  const more = button("", () => { all = !all; draw(); }, "plain more");
  const clear = set(button("Dismiss all", () => dismiss(...left().map(({ key }) => key)), "plain"), { title: "Dismiss in this tab; each is shown again if it comes again" });
  const bar = set(element("section", "alerts", list, element("div", "bar-buttons", more, clear)), { "aria-label": "Alerts" });
  let alerts = [], all = false, now = Date.now(), apart = null;
  show(bar, false);
  container.append(bar, spoken);

  const left = () => alerts.filter(({ key, run }) => !dismissed.has(key) && run !== apart);

  function dismiss(...keys) {
    keys.forEach((key) => dismissed.add(key));
    keep();
    draw();
    (list.querySelector("button") ?? document.querySelector("main"))?.focus();
  }

  function keep() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify([...dismissed]));
    } catch {
      // no storage: dismissed until the page closes
    }
  }

  function draw() {
    const shown = left();
    keyed(list, all ? shown : shown.slice(0, MOST), ({ key }) => key, (alert) => entry(alert, dismiss),
      (node, alert) => node.tell(alert, now));
    show(more, shown.length > MOST);
    show(clear, shown.length > 1);
    put(more, all ? "Show fewer" : `${plural(shown.length - MOST, "more alert")}`);
    set(more, { "aria-expanded": all });
    show(bar, shown.length > 0);
    if (shown.length !== open) {
      open = shown.length;
      document.title = open > 0 ? `(${open}) ${base}` : base;
    }
    const fresh = shown.filter(({ key }) => !said.has(key));
    fresh.forEach(({ key }) => said.add(key));
    if (fresh.length > 0) {
      put(spoken, fresh.length > MOST ? `${number(fresh.length)} new alerts`
        : fresh.map((one) => `Alert: ${one.name}: ${one.text || alertName(one.kind)}`).join(" "));
    }
  }

  return {
    update(rows, time = Date.now()) {
      now = time;
      alerts = openAlerts(rows, now);
      const keys = new Set(alerts.map(({ key }) => key));
      // Forget an alert that is over, so that it shows again when it recurs.
      const over = rows.length === 0 ? [] : [...dismissed].filter((key) => !keys.has(key));
      over.forEach((key) => dismissed.delete(key));
      [...said].forEach((key) => { if (!keys.has(key)) said.delete(key); });
      if (over.length) keep();
      draw();
    },
    /** Leaves out the alerts of a run, whose page shows them; null for none. */
    leaveOut(run) {
      apart = run;
      draw();
    },
    destroy() {
      bar.remove();
      spoken.remove();
      open = 0;
    },
  };
}

/** All alerts of one run, open and over; for its page and its report. */
export function alertsPart(container, context = {}) {
  const heading = element("h2", "", "Alerts"), list = element("ul", "alert-list plain");
  const word = context.step ?? "step";
  container.append(heading, list);

  return {
    update(document, run) {
      // What ended the run stands above, as its reason.
      const alerts = (document.parts.alerts ?? []).filter(({ text }) => !text || text !== run?.reason);
      show(container, alerts.length > 0);
      list.replaceChildren(...alerts.map((alert) => element("li", alert.open ? "open" : "over",
        element("span", "alert-mark", alertName(alert.kind)),
        set(element("span", "text", alert.text || meaning(alert.kind)), { dir: "auto" }),
        element("span", "quiet", [`since ${day(alert.since)}`,
          alert.step !== undefined && `at ${word} ${number(alert.step)}`,
          !alert.open && (alert.until ? `over at ${day(alert.until)}` : "over")].filter(Boolean).join(" · ")))));
    },
  };
}
