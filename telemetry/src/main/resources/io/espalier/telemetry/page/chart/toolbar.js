/** The toolbar of charts: smoothing, logarithmic axes, zoom, pause. */
import { button, element, freshId, put, set, show } from "espalier/base/dom.js";
import { AXES } from "espalier/chart/axis.js";
import { number } from "espalier/base/format.js";

/** update() refreshes the texts that depend on the charts. */
export function toolbar(container, charts) {
  const { settings, context } = charts;
  const slider = set(element("input"), { type: "range", min: 0, max: 1, step: 0.05, id: freshId("smooth") });
  const label = set(element("label", "", "Smoothing"), { for: slider.id, title: "A centred mean through noisy curves; all the way left shows measurements alone" });
  const log = set(element("input"), { type: "checkbox", id: freshId("log") });
  const logLabel = set(element("label", "", log, "Logarithmic"), { title: "For loss and learning rate" });
  const axis = set(element("select", "", ...Object.entries(AXES).map(([value, { option }]) => set(element("option", "", option), { value }))), { id: freshId("axis") });
  const axisLabel = set(element("label", "", "x axis"), { for: axis.id, title: "What curves are drawn over; wall time is that of all attempts, without what lies between them" });
  const axisField = element("span", "field", axisLabel, axis);
  const band = set(element("input"), { type: "checkbox", id: freshId("band") });
  const bandLabel = set(element("label", "", band, "Mean of seeds"), { title: "Runs that differ in the seed only become their mean, with a band of one standard deviation" });
  axis.addEventListener("change", () => settings.set({ axis: axis.value, x: null }));
  band.addEventListener("change", () => settings.set({ band: band.checked }));
  const whole = button("Show all", () => settings.set({ x: null }));
  const range = element("span", "quiet");
  const pause = set(button("Pause drawing", () => settings.set({ paused: !settings.paused })), { title: "Stops the drawing, not the run (p)" });
  const behind = set(element("span", "behind"), { role: "status" });
  const hint = element("span", "quiet hint", "Drag over a chart to zoom, double-click to go back.");
  slider.addEventListener("input", () => settings.set({ smooth: Number(slider.value) }));
  log.addEventListener("change", () => settings.set({ log: log.checked }));
  const bar = set(element("div", "toolbar", axisField, label, slider, logLabel, bandLabel, context.live && pause, behind, whole, range, hint),
    { role: "toolbar", "aria-label": "How charts are drawn" });
  container.append(bar);

  function update() {
    slider.value = settings.smooth;
    set(slider, { "aria-valuetext": settings.smooth === 0 ? "none" : `${Math.round(100 * settings.smooth)} %` });
    log.checked = settings.log;
    axis.value = charts.axis;
    show(axisField, context.step === "step");
    band.checked = settings.band;
    show(bandLabel, charts.seeds > 0);
    show(whole, settings.x);
    show(hint, !settings.x);
    put(range, settings.x ? charts.level.range(...settings.x) : "");
    put(pause, settings.paused ? "Catch up" : "Pause drawing");
    set(pause, { "aria-pressed": settings.paused });
    bar.classList.toggle("paused", settings.paused);
    put(behind, settings.paused ? (charts.behind > 0 ? `paused, ${number(charts.behind)} ${context.step}s behind` : "paused") : "");
  }

  const end = settings.subscribe(update);
  update();
  return { element: bar, update, destroy: end };
}
