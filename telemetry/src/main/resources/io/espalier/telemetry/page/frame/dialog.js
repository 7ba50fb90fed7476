/** Questions in dialogs. */
import { element } from "espalier/base/dom.js";

/**
 * Asks a question with two answers.
 *
 * @param texts children of the explanation
 * @return whether the answer was yes
 */
export function confirmed(title, texts, yes, no) {
  const agree = element("button", "danger", yes), leave = element("button", "", no);
  const dialog = element("dialog", "box", element("h2", "", title), element("p", "", ...texts), element("div", "buttons", agree, leave));
  dialog.setAttribute("aria-label", title);
  return new Promise((resolve) => {
    let answer = false;
    agree.type = leave.type = "button";
    agree.addEventListener("click", () => { answer = true; dialog.close(); });
    leave.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    document.body.append(dialog);
    dialog.showModal();
    leave.focus();
  });
}

/** Asks for a text; the answer is null where the dialog was left. */
export function askedFor(title, label, value, { long = false, help = "" } = {}) {
  const field = element(long ? "textarea" : "input"), go = element("button", "primary", "Save"), leave = element("button", "", "Leave it");
  field.id = "asked-text";
  field.value = value;
  if (long) field.rows = 5;
  const name = element("label", "", label);
  name.htmlFor = field.id;
  go.type = "submit";
  leave.type = "button";
  const form = element("form", "", name, field, help && element("p", "quiet", help), element("div", "buttons", go, leave));
  const dialog = element("dialog", "box", element("h2", "", title), form);
  dialog.setAttribute("aria-label", title);
  return new Promise((resolve) => {
    let given = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      given = field.value;
      dialog.close();
    });
    leave.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { dialog.remove(); resolve(given); });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  });
}
