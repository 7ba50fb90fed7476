/** Processes, topics of the broker and, with a service, its nodes and queue: `#/system`. */
import { Charts, line } from "espalier/chart/charts.js";
import { element, keyed, put, row, section, set, show } from "espalier/base/dom.js";
import { ago, bytes, clock, count, number, percent, plural } from "espalier/base/format.js";
import { labelsOf } from "espalier/compare/labels.js";
import { fromZero, toAtLeast } from "espalier/base/ranges.js";
import { toType } from "espalier/frame/program.js";
import { href } from "espalier/frame/router.js";
import { stateBadge } from "espalier/runs/runrow.js";
import { scrollBox } from "espalier/base/scroll.js";

const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
/** Key, title, unit, help, format and what else its chart has. */
export const CHARTS = [
  ["cpu", "Processors", "share of all of the machine", "", (value, axis) => percent(value, axis ? 0 : 1), { axis: { incrs: SHARES }, range: toAtLeast(0.05) }],
  ["heap", "Heap", "memory of Java objects", "", bytes],
  ["resident", "Resident memory", "what the system counts for the process", "", bytes],
  ["native", "Native memory", "resident beyond the JVM's own", "Mostly tensors of the engine.", bytes],
  ["unshipped", "Not shipped yet", "bytes of the outbox",
    "Written by the run, and not acknowledged by Kafka yet: how far this page is behind the run.", bytes],
  ["backPressure", "Back-pressure", "transfers that had to wait, in total",
    "Each had to wait for its receiver; a steep rise means that a trainer or the network cannot keep up.", count],
  ["mailbox", "Mailboxes", "messages that wait", "Messages to actors of the run that are not handled yet.", count],
  ["threads", "Threads", "", "", count],
];
const COLORS = Array.from({ length: 8 }, (_, i) => `--run-${i + 1}`), DASHES = [undefined, [6, 4]];

const processes = (document) => Object.keys(document.parts).filter((name) => name.startsWith("process/"))
  .map((name) => document.parts[name]).sort((a, b) => (a.run < b.run ? -1 : 1));

/** Names of the runs of these processes, by id. */
function namesOf(all, rows) {
  const labels = labelsOf(all.map(({ run, name }) => rows[run] ?? { id: run, name }));
  return new Map(all.map(({ run }, i) => [run, labels[i]]));
}

function lines(document, what, places, names) {
  return Object.keys(document.series).filter((name) => name.startsWith("system/") && name.endsWith("/" + what))
    .map((name) => name.slice("system/".length, -what.length - 1)).filter((run) => places.has(run))
    .map((run) => {
      const place = places.get(run);
      return line(names.get(run) ?? run, document.points(`system/${run}/${what}`), COLORS[place % 8], { dash: DASHES[Math.floor(place / 8) % 2] });
    });
}

const STATES = {
  live: "Events arrive as they happen.",
  "catching-up": "Reads what has happened so far.",
  waiting: "Waits for a broker.",
};

/** State of the event source: broker, lag, skipped records, newest event. */
function source(container, now) {
  const facts = element("dl", "facts"), made = new Map();
  container.append(facts);
  const fact = (name, text) => {
    if (!made.has(name)) {
      const pair = [element("dt", "", name), set(element("dd"), { dir: "auto" })];
      facts.append(...pair);
      made.set(name, pair);
    }
    made.get(name).forEach((node) => show(node, text));
    put(made.get(name)[1], text);
  };
  return ({ link, status }) => {
    const from = status?.source ?? {};
    fact("State", link === "broken" ? "No connection to the server of this page; it is tried again." : STATES[from.state] ?? "Connecting …");
    fact("Broker", from.address);
    fact("Problem", from.problem);
    fact("Read so far", from.state === "catching-up" && Number.isFinite(from.progress) ? percent(from.progress, 0) : "");
    fact("Behind the broker", Number.isFinite(from.lag) ? plural(from.lag, "record") : "");
    fact("Passed over", from.skipped > 0 ? `${plural(from.skipped, "record")} that ${from.skipped === 1 ? "is no event" : "are no events"}` : "");
    fact("Newest event", from.newest ? `${clock(from.newest)}, ${ago(now() - from.newest)}` : "");
  };
}

const known = (value, format) => Number.isFinite(value) ? format(value) : "–";

function table(container, label, heads, cells, keyOf, className = "") {
  const body = element("tbody"), none = element("p", "quiet");
  const box = scrollBox(`Table of ${label.toLowerCase()}`, "scroll", element("table", className, element("thead", "", row(heads, "th")), body));
  container.append(box, none);
  return (items, otherwise) => {
    show(box, items.length > 0);
    show(none, items.length === 0);
    put(none, otherwise);
    keyed(body, items, keyOf, (item) => row(cells(item)), (made, item) => cells(item).forEach((cell, i) => {
      if (!(cell instanceof Node)) put(made.children[i], cell);
      else if (!made.children[i].firstChild?.isEqualNode(cell)) made.children[i].replaceChildren(cell);
    }));
  };
}

const linkTo = ({ run, name }, label = name || run) => set(element("a", "name", label), { title: run, href: href("run", [run]), dir: "auto" });

function processCells(one, now, names) {
  const state = element("span");
  stateBadge(state, one.state);
  return [linkTo(one, names.get(one.run)), one.state ? state : "–",
    known(one.processCpu, (share) => percent(share, 0)), known(one.heapBytes, bytes), known(one.residentBytes, bytes), known(one.nativeBytes, bytes),
    known(one.threads, number), known(one.backPressure, number), known(one.mailboxDepth, number), known(one.unshippedBytes, bytes),
    known(one.diskFreeBytes, bytes), one.time ? ago(now - one.time) : "–"];
}

function serviceParts(container) {
  const part = section("Service"), told = element("p");
  part.append(told);
  container.append(part);
  part.append(element("h3", "", "Nodes"));
  const nodes = table(part, "Nodes", ["node", "trainers free", "trainers", "memory free", "memory"], (node) =>
    [node.name, number(node.trainersFree), number(node.trainers), bytes(1e6 * node.memoryMbFree), bytes(1e6 * node.memoryMb)], ({ name }) => name);
  part.append(element("h3", "", "Queue"));
  const queue = table(part, "Queue", ["run", "priority", "trainers", "waits for"], (run) =>
    [linkTo(run), known(run.priority, number), known(run.trainers, number), run.waitsFor ?? "its turn"], ({ run }) => run, "queue");
  return (document) => {
    const about = document.parts[""];
    show(part, about);
    if (!about) return;
    put(told, `Espalier ${about.version}: ${plural(about.running ?? 0, "run")} on the way, ${number(about.queued ?? 0)} in the queue.`);
    nodes(about.nodes ?? [], "No node is known.");
    const waiting = Object.entries(document.parts).filter(([id, run]) => id !== "" && run.state === "queued").map(([, run]) => run)
      .sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0) || (a.submitted < b.submitted ? -1 : 1));
    queue(waiting.slice(0, 100), "Nothing waits: a run that is submitted now starts at once if it fits.");
  };
}

/** Context: {store, stream, info, settings}. */
export function systemPage(container, { store, stream, info, settings }) {
  const now = () => stream.now;
  let names = new Map();
  container.append(element("h1", "", "System"));
  const from = section("Where this page reads from");
  container.append(from);
  const tellSource = source(from, now);
  const topics = table(from, "Topics", ["topic", "read up to", "end", "behind", "records/s"], (topic) =>
    [topic.name, known(topic.position, number), known(topic.end, number), known(topic.lag, number),
      known(topic.perSecond, (rate) => number(rate, rate < 10 ? 1 : 0))], ({ name }) => name, "topics");
  const tellService = info.mode === "service" ? serviceParts(container) : () => {};
  const part = section("Processes", "Each run reports what its process uses, several times a minute. Those of the last hour:"), grid = element("div", "charts");
  const list = table(part, "Processes",
    ["run", "state", "processors", "heap", "resident", "native", "threads", "back-pressure", "mailboxes", "not shipped", "disk free", "heard of"],
    (one) => processCells(one, now(), names), ({ run }) => run, "processes");
  part.append(grid);
  container.append(part);
  const charts = new Charts({ settings, step: "step" }), places = new Map();
  CHARTS.forEach(([key, title, unit, help, format, more]) => charts.chart(grid, { key: "system-" + key, title, unit, help: help || undefined, x: "time",
    of: ["system/", "process/"], format, range: fromZero, ...more, lines: (document) => lines(document, key, places, names) }));

  function showProcesses() {
    list(processes(store.document("system")), `No run has sent an event within the last hour. Start one in a terminal: ${toType("espalier train quickstart")}`);
  }

  function update() {
    const document = store.document("system"), all = processes(document);
    all.map(({ run }) => run).sort().forEach((run) => { if (!places.has(run)) places.set(run, places.size); });
    names = namesOf(all, store.document("runs").parts);
    topics(document.parts.topics ?? [], "No topic was read yet.");
    showProcesses();
    show(grid, all.length > 0);
    charts.update(document);
    tellService(store.document("service"));
  }

  const tick = () => { tellSource(stream.state); showProcesses(); };
  const ends = [store.subscribe("system", update), store.subscribe("runs", update), store.subscribe("service", update), stream.subscribe(tellSource)];
  const timer = setInterval(tick, 1000);
  update();
  return {
    subjects: info.mode === "service" ? ["system", "runs", "service"] : ["system", "runs"],
    destroy() {
      clearInterval(timer);
      ends.forEach((end) => end());
      charts.destroy();
    },
  };
}
