/** The legend of a chart: its lines with their values at the cursor, or the newest; a click hides a line. */
import { element, put, set } from "espalier/base/dom.js";

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
      const swatch = element("i", one.dots ? "swatch dot" : one.below || one.area ? "swatch block" : one.dash ? "swatch dashed" : "swatch");
      swatch.style.setProperty("--swatch", `var(${one.color})`);
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
