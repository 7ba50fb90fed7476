/** The uPlot options of one chart: axes, scales, cursor and lines. */
import uPlot from "uplot";
import { bandsPlugin, withBands } from "espalier/chart/bands.js";
import { bytes, clock, count } from "espalier/base/format.js";
import { barPath, stemPath } from "espalier/chart/lines.js";
import { marksPlugin } from "espalier/chart/marks.js";
import { css, pale } from "espalier/base/style.js";

const WHOLE = Array.from({ length: 48 }, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));
const FONT = "12px system-ui, sans-serif";

const timeOfDay = (u, ticks, axis, space, gap) => ticks.map((tick) => clock(tick).slice(0, gap < 60000 ? 8 : 5));

/** Texts of ticks; the second of two that are rounded alike is empty. */
const distinct = (texts) => texts.map((text, i) => text === texts[i - 1] ? "" : text);

function axes(spec, level, time) {
  const axis = { stroke: css("--quiet"), grid: { stroke: css("--grid"), width: 1 }, ticks: { stroke: css("--line"), width: 1 }, font: FONT };
  const x = time ? { ...axis, size: 30, space: 90, values: timeOfDay }
    : { ...axis, label: level.label, labelSize: 18, labelFont: FONT, size: 34, incrs: level.increments, values: (u, ticks) => ticks.map(level.tick) };
  const counted = spec.format === count || spec.format === bytes ? { incrs: WHOLE } : {};
  return [x, { ...axis, ...counted, ...spec.axis, size: 66, values: (u, ticks) => distinct(ticks.map((tick) => tick === null ? "" : spec.format(tick, true))) }];
}

function series({ label, color, dots, width = 2, dash, stepped, stems, below, area, faint, table }) {
  const stroke = faint ? pale(color, 0.4) : css(color);
  return {
    label, stroke, fill: below || area ? stroke : undefined, width: area ? 0 : stems ? 3 : width, dash, spanGaps: true,
    paths: dots ? () => null : below ? barPath(below) : stems ? stemPath : stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
    points: { show: Boolean(dots) || !stems && !below && !area && !stepped && table[0].length < 20, size: dots ?? 5, fill: stroke, width: 0 },
  };
}

/** Options for a chart's lines; moved, selected and whole are callbacks for cursor, selection and double-click. */
export function plotOptions({ spec, group, time, lines, current, width, height, moved, selected, whole }) {
  const banded = lines.some(({ spread }) => spread), range = banded ? withBands(current, spec.range) : spec.range;
  const log = spec.log && group.settings.log, ordered = spec.stack ? [...lines].reverse() : lines;
  return {
    width, height, ms: 1,
    cursor: {
      sync: {
        key: (time ? group.timeSync : group.sync).key, scales: ["x", null],
        filters: { pub: (type) => type === "mousemove" || type === "mouseleave" },
      },
      points: spec.stack ? { show: false } : { size: 7 }, y: false, drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => { whole(); return null; } },
    },
    legend: { show: false },
    scales: {
      x: { time, range: time ? undefined : () => group.span() },
      y: { distr: log ? 3 : 1, ...(range && !log ? { range } : {}) },
    },
    axes: axes(spec, group.level, time),
    series: [{}, ...ordered.map(series)],
    plugins: time ? [] : [marksPlugin(() => group.noted), ...(banded ? [bandsPlugin(current)] : [])],
    hooks: { setCursor: [moved], setSelect: [selected] },
  };
}
