// ---- Heat map (cividis: even for all kinds of colour vision)

const CIVIDIS = [[0, 32, 76], [0, 48, 111], [57, 72, 107], [87, 93, 109], [112, 113, 115], [138, 134, 120],
  [166, 157, 117], [196, 181, 108], [228, 207, 91], [255, 234, 70]];
const SPARSEST = 0.005;

const shade = (density) => cividis(1 - Math.log(Math.max(SPARSEST, density)) / Math.log(SPARSEST));

/** The colour of a place from 0, dark, to 1, bright. */
function cividis(place) {
  const at = Math.min(1, Math.max(0, place)) * (CIVIDIS.length - 1);
  const low = CIVIDIS[Math.floor(at)], high = CIVIDIS[Math.ceil(at)], part = at % 1;
  return `rgb(${low.map((value, i) => Math.round(value + part * (high[i] - value))).join(" ")})`;
}

function heatMap() {
  const figure = document.getElementById("density");
  const { names, steps, densities } = charts.density;
  figure.replaceChildren();
  if (steps.length === 0) {
    figure.append(element("div", "none", "no mask update"));
    return;
  }
  const canvas = element("canvas"), tip = element("output"), frame = element("div", "map", canvas, tip);
  figure.append(frame);
  const width = frame.clientWidth, row = Math.round(Math.max(18, Math.min(30, 480 / names.length)));
  const context = canvas.getContext("2d");
  context.font = "12px system-ui, sans-serif";
  const left = Math.ceil(Math.min(width * 0.3, Math.max(...names.map((name) => context.measureText(name).width)) + 12));
  const top = 4, bottom = top + row * names.length, right = width - 94;
  const scale = Math.max(110, Math.min(200, bottom - top)), height = Math.max(bottom + 40, top + scale + 4);
  const end = Math.max(lastStep, steps[steps.length - 1] + 1);
  const x = (step) => left + (right - left) * step / end;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.height = height + "px";
  context.scale(ratio, ratio);
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";

  names.forEach((name, i) => {
    const y = top + i * row;
    context.fillStyle = css("--text");
    context.textAlign = "right";
    context.fillText(name, left - 8, y + row / 2, left - 10);
    for (let k = -1; k < steps.length; k++) {
      const from = Math.round(x(k < 0 ? 0 : steps[k]));
      const to = Math.round(x(k + 1 < steps.length ? steps[k + 1] : end));
      context.fillStyle = shade(k < 0 ? 1 : densities[k][i]);
      context.fillRect(from, y, to - from, row - 1);
    }
  });
  stepAxis(context, end, x, bottom);
  legend(context, right + 24, top, scale);

  const read = (event) => {
    const box = canvas.getBoundingClientRect();
    const px = event.clientX - box.left, py = event.clientY - box.top;
    const i = Math.floor((py - top) / row);
    if (px < left || px > right || i < 0 || i >= names.length) {
      tip.style.visibility = "hidden";
      return;
    }
    const step = Math.floor((px - left) / (right - left) * end);
    let k = -1;
    while (k + 1 < steps.length && steps[k + 1] <= step) k++;
    tip.textContent = `${names[i]} · ${STEP} ${number(step)} · density ${percent(k < 0 ? 1 : densities[k][i])}`;
    tip.style.visibility = "visible";
    tip.style.left = Math.min(px + 12, width - tip.offsetWidth) + "px";
    tip.style.top = py + 14 + "px";
  };
  canvas.addEventListener("pointermove", read);
  canvas.addEventListener("pointerleave", () => { tip.style.visibility = "hidden"; });
}

function stepAxis(context, end, x, bottom) {
  context.fillStyle = css("--quiet");
  context.textAlign = "center";
  const rough = end / 8, power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const gap = [1, 2, 5, 10].map((m) => m * power).find((candidate) => candidate >= rough) || power;
  for (let step = 0; step <= end; step += gap) {
    context.fillRect(x(step), bottom, 1, 4);
    context.fillText(number(step), x(step), bottom + 13);
  }
  context.fillText(STEP, (x(0) + x(end)) / 2, bottom + 30);
}

function legend(context, left, top, height) {
  for (let i = 0; i < height; i++) {
    context.fillStyle = shade(Math.exp(Math.log(SPARSEST) * i / (height - 1)));
    context.fillRect(left, top + i, 14, 1.5);
  }
  context.fillStyle = css("--quiet");
  context.textAlign = "left";
  for (const mark of [1, 0.3, 0.1, 0.03, 0.01]) {
    context.fillText(percent(mark, 0), left + 20, top + 5 + (height - 10) * Math.log(mark) / Math.log(SPARSEST));
  }
}
