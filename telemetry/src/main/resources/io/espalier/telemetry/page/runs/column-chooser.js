/** The dialog in which a user chooses the columns of the list, and their order. */
import { button, element, freshId, set } from "espalier/base/dom.js";
import { FIRST_COLUMNS, OWN_COLUMNS, column, columnOf } from "espalier/runs/columns.js";

/**
 * Opens the dialog.
 *
 * @param chosen keys of the shown columns, in their order
 * @param settings keys of all settings of recipes, those in which the runs differ first
 * @param changed takes the chosen keys after each change
 */
export function chooseColumns(chosen, settings, changed) {
  let keys = [...chosen];
  const list = element("ul", "plain columns"), more = set(element("select"), { id: freshId("setting") });
  const dialog = set(element("dialog", "box", element("h2", "", "Columns"), list,
    element("div", "field", set(element("label", "", "Add a setting"), { for: more.id }), more),
    element("div", "buttons", button("Close", () => dialog.close()), button("As at first", () => change([...FIRST_COLUMNS])))), { "aria-label": "Columns" });

  function change(next, focused) {
    keys = next;
    changed(keys);
    draw();
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"] input`)?.focus();
  }

  function moved(key, by) {
    const next = keys.filter((one) => one !== key);
    next.splice(Math.max(0, keys.indexOf(key) + by), 0, key);
    change(next, key);
  }

  function entry(key) {
    const { label, title } = column(key), at = keys.indexOf(key), box = set(element("input"), { type: "checkbox" });
    box.checked = at >= 0;
    box.addEventListener("change", () => change(box.checked ? [...keys, key] : keys.filter((one) => one !== key), key));
    const name = title ?? label, move = (sign, by, off) => {
      const made = set(button(sign, () => moved(key, by), "plain"), { "aria-label": `${by < 0 ? "Before" : "After"} its neighbour: ${name}`, title: by < 0 ? "Further left" : "Further right" });
      made.disabled = off;
      return made;
    };
    return set(element("li", "", element("label", "", box, " ", name), at >= 0 && element("span", "moves", move("↑", -1, at === 0), move("↓", 1, at === keys.length - 1))), { "data-key": key });
  }

  function draw() {
    list.replaceChildren(...[...keys, ...OWN_COLUMNS.filter((key) => !keys.includes(key))].map(entry));
    more.replaceChildren(set(element("option", "", "…"), { value: "" }), ...settings.filter((key) => !keys.includes(columnOf(key))).map((key) => set(element("option", "", key), { value: key })));
  }

  more.addEventListener("change", () => { if (more.value) change([...keys, columnOf(more.value)]); });
  dialog.addEventListener("close", () => dialog.remove());
  draw();
  document.body.append(dialog);
  dialog.showModal();
}
