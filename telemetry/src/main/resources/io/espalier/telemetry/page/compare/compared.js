/** The comparison with another run inside a report. */
import { dots, line } from "espalier/chart/charts.js";
import { element, put, row, section, set, show } from "espalier/base/dom.js";
import { difference, figuresFor, figuresOf, judged, lessOf, sameClock, told } from "espalier/compare/figures.js";
import { labelsOf, runOf } from "espalier/compare/labels.js";
import { scrollBox } from "espalier/base/scroll.js";

/** Names of a run and the one beside it. */
const namesOf = (...documents) => labelsOf(documents.map(runOf));

/** The name of the run beside a run, by what differs. */
export const comparedName = (document, compared) => namesOf(document, compared)[1];

/** The curves of the compared run, drawn behind those of this one; `what`: the end of the names of their series. */
export function beside(document, compared, what, training, last) {
  if (!compared) return [];
  const name = comparedName(document, compared);
  if (!sameClock(document, compared)) {
    const end = compared.points("test" + what)[1].at(-1);
    return Number.isFinite(end) ? [line(`${name}: test, at its end`, [[0, last], [end, end]], "--other", { dash: [6, 4] })] : [];
  }
  return [
    line(`${name}: training`, training(compared), "--other", { width: 1.5, smooth: true, quiet: true, of: compared }),
    line(`${name}: validation`, compared.points("validation" + what), "--other", { dash: [6, 4], of: compared }),
    { ...dots(`${name}: test`, compared.points("test" + what), "--other", 11), of: compared }];
}

function notesOn(document, compared) {
  const { run, provenance } = compared.parts, mine = document.parts.provenance?.dataDigest;
  const theirs = provenance?.dataDigest;
  return [run.name, run.rounds === undefined && run.trainers && `${run.trainers} trainer${run.trainers === 1 ? "" : "s"}`,
    run.state !== "finished" && run.state,
    mine && theirs && mine !== theirs && "trained on other data: results say little about each other",
  ].filter(Boolean).join(" · ");
}

/** Figures of both runs side by side; update(document, compared) hides it if compared is missing. */
export function comparedPart(container) {
  const part = section("Compared"), heading = part.querySelector("h2"), note = set(element("p", "quiet"), { dir: "auto" }), body = element("tbody"), head = element("thead");
  part.append(note, scrollBox("Table of both runs", "scroll", element("table", "compared", head, body)));
  container.append(part);
  return {
    update(document, compared) {
      show(container, compared);
      if (!compared) return;
      const [own, other] = namesOf(document, compared);
      heading.replaceChildren("Compared with ", element("bdi", "", other));
      head.replaceChildren(row(["figure", own, other, "difference"], "th"));
      put(note, notesOn(document, compared));
      const mine = figuresOf(document), theirs = figuresOf(compared), same = sameClock(document, compared);
      const federation = document.parts.federation !== undefined;
      body.replaceChildren(...figuresFor(federation)
        .filter(({ key }) => key !== "sparsity" && (key !== "steps" || same) && mine[key] !== undefined && theirs[key] !== undefined)
        .map((one) => {
          const left = mine[one.key], right = theirs[one.key];
          return row([one.name, told(one, left, document), told(one, right, compared),
            element("span", judged(left, right, lessOf(one, [document, compared])), difference(one.key, left, right))]);
        }));
    },
  };
}
