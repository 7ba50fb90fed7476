import { button, element, put, show } from "espalier/base/dom.js";
import { percent } from "espalier/base/format.js";
import { toType } from "espalier/frame/program.js";

const code = (command) => element("code", "", toType(command));

/** The message for an empty list: [heading, ...children of the text], or null. */
function told({ rows, matching, known, state, service }) {
  if (matching > 0) return null;
  if (rows > 0) return ["No run is like that", "None of the runs has what search and filters ask for."];
  const source = state.status?.source;
  if (state.link === "refused") return ["A token is needed", "The list of runs is shown once a valid token is given."];
  if (state.link === "broken") return ["No connection to the server", "It was stopped, or cannot be reached. This page tries again by itself."];
  if (!source) return ["Connecting …", ""];
  if (source.state === "waiting") {
    return [source.address ? `Waiting for a Kafka broker at ${source.address}` : "Waiting for a Kafka broker",
      "Runs tell what they do over Kafka. The first one that starts brings a broker along: in a terminal, type ",
      code("espalier train quickstart"), ". To read from another broker, start this page by ",
      code("espalier dashboard --kafka HOST:PORT"), source.problem ? `. What the broker said last: ${source.problem}` : "."];
  }
  if (source.state === "catching-up") {
    return ["Reading what has happened so far …", Number.isFinite(source.progress) ? `${percent(source.progress, 0)} is read.` : ""];
  }
  if (!known) return ["Connecting …", ""];
  return ["No run yet", "Start one in a terminal: ", code(service ? "espalier submit quickstart" : "espalier train quickstart"),
    service ? " hands one to this service, " : " trains a small network within a minute or two, ", "and it shows up here by itself."];
}

/** Shows the message for an empty list. */
export function emptyList(all) {
  const heading = element("h2"), text = element("p"), reset = button("Show all runs", all);
  const node = element("div", "empty", heading, text, reset);
  let before = "";
  return {
    node,
    update(facts) {
      const say = told(facts);
      show(node, say);
      show(reset, facts.rows > 0);
      if (!say) return;
      const [title, ...children] = say;
      const written = say.map((one) => one.textContent ?? one).join("\n");
      if (written === before) return;
      before = written;
      put(heading, title);
      text.replaceChildren(...children);
    },
  };
}
