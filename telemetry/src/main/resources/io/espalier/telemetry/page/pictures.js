// ---- Pictures of masks

const BLACK = "rgb(0 8 22)";
const shapes = new Map(parameters.map((parameter) => [parameter.name, parameter.shape]));

/** A picture's cells as parts of its largest one, row-major. */
const cellsOf = (picture) => Array.from(atob(picture.cells), (cell) => cell.charCodeAt(0) / 255);
const largest = (picture) => picture.full === 1 ? "up to all" : `up to ${percent(picture.full, picture.full < 0.1 ? 1 : 0)}`;
const isWhole = (picture, shape) => shape && picture.rows * picture.columns === product(shape);

/** Where each cell goes: [x, y] of it, and the size of all. The kernels of a small convolution are
 *  set beside each other, a tile for each output and input. */
function layoutOf(picture, shape, view) {
  const grid = { at: (row, column) => [column, row], width: picture.columns, height: picture.rows, tiled: false };
  if (view !== "weights" || !isWhole(picture, shape) || shape.length !== 4 || shape[2] * shape[3] === 1) return grid;
  const [outputs, inputs, height, width] = shape, tiles = outputs * inputs;
  const across = inputs > 1 && inputs <= 24 ? inputs : evenRows(tiles);
  return {
    at: (row, column) => {
      const tile = row * inputs + Math.floor(column / (height * width)), inside = column % (height * width);
      return [tile % across * (width + 1) + inside % width, Math.floor(tile / across) * (height + 1) + Math.floor(inside / width)];
    },
    width: Math.min(across, tiles) * (width + 1) - 1, height: Math.ceil(tiles / across) * (height + 1) - 1, tiled: true,
  };
}

/** How many of these tiles go into a row, so that the last row is full where that can be. */
function evenRows(tiles) {
  const root = Math.sqrt(tiles);
  for (let across = Math.ceil(root); across <= 2 * root; across++) {
    if (tiles % across === 0) return across;
  }
  return Math.ceil(1.3 * root);
}

function drawPicture(picture, shape, view) {
  const canvas = element("canvas", "picture"), context = canvas.getContext("2d");
  const layout = layoutOf(picture, shape, view), cells = cellsOf(picture);
  const size = Math.max(1, Math.floor(Math.min(24, 420 / layout.width, 190 / layout.height)));
  const flat = view === "weights" && !layout.tiled, least = 48;
  const wide = flat ? Math.max(size, Math.min(24, Math.round(least / layout.width))) : size;
  const high = flat ? Math.max(size, Math.min(24, Math.round(least / layout.height))) : size;
  canvas.width = layout.width * wide;
  canvas.height = layout.height * high;
  for (let row = 0; row < picture.rows; row++) {
    for (let column = 0; column < picture.columns; column++) {
      const part = cells[row * picture.columns + column], [x, y] = layout.at(row, column);
      context.fillStyle = part === 0 ? BLACK : cividis(part);
      context.fillRect(x * wide, y * high, wide, high);
    }
  }
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${picture.rows} × ${picture.columns} shares of weights kept, ${largest(picture)}`);
  return canvas;
}

const VIEWS = {
  pixels: (name) => [`What ${name} looks at`, "a cell per input value, over all outputs"],
  window: (name) => [`The window of ${name}`, "a cell per place in the kernel, over all outputs and inputs"],
  weights: (name, tiled) => [name, tiled ? "a tile per kernel" : "a row per output, a column per input"],
};

function filmStrip({ name, view, moments }) {
  const [title, unit] = VIEWS[view](name, layoutOf(moments[0], shapes.get(name), view).tiled);
  const frames = moments.map((picture) => element("div", "frame",
    drawPicture(picture, shapes.get(name), view),
    element("div", "", `${STEP} ${number(picture.step)}`),
    element("div", "quiet", `update ${picture.version} · ${largest(picture)}`)));
  return element("figure", "strip", element("figcaption", "", title, element("span", "unit", unit)),
    element("div", "frames", ...frames));
}

function gallery(subjects) {
  const figure = document.getElementById("gallery");
  const thumbs = subjects.map(({ name, view, moments }) => {
    const picture = moments[moments.length - 1], shape = shapes.get(name);
    const parameter = parameters.find((one) => one.name === name);
    return element("div", "frame", drawPicture(picture, shape, view), element("div", "", name),
      element("div", "quiet", [shape && shape.join(" × "), parameter && `${percent(densityOf(parameter), 1)} kept`].filter(Boolean).join(" · ")));
  });
  figure.replaceChildren(
    element("figcaption", "", "All masks, newest", element("span", "unit", "a row per output, a column per input; kernels as tiles where they fit")),
    element("div", "frames", ...thumbs));
}

function pictureParts() {
  const known = Object.keys(VIEWS), subjects = data.pictures.filter(({ view }) => known.includes(view));
  document.getElementById("pictures").hidden = subjects.length === 0;
  if (subjects.length === 0) return;
  const inputs = subjects.filter(({ view }) => view !== "weights");
  const weights = subjects.filter(({ view }) => view === "weights");
  document.getElementById("strips").replaceChildren(
    ...[...inputs, ...weights.slice(0, 1)].map(filmStrip));
  document.getElementById("gallery").hidden = weights.length < 2;
  gallery(weights);
}
