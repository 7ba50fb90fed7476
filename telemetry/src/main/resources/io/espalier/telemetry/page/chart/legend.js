/** The legend of a chart: its lines with their values at the cursor, or the newest; a click hides a line. */
import { element, put, set } from "espalier/base/dom.js";

const SVG = "http://www.w3.org/2000/svg", LONG = 22, THICK = 3;

/** A line with the dash that a chart gives it. */
function dashed({ color, dash }, className) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  set(svg, { viewBox: `0 0 ${LONG} ${THICK}`, width: LONG, height: THICK, class: className, "aria-hidden": "true", focusable: "false" });
  set(path, { d: `M0 ${THICK / 2}H${LONG}`, "stroke-dasharray": dash.join(" "), "stroke-width": THICK, fill: "none" });
  path.style.stroke = `var(${color})`;
  svg.append(path);
  return svg;
}

/** The sign of a line beside its name. */
export function swatchOf(line, className = "") {
  const { color, dash, dots, below, area } = line;
  if (dash && !dots) return dashed(line, `swatch-line ${className}`.trim());
  const made = element("i", `${dots ? "swatch dot" : below || area ? "swatch block" : "swatch"} ${className}`.trim());
  made.style.setProperty("--swatch", `var(${color})`);
  return made;
}

export class Legend {
  constructor(toggled) {
    this.toggled = toggled;
    this.at = element("span", "at");
    this.list = element("ul", "legend");
    this.element = element("div", "legend-box", this.list, this.at);
  }

  /** Sets the lines: {@code [{label, color, dash, dots, area}]}. */
  lines(lines) {
    this.items = lines.map((one, i) => {
      const swatch = swatchOf(one);
      if (one.faint) swatch.style.opacity = "0.45";
      const value = element("b", ""), name = element("span", "", one.label);
      const press = set(element("button", "", swatch, name, value), { type: "button", "aria-pressed": "true", title: "Show or hide this line" });
      press.addEventListener("click", () => {
        const on = press.getAttribute("aria-pressed") !== "true";
        set(press, { "aria-pressed": on });
        this.toggled(i, on);
      });
      return { press, value };
    });
    this.list.replaceChildren(...this.items.map(({ press }) => element("li", "", press)));
  }

  values(at, texts) {
    put(this.at, at);
    texts.forEach((text, i) => this.items[i] && put(this.items[i].value, text));
  }
}
