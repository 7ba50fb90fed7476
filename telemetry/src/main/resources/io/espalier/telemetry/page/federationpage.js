/** A federation alone: `#/federation/ID`. */
import { element, put, set, show } from "espalier/dom.js";
import { number, percent } from "espalier/format.js";
import { federationPart } from "espalier/federation.js";
import { href } from "espalier/router.js";
import { stateBadge } from "espalier/runrow.js";

/** Context: {store, stream, settings, router}. */
export function federationPage(container, context) {
  const [id] = context.router.route.names, { store } = context;
  const name = element("bdi"), state = element("span", "state"), told = element("p", "quiet"), part = element("div");
  const link = set(element("a", "", "All about this run"), { href: href("run", [id]) });
  container.append(element("h1", "", name), element("p", "line", state, link), told, part);
  const drawn = federationPart(part, { ...context, charts: undefined, step: "round", live: true, learning: true });

  function update(document) {
    const { run, federation } = document.parts;
    put(name, run?.name || id);
    show(state, run);
    if (run) stateBadge(state, run.state);
    put(told, !run ? document.absent === undefined ? "Reading …" : document.absent || "No such run is known. It shows up here by itself when it tells of itself."
      : !federation ? "This run is no federation."
      : [`round ${number(run.rounds ?? run.step ?? 0)}${run.totalSteps ? ` of ${number(run.totalSteps)}` : ""}`,
        run.accuracy !== undefined && `accuracy ${percent(run.accuracy)}`, run.sparsity !== undefined && `sparsity ${percent(run.sparsity)}`].filter(Boolean).join(" · "));
    drawn.update(document);
  }

  const end = store.subscribe("run:" + id, update);
  update(store.document("run:" + id));
  return {
    subjects: ["runs", "run:" + id],
    destroy() {
      end();
      drawn.destroy();
    },
  };
}
