/** The live page of one run: its parts, or a message while nothing is known of it. */
import { titled } from "espalier/frame/alerts.js";
import { controlPart } from "espalier/run/control.js";
import { element, put, set, show } from "espalier/base/dom.js";
import { percent } from "espalier/base/format.js";
import { aboutPart } from "espalier/run/about.js";
import { filesPart } from "espalier/run/files.js";
import { bindAll, chartKeys } from "espalier/frame/keys.js";
import { href, isRunId } from "espalier/frame/router.js";
import { runParts } from "espalier/run/run.js";
import { annotated, merged } from "espalier/runs/run-rows.js";

/** [heading, text] of the message for an unknown run. */
function missing(document, { link, status }, id, ofService) {
  const source = status?.source;
  if (ofService) {
    return [ofService.name || id, ofService.state === "queued" ? `Queued by the service. It waits for: ${ofService.waitsFor ?? "its turn"}.`
      : `The service tells that the run is ${ofService.state}${ofService.cause ? `: ${ofService.cause}` : ""}. Nothing was heard of it over Kafka yet.`];
  }
  if (!isRunId(id)) return ["No such run", `An id has 1 to 200 letters, digits, dots, dashes and underscores: ${id}`];
  if (link === "refused") return ["A token is needed", "What runs do is shown once a valid token is given."];
  if (link === "broken") return ["No connection to the server", "It was stopped, or cannot be reached. This page tries again by itself."];
  if (source?.state === "waiting") return ["Waiting for a Kafka broker", `Runs tell what they do over Kafka; ${id} is shown as soon as a broker is up that knows it.`];
  if (source?.state === "catching-up") return ["Reading what has happened so far …", `${percent(source.progress ?? 0, 0)} is read; ${id} is shown as soon as it turns up.`];
  if (document.absent) return ["Details are not kept any more", `Of ${id} only the row in the list is known: ${document.absent}. Its directory holds report.html with all of it.`];
  if (document.absent === "") return ["No such run is known", `Nothing was heard of ${id}. It shows up here by itself if it is on its way; otherwise see the list of runs for its id.`];
  return ["Reading …", ""];
}

export function runPage(container, { store, stream, info, settings, names: [id = ""], go }) {
  const subject = `run:${id}`, context = { settings, live: true };
  const back = set(element("a", "", "Runs"), { href: href("runs") });
  const crumbs = set(element("nav", "crumbs", back), { "aria-label": "Where this is" });
  const heading = element("h1"), text = element("p"), early = element("div"), nothing = element("div", "empty", heading, text, early);
  const earlyControl = info.control ? controlPart(early) : null;
  const body = element("div");
  container.append(crumbs, nothing, body);
  let parts, kind, control, about, files;

  function build(run) {
    parts?.destroy();
    body.replaceChildren();
    kind = run.kind;
    parts = runParts(body, { ...context, step: kind === "federation" ? "round" : "step", now: () => stream.now });
    if (info.control) {
      const box = element("div");
      parts.header.querySelector(".verdict").before(box);
      control = controlPart(box);
    }
    about = info.notes ? aboutPart(parts.annotations, { info, go }) : null;
    files = filesPart(parts.files, { id, info, found: (confusion) => {
      store.document(subject).apply({ type: "change", parts: { confusion } });
      update();
    } });
  }

  function update() {
    const document = store.document(subject), { run } = document.parts, isDeleted = store.document("notes").parts[id]?.deleted;
    const known = run && document.absent === undefined && !isDeleted;
    show(nothing, !known);
    show(body, known);
    if (!known) {
      const ofService = store.document("service").parts[id], [title, what] = isDeleted ? ["This run was deleted", `The service has deleted ${id} with its files.`] : missing(document, stream.state, id, ofService);
      earlyControl?.update(ofService);
      put(heading, title);
      put(text, what);
      titled(title === ofService?.name ? title : id);
      return;
    }
    if (!parts || run.kind !== kind) build(run);
    titled(run.name || id);
    const ofService = store.document("service").parts[id];
    // Telemetry reports a pause as a stop; the service's state is more specific.
    const shown = annotated(merged(run, ofService), store.document("notes").parts[id]);
    parts.update(document, shown);
    parts.tick(stream.now);
    control?.update(ofService);
    about?.update(shown);
    files.update(shown, ofService !== undefined);
  }

  const ends = [
    store.subscribe(subject, update), store.subscribe("service", update), store.subscribe("notes", update), stream.subscribe(() => { if (!nothing.hidden) update(); }),
    settings.subscribe((changes) => { if ("paused" in changes) update(); }),
    bindAll([
      ["u", "up to the list of runs", () => go(href("runs"))],
    ]),
    chartKeys(settings),
  ];
  const timer = setInterval(() => parts?.tick(stream.now), 1000);
  update();
  return {
    subjects: [...(isRunId(id) ? [subject] : []), ...(info.control ? ["service"] : [])],
    destroy() {
      clearInterval(timer);
      ends.forEach((end) => end());
      parts?.destroy();
    },
  };
}
