// ---- Where the time went

const PARTS = [
  ["compute", "steps", "--blue", "forward, backward and optimizer"],
  ["evaluate", "evaluation", "--green", "validation and test sets"],
  ["apply", "taking over", "--purple", "packing its own state, unpacking and digesting the committed one"],
  ["transfer", "transfer", "--orange", "its state up, the committed state down"],
  ["average", "averaging", "--amber", "the coordinator averages and packs"],
  ["prune", "mask updates", "--rose", "the coordinator scores, allocates and selects"],
  ["wait", "waiting", "--other", "for other trainers, and for messages"],
];

function timeParts() {
  const figure = document.getElementById("times"), trainers = data.times;
  figure.hidden = trainers.length === 0;
  if (trainers.length === 0) return;
  const total = (trainer) => sum(PARTS, ([key]) => trainer[key]);
  const longest = Math.max(...trainers.map(total), 1e-9);
  const bars = trainers.map((trainer) => {
    const bar = element("div", "stack", ...PARTS.map(([key, name, color]) => {
      const part = element("i");
      part.style.width = 100 * trainer[key] / longest + "%";
      part.style.background = `var(${color})`;
      part.title = `${name}: ${number(trainer[key], 2)} s, ${percent(trainer[key] / total(trainer), 1)}`;
      return part;
    }));
    return [element("div", "who", `trainer ${trainer.trainer}`), bar, element("div", "much", duration(total(trainer)))];
  });
  const rows = PARTS.map(([key, name, color, what]) => {
    const mark = element("i", "mark");
    mark.style.background = `var(${color})`;
    const seconds = sum(trainers, (trainer) => trainer[key]) / trainers.length;
    const part = sum(trainers, (trainer) => trainer[key]) / sum(trainers, total);
    const perStep = lastStep > 0 ? number(1000 * seconds / lastStep, 3) + " ms" : "–";
    return row([element("span", "", mark, name), element("span", "quiet", what),
      number(seconds, 2) + " s", percent(part, 1), perStep]);
  });
  const mean = sum(trainers, total) / trainers.length;
  const rest = wallSeconds !== undefined && wallSeconds > mean && run.attempts === 1
    ? [row(["", element("span", "quiet", "starting and ending, outside of this"), number(wallSeconds - mean, 2) + " s", "", ""])] : [];
  figure.replaceChildren(
    element("figcaption", "", "Where each trainer's time went", element("span", "unit", "seconds")),
    element("div", "stacks", ...bars.flat()),
    element("div", "scroll bare", element("table", "facts",
      element("thead", "", row(["", "", "mean of trainers", "share", "per step"], "th")),
      element("tbody", "", ...rows, ...rest))));
}
