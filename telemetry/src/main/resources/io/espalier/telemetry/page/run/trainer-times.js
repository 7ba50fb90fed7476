/** Total time of each trainer by part of its work. */
import { TIME_PARTS } from "espalier/run/curves.js";
import { element, keyed, put, row, set, show } from "espalier/base/dom.js";
import { duration, number, percent, sum } from "espalier/base/format.js";
import { when } from "espalier/data/store.js";

const total = (trainer) => sum(TIME_PARTS, ([key]) => trainer[key] ?? 0);

function colored(tag, className, color) {
  const made = element(tag, className);
  made.style.background = `var(${color})`;
  return made;
}

function stack() {
  const parts = TIME_PARTS.map(([, , color]) => colored("i", "", color));
  const who = element("div", "who"), bar = element("div", "stack", ...parts), much = element("div", "much");
  const node = element("div", "stack-row", who, bar, much);
  node.tell = (trainer, longest) => {
    put(who, `trainer ${trainer.trainer}`);
    put(much, duration(total(trainer)));
    TIME_PARTS.forEach(([key, name], i) => {
      parts[i].style.width = 100 * (trainer[key] ?? 0) / longest + "%";
      set(parts[i], { title: `${name}: ${number(trainer[key] ?? 0, 2)} s, ${percent((trainer[key] ?? 0) / (total(trainer) || 1), 1)}` });
    });
  };
  return node;
}

export function timesPart(container, context) {
  const stacks = element("div", "stacks"), body = element("tbody");
  const cells = TIME_PARTS.map(([, name, color, what]) => {
    const made = row([element("span", "", colored("i", "mark", color), name), element("span", "quiet", what), "", "", ""]);
    body.append(made);
    return [...made.children].slice(2);
  });
  const rest = row(["", element("span", "quiet", "starting and ending, outside of this"), "", "", ""]);
  body.append(rest);
  const figure = element("figure", "wide", element("figcaption", "", element("span", "name", "Where each trainer's time went"), element("span", "unit", "seconds in total")),
    stacks, set(element("div", "scroll bare", element("table", "facts", element("thead", "", row(["part", "what it is", "mean of trainers", "share", "per step"], "th")), body)), { tabindex: 0, role: "region", "aria-label": "Time by part" }));
  container.append(figure);

  const draw = when(["times", "run"], ({ parts }) => {
    const trainers = parts.times ?? [];
    show(figure, trainers.length > 0);
    if (trainers.length === 0) return;
    const longest = Math.max(...trainers.map(total), 1e-9), all = sum(trainers, total) || 1, steps = context.charts.last;
    keyed(stacks, trainers, ({ trainer }) => trainer, stack, (node, trainer) => node.tell(trainer, longest));
    TIME_PARTS.forEach(([key], i) => {
      const seconds = sum(trainers, (trainer) => trainer[key] ?? 0);
      put(cells[i][0], `${number(seconds / trainers.length, 2)} s`);
      put(cells[i][1], percent(seconds / all, 1));
      put(cells[i][2], steps > 0 ? `${number(1000 * seconds / trainers.length / steps, 3)} ms` : "–");
    });
    const mean = all / trainers.length, wall = parts.summary?.wallSeconds ?? parts.run?.wallSeconds;
    show(rest, wall > mean && (parts.run?.attempts ?? 1) === 1 && parts.run?.state !== "running");
    put(rest.children[2], `${number(Math.max(0, (wall ?? 0) - mean), 2)} s`);
  });
  return { update: draw };
}
