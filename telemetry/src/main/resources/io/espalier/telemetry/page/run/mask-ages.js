/** Steps since the last change of each parameter's mask. */
import { element, keyed, put, set, show } from "espalier/base/dom.js";
import { number, plural } from "espalier/base/format.js";
import { inSight } from "espalier/base/pace.js";

function bar(one) {
  const fill = element("i"), words = element("span", "much");
  const node = element("li", "", set(element("span", "who", one.name), { title: one.name }), set(element("span", "age", fill), { "aria-hidden": "true" }), words);
  node.tell = (age, oldest, step, changed) => {
    fill.style.transform = `scaleX(${oldest > 0 ? Math.max(0.004, age / oldest) : 0.004})`;
    put(words, changed === undefined ? "never" : age === 0 ? "now" : plural(age, step));
    set(words, { title: changed === undefined ? "No update has changed it" : `Changed at ${step} ${number(changed)}` });
  };
  return node;
}

export function agesPart(container, context) {
  const list = element("ul", "ages"), none = element("div", "none", "no mask has changed");
  const figure = element("figure", "chart", element("figcaption", "", set(element("span", "name", "Age of masks"), { title: "A mask that stays as it is has settled" }),
    element("span", "unit", `${context.step}s since the last change`)), set(element("div", "tall-box", list), { tabindex: 0, role: "region", "aria-label": "List of ages" }), none);
  container.append(figure);
  let shown, before;
  const prunable = () => (shown.parts.parameters ?? []).filter((one) => one.prunable);
  const { ask, end } = inSight(figure, () => {
    const now = context.charts.last, all = prunable(), some = all.some((one) => one.changed !== undefined);
    show(list.parentElement, some);
    show(none, !some);
    if (!some) return;
    const ages = all.map((one) => Math.max(0, now - (one.changed ?? 0))), oldest = Math.max(...ages, 1);
    const age = new Map(all.map((one, i) => [one, ages[i]]));
    keyed(list, all, (one) => one.name, bar, (node, one) => node.tell(age.get(one), oldest, context.step, one.changed));
  });
  return {
    update(document) {
      shown = document;
      show(figure, !context.charts.over || prunable().some((one) => one.changed !== undefined));
      const now = `${document.revision(["parameters"])} ${context.charts.last}`;
      if (now !== before) ask();
      before = now;
    },
    destroy: end,
  };
}
