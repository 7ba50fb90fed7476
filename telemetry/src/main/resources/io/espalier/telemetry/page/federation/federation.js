/** The part of a federation: rounds, traffic, device tiers, refusals and clients. */
import { Charts, dots, line, stacked } from "espalier/chart/charts.js";
import { capOf, clientsTable, widthOf } from "espalier/federation/clients.js";
import { element, put, row, section, show } from "espalier/base/dom.js";
import { bytes, count, duration, number, percent, plural, short } from "espalier/base/format.js";
import { meter } from "espalier/runs/runrow.js";
import { METRICS, lossUnit, metricOf } from "espalier/compare/metric.js";
import { fromZero, ratio } from "espalier/base/ranges.js";
import { scrollBox } from "espalier/base/scroll.js";

/** Colours of the tiers, smallest first; further tiers are dashed. */
const TIER_COLORS = ["--rose", "--orange", "--green", "--purple", "--amber"];
const TIER_DASHES = [undefined, [5, 3], [2, 2]];

const MEANINGS = {
  "unknown-client": "its certificate is not of this federation",
  "revoked-client": "its certificate was revoked",
  "expired-certificate": "its certificate had run out",
  "unsupported-protocol": "it speaks no version of the protocol that the server speaks",
  "wrong-layout": "made for another network",
  "stale-round": "for a round that is over",
  "stale-version": "made under masks that are not in force any more",
  "not-chosen": "from a client that was not invited to the round",
  "round-closed": "came after the round had closed",
  "duplicate": "sent once more, and counted once",
  "oversize": "larger than a result can be",
  "wrong-digest": "its bytes are not those that it announced",
  "malformed": "not in the form of a result",
  "wrong-count": "another number of values than its masks keep",
  "not-finite": "holds values that are no numbers",
  "norm-beyond-bound": "changes the model more than is allowed",
  "too-slow": "made no progress for too long",
  "too-many": "more requests than a client may make",
  "too-little-memory": "its memory cannot train the narrowest network",
  "wrong-masks": "had other masks than it said, and gets them anew",
};

const asWritten = { selection: "chooses the first masks", training: "trains" };

/** What tiers are measured by, without points. */
const NO_SERIES = Object.fromEntries(["loss", ...METRICS.map(({ key }) => key)].map((what) => [what, [[], []]]));

/** Device tiers with their series, smallest first: {density, width, clients, loss, one per metric}. */
function tiersOf(document) {
  const tiers = new Map();
  const take = (density, width, facts) => {
    const key = `${density}/${width}`;
    tiers.set(key, { density, width, ...NO_SERIES, ...tiers.get(key), ...facts });
  };
  for (const name of Object.keys(document.series)) {
    const [, density, width = 1, what] = /^tier\/([^/]+)(?:\/([^/]+))?\/(\w+)$/.exec(name) ?? [];
    if (what in NO_SERIES) take(Number(density), Number(width), { [what]: document.points(name) });
  }
  for (const { density, width = 1, clients } of document.parts.federation?.tiers ?? []) take(density, width, { clients });
  return [...tiers.values()].sort((a, b) => a.width - b.width || a.density - b.density);
}

/** Label of a tier: width and density of its devices' models. */
const heldBy = ({ density, width }) => width < 1
  ? `width ${widthOf(width)}${density < 1 ? ` at ${capOf(density)} density` : ""}` : `held at ${capOf(density)} density`;

/** A line per tier that has measured it; `what`: "loss", or the key of a metric. */
export const tierLines = (document, what) => tiersOf(document).filter((tier) => tier[what][0].length > 0).map((tier, i) =>
  line(heldBy(tier), tier[what], TIER_COLORS[i % TIER_COLORS.length],
    { width: 1.5, dash: TIER_DASHES[Math.floor(i / TIER_COLORS.length) % TIER_DASHES.length] }));

/** Charts of loss and of the metric over rounds; more(what, training) adds lines behind the others. */
export function learningCharts(charts, container, more = () => []) {
  charts.chart(container, { key: "loss", title: "Loss", unit: (document) => lossUnit(document), log: true, format: short,
    of: ["trainLoss", "validationLoss", "testLoss", "tier/", "federation"],
    lines: (document) => [
      ...more("Loss", (document) => document.points("trainLoss")),
      line("clients, in training", document.points("trainLoss"), "--pale"),
      line("validation", document.points("validationLoss"), "--other"),
      ...tierLines(document, "loss"),
      line("global model, test set", document.points("testLoss"), "--blue", { width: 2.5 })] });
  METRICS.forEach((metric) => charts.chart(container, { key: metric.name.replaceAll(" ", "-"), title: metric.title, unit: `${metric.unit}, on the test set`, format: metric.axis, range: metric.range, help: metric.help,
    of: ["run", ...["validation", "test"].map((set) => set + metric.series), "tier/", "federation"], shown: (document) => metricOf(document) === metric,
    lines: (document) => [
      ...more(metric.series, metric.training),
      line("validation", document.points("validation" + metric.series), "--other"),
      ...tierLines(document, metric.key),
      line("global model", document.points("test" + metric.series), "--blue", { width: 2.5 })] }));
}

const positive = ([rounds, values]) => [rounds.filter((round, i) => values[i] > 0), values.filter((value) => value > 0)];

function roundCharts(charts, container) {
  const points = (name, label, color, more) => (document) => line(label, document.points(name), color, more);
  const chart = (key, title, unit, names, lines, format, range = fromZero) => charts.chart(container,
    { key, title, unit, of: names, format, range, lines: (document) => lines.map((one) => one(document)) });
  chart("round-bytes", "Traffic per round", "all clients of the round", ["bytesDown", "bytesUp"],
    [points("bytesDown", "to clients", "--blue"), points("bytesUp", "from clients", "--green")], bytes);
  chart("round-share", "Traffic against dense models", "both directions, dense is 100 %", ["shareOfDense"],
    [points("shareOfDense", "sent", "--blue")], ratio);
  charts.chart(container, { key: "cohorts", title: "Invited clients", unit: "per round", format: count,
    of: ["reported", "late", "lost", "wanted", "refused"],
    range: (u) => [0, 1.1 * Math.max(1, ...u.data[0].map((_, i) => Math.max(u.data[4]?.[i] ?? 0,
      (u.data[1]?.[i] ?? 0) + (u.data[2]?.[i] ?? 0) + (u.data[3]?.[i] ?? 0))))],
    lines: (document) => {
      const [reported, late, lost] = ["reported", "late", "lost"].map((name) => document.points(name));
      return [line("in the model", reported, "--blue", stacked()), line("too late", late, "--amber", stacked(reported)),
        line("lost", lost, "--other", stacked(reported, late)),
        line("wanted", document.points("wanted"), "--text", { width: 1.5, dash: [6, 4] }),
        dots("results refused", positive(document.points("refused")), "--rose", 7)];
    } });
  chart("round-seconds", "Time per round", "seconds", ["seconds", "aggregateSeconds"],
    [points("seconds", "round", "--blue", { width: 1.5 }),
      points("aggregateSeconds", "of these, aggregation", "--orange", { width: 1.5 })], short);
}

/** The open round: number of invited clients and of received results. */
function openRound(container, now, live) {
  const title = element("h3"), results = meter(), note = element("p", "quiet");
  const card = element("div", "card round-open", title, results.node, note);
  let open;
  container.append(card);
  const tick = () => { if (open) put(note, [`${plural(open.invited ?? 0, "client")} invited`, live ? `open for ${duration(Math.max(0, (now() - open.since) / 1000))}` : "still open when this was written"].join(", ")); };
  return {
    tick,
    update(document) {
      open = document.parts.federation?.open;
      show(card, open);
      if (!open) return;
      put(title, `Round ${open.round} ${asWritten[open.kind] ?? ""}`.trim());
      results.update(open.wanted ? Math.min(1, open.reported / open.wanted) : undefined,
        `${number(open.reported)} of ${plural(open.wanted, "result")} that are wanted`);
      tick();
    },
  };
}

function tiersTable(container) {
  const body = element("tbody"), head = row(["density that a device holds", "channels", "clients", "", "loss", "measured after"], "th");
  const part = scrollBox("Table of device tiers", "scroll", element("table", "", element("thead", "", head), body));
  container.append(part);
  const newest = ([, values], format) => Number.isFinite(values.at(-1)) ? format(values.at(-1)) : "–";
  return (document) => {
    const tiers = tiersOf(document), metric = metricOf(document);
    show(part, tiers.length > 0);
    put(head.children[3], `test ${metric.name}`);
    body.replaceChildren(...tiers.map(({ density, width, clients, loss, [metric.key]: results }) => row([capOf(density),
      width < 1 ? widthOf(width) : "all", clients === undefined ? "–" : number(clients), newest(results, metric.format), newest(loss, (value) => number(value, 4)),
      loss[0].length ? `round ${number(loss[0].at(-1))}` : "–"])));
  };
}

function refusalsTable(container) {
  const body = element("tbody");
  container.append(scrollBox("Table of refusals", "scroll", element("table", "refusals", element("thead", "",
    row(["reason", "meaning", "times", "clients", "newest"], "th")), body)));
  return (document) => {
    const all = document.parts.refusals ?? [];
    body.replaceChildren(...(all.length ? all.map(({ reason, count: many, clients, last }) =>
      row([reason, MEANINGS[reason] ?? "", number(many), clients ? number(clients) : "–", last ?? ""]))
      : [row(["nothing", "", "", "", ""])]));
  };
}

function described({ asked, chosen, selection = {} }) {
  return [
    asked && asked.algorithm,
    asked && `${number(Math.ceil(asked.cohort * asked.overCommit - 1e-9))} clients invited per round for ${plural(asked.cohort, "result")}, at least ${number(asked.quorum)}`,
    asked && plural(asked.localEpochs, "local epoch"),
    asked && `values as ${asked.encoding}`,
    chosen && `first masks chosen by the clients among ${plural(chosen.candidates, "candidate")}${selection.rounds > 0 ? `, for ${bytes(selection.bytes)}` : ""}`,
  ].filter(Boolean).join(" · ");
}

/**
 * The part of a federation, hidden for other runs. context: settings, live, charts (a group to join, which its owner
 * updates), stream (for the time of the server). learningCharts draws loss and the metric.
 */
export function federationPart(container, context) {
  const own = context.charts ? null : new Charts({ ...context, step: "round" }), charts = context.charts ?? own;
  const now = () => context.stream?.now ?? Date.now();
  const part = section("Federation", "A round is one aggregation: clients train the global model on their own data, and their weights are averaged.");
  const note = element("p", "quiet"), figures = element("div", "charts");
  part.append(note);
  const open = openRound(part, now, context.live);
  part.append(figures);
  roundCharts(charts, figures);
  const tiers = section("Device tiers", "How well the global model does when it is cut down to what a device can hold.");
  const refused = section("Refused", "What clients sent that did not belong. None of it is in the model.");
  const fillTiers = tiersTable(tiers), fillRefusals = refusalsTable(refused), clients = clientsTable(context);
  container.append(part, tiers, refused, clients.node);
  const timer = context.live ? setInterval(open.tick, 1000) : null;
  let seen = {};
  const changed = (document, ...names) => {
    const key = names.join(), revision = document.revision(names);
    if (seen.document !== document) seen = { document };
    return seen[key] !== revision && (seen[key] = revision, true);
  };
  return {
    update(document) {
      const { federation } = document.parts;
      show(container, federation);
      if (!federation) return;
      if (changed(document, "federation")) put(note, described(federation));
      open.update(document);
      if (changed(document, "tier/", "federation", "run")) fillTiers(document);
      show(tiers, tiersOf(document).length > 0);
      if (changed(document, "refusals")) fillRefusals(document);
      if (changed(document, "clients", "federation", "run")) clients.update(document, charts.over);
      own?.update(document);
    },
    destroy() {
      clearInterval(timer);
      own?.destroy();
    },
  };
}
