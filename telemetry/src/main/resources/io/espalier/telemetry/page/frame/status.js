/** The connection state in the page header: source of the data, and whether it is current. */
import { element, put, set } from "espalier/base/dom.js";
import { day, number, percent } from "espalier/base/format.js";

function told({ link, status, problem }, { mode }) {
  const source = status?.source;
  if (link === "refused") return ["bad", "token needed", "The server shows data to those who have a token"];
  if (link === "broken") return ["bad", "no connection, trying again", problem ?? ""];
  if (link === "asleep") return ["late", "asleep", "The tab was hidden"];
  if (link === "connecting" || !source) return ["late", "connecting", ""];
  const address = source.address ? ` from Kafka at ${source.address}` : "";
  if (source.state === "waiting") return ["late", "waiting for a broker", source.problem ?? "No broker is up"];
  if (source.state === "catching-up") return ["late", `reading, ${percent(source.progress ?? 0, 0)}`, `Reading what has happened so far${address}`];
  const newest = source.newest ? `; newest record of ${day(source.newest)}` : "";
  return [source.problem ? "late" : "fresh", mode === "service" ? "live, this service" : "live",
    [`Events come${address}, ${number(source.lag ?? 0)} records behind${newest}`, source.problem].filter(Boolean).join(". ")];
}

export function statusPart(container, { stream, info }) {
  const words = element("span"), node = set(element("span", "pulse late", element("i"), words), { role: "status" });
  container.append(node);
  return {
    end: stream.subscribe((state) => {
      const [kind, text, title] = told(state, info), name = `pulse ${kind === "bad" ? "old" : kind}`;
      if (node.className !== name) node.className = name;
      put(words, text);
      set(node, { title });
    }),
  };
}
