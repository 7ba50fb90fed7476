/** Draws events into a chart: gaps as shaded ranges, marks as dashed lines. */
import { css, pale } from "espalier/base/style.js";

const COLORS = { resumed: "--accent", alert: "--bad", "trainer-failed": "--bad", "checkpoint-failed": "--warn", cut: "--purple", execution: "--purple" };
const NEAR = 6;
/** Half the width of a mark's head, CSS pixels; heads at the first and last step extend this far beyond the plot. */
const HEAD = 4;
/** With more cuts than this only their heads are drawn: lines would hide the curves. */
const MOST_LINES = 8;

const within = (u, x) => x >= u.scales.x.min && x <= u.scales.x.max;

/** The texts of the marks and gaps at a position, CSS pixels from the left. */
export function textsAt(u, left, { marks, gaps }) {
  const x = u.posToVal(left, "x");
  return [
    ...marks.filter((mark) => within(u, mark.step) && Math.abs(u.valToPos(mark.step, "x") - left) <= NEAR).map((mark) => mark.kind === "cut" ? `cut: ${mark.text}` : mark.text),
    ...gaps.filter((gap) => x >= gap.from && x <= gap.to).map((gap) => `nothing measured: ${gap.what}`),
  ];
}

/** A uPlot plugin that draws {@code {marks: [{step, kind, text}], gaps: [{from, to, what}]}}, as returned by the function. */
export function marksPlugin(current) {
  const clip = (u, draw, beyond = 0) => {
    const { ctx, bbox } = u, ratio = window.devicePixelRatio || 1;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left - beyond * ratio, bbox.top, bbox.width + 2 * beyond * ratio, bbox.height);
    ctx.clip();
    draw(ctx, bbox, ratio);
    ctx.restore();
  };
  return {
    hooks: {
      drawClear: (u) => {
        const { gaps } = current();
        if (gaps.length) clip(u, (ctx, bbox, ratio) => gaps.forEach((gap) => {
          const from = u.valToPos(gap.from, "x", true), to = Math.max(from + 2 * ratio, u.valToPos(gap.to, "x", true));
          ctx.fillStyle = pale("--quiet", 0.16);
          ctx.fillRect(from, bbox.top, to - from, bbox.height);
        }));
      },
      draw: (u) => {
        const { marks } = current();
        const cuts = marks.filter((mark) => mark.kind === "cut" && within(u, mark.step)).length;
        if (marks.length) clip(u, (ctx, bbox, ratio) => marks.filter((mark) => within(u, mark.step)).forEach((mark) => {
          const x = Math.round(u.valToPos(mark.step, "x", true));
          ctx.strokeStyle = ctx.fillStyle = css(COLORS[mark.kind] ?? "--quiet");
          ctx.lineWidth = ratio;
          ctx.setLineDash([3 * ratio, 3 * ratio]);
          if (mark.kind !== "cut" || cuts <= MOST_LINES) {
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
          }
          ctx.beginPath();
          ctx.moveTo(x - HEAD * ratio, bbox.top);
          ctx.lineTo(x + HEAD * ratio, bbox.top);
          ctx.lineTo(x, bbox.top + 6 * ratio);
          ctx.fill();
        }), HEAD);
      },
    },
  };
}
