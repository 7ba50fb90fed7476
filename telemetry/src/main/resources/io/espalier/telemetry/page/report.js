/** The page of a report: one run, in its state when the report was written. */
import { button, element, set } from "espalier/base/dom.js";
import { parse, Settings } from "espalier/frame/router.js";
import { runParts } from "espalier/run/run.js";
import { Document } from "espalier/data/store.js";
import { startTheme, themeSwitch } from "espalier/frame/theme.js";

startTheme();
const given = JSON.parse(document.getElementById("data").textContent);

function read(message) {
  if (!message) return undefined;
  const made = new Document(message.subject);
  made.apply({ ...message, type: "snapshot" });
  return made;
}

const shown = read(given.run), compared = read(given.compared);
const top = document.getElementById("top"), right = element("div", "right");
top.append(element("span", "brand", "Espalier"), right);
themeSwitch(right);
right.append(set(button("Print", () => print()), { title: "Print, or save as PDF" }));

const settings = new Settings(parse(location.hash).query);
const parts = runParts(document.getElementById("view"), {
  settings, compared, live: false, step: shown.parts.run?.kind === "federation" ? "round" : "step",
});
parts.update(shown);
