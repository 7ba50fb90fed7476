// ---- Header

function verdict() {
  if (run.state === "failed" || run.state === "stopped") {
    return `The run ${run.state} at ${STEP} ${number(run.step)}: ${run.reason}`;
  }
  const parts = [];
  if (accuracy !== undefined) parts.push(`${percent(accuracy)} accuracy on the ${run.test ? "held-out examples" : "test set"}`);
  if (kept !== undefined && prunable) parts.push(`${percent(kept / prunable)} of the prunable units`);
  let text = parts.join(" with ");
  if (sizes.dense && sizes.sparse) {
    text += `; kept values and packed masks take ${times(sizes.dense / sizes.sparse)} less space`;
  }
  if (data.compared) {
    const theirs = known(data.compared.summary.accuracy, data.compared.run.accuracy);
    if (text && accuracy !== undefined && theirs !== undefined) {
      const points = number(Math.abs(100 * (accuracy - theirs)), 2);
      text += `; ${points} points ${accuracy < theirs ? "below" : "above"} ${data.compared.run.name}`;
    }
  }
  if (run.state === "running" && text) {
    text = `At ${STEP} ${number(lastStep)}${run.totalSteps ? ` of ${number(run.totalSteps)}` : ""}: ${text}`;
  }
  return text ? text + "." : "The run has not said anything yet.";
}

function card(label, value, note) {
  document.getElementById("cards").append(element("div", "card",
    element("div", "label", label), element("div", "value", value), element("div", "note", note)));
}

function header() {
  put("name", run.name);
  const state = document.getElementById("state");
  state.textContent = run.state;
  state.classList.add(run.state);
  put("verdict", verdict());
  const day = (time) => time ? time.slice(0, 19).replace("T", " ") : "";
  put("when", [
    run.id, summary.model && `model ${summary.model}`, summary.data && `data ${summary.data}`,
    run.begun && `${day(run.begun)} to ${day(run.ended)} UTC`,
    !federation && run.trainers && `${run.trainers} trainer${run.trainers === 1 ? "" : "s"}`,
    run.attempts > 1 && `${run.attempts} attempts`,
  ].filter(Boolean).join(" · "));
  if (accuracy !== undefined) {
    const loss = known(summary.loss, run.loss);
    card("Test accuracy", percent(accuracy), loss === undefined ? "" : `loss ${number(loss, 4)}`);
  }
  if (sparsity !== undefined) {
    card("Sparsity", percent(sparsity), `${number(kept)} of ${number(prunable)} units kept`);
  }
  if (sizes.sparse && sizes.dense) {
    card(federation ? "Packed model" : "Kept values and masks", bytes(sizes.sparse),
      `${times(sizes.dense / sizes.sparse)} smaller than ${bytes(sizes.dense)} dense`);
  } else if (sizes.model) {
    card("Model file", bytes(sizes.model), "weights with zeros");
  }
  if (denseMacs !== undefined && effectiveMacs !== undefined) {
    card("Effective MACs", count(effectiveMacs),
      `${percent(effectiveMacs / Math.max(1, denseMacs), 1)} of ${count(denseMacs)} dense, per example`);
  }
  if (sent) {
    card(federation ? "Traffic with clients" : "Sync traffic", bytes(sent),
      sentDense ? `${percent(sent / sentDense, 1)} of ${bytes(sentDense)} dense` : "both directions");
  }
  if (federation) {
    const { totals } = federation;
    card("Clients", number(federation.clientCount), `${number(totals.reported)} results of ${number(totals.invited)} invitations`);
  }
  if (wallSeconds !== undefined) {
    const steps = known(summary.steps, run.steps, run.totalSteps);
    card("Time", duration(wallSeconds), steps === undefined ? "" : `${number(steps)} ${STEP}s`);
  }
}

// ---- Table, recipe, provenance

function row(cells, tag = "td", className = "") {
  return element("tr", className, ...cells.map((cell) => element(tag, "", cell)));
}

function densityCell(density) {
  const fill = element("i");
  fill.style.width = Math.max(100 * density, density > 0 ? 1.5 : 0) + "%";
  return element("span", "", percent(density), element("span", "bar", fill));
}

const macCells = (macs, left) => macs ? [count(macs), count(left)] : ["–", "–"];

function table() {
  const target = document.getElementById("parameters");
  const weightBytes = 4;
  const head = element("thead", "",
    row(["parameter", "shape", "units", "kept", "density", "dense size", "kept size", "MACs", "kept MACs"], "th"));
  const body = element("tbody", "", ...parameters.map((parameter) => {
    const size = product(parameter.shape) * weightBytes, density = densityOf(parameter);
    return row([parameter.name, parameter.shape.join(" × "), number(parameter.units),
      parameter.prunable ? number(parameter.kept) : "all", densityCell(density),
      bytes(size), bytes(size * density), ...macCells(parameter.macs, parameter.macs * density)],
      "td", parameter.prunable ? "" : "fixed");
  }));
  const size = (p) => product(p.shape) * weightBytes;
  const foot = element("tfoot", "", row([`${prunableParameters.length} of ${parameters.length} prunable`, "",
    number(sum(prunableParameters, (p) => p.units)), number(sum(prunableParameters, (p) => p.kept)),
    densityCell(sum(prunableParameters, (p) => p.kept) / Math.max(1, sum(prunableParameters, (p) => p.units))),
    bytes(sum(parameters, size)), bytes(sum(parameters, (p) => size(p) * densityOf(p))),
    ...macCells(sum(parameters, (p) => p.macs), sum(parameters, (p) => p.macs * densityOf(p)))]));
  target.replaceChildren(head, body, foot);
}

function origins() {
  if (!provenance) {
    put("recipe", "not recorded");
    return;
  }
  put("recipe", provenance.recipe);
  const facts = [["Espalier", provenance.version], ["Java", provenance.javaVersion], ["System", provenance.os],
    ["Processors", provenance.processors], ["Seed", provenance.seed],
    ["Trainers", `${provenance.trainers}, threads each: ${provenance.threadsPerTrainer}`],
    ["Data", provenance.dataName], ["Data digest", provenance.dataDigest],
    ["Layout digest", provenance.layoutDigest],
    ...Object.entries(provenance.libraries)];
  document.getElementById("provenance").replaceChildren(...facts.flatMap(([name, value]) =>
    [element("dt", "", name), element("dd", "", String(value))]));
}

// ---- All of it

function draw() {
  drawn.splice(0).forEach(({ plot }) => plot.destroy());
  lineCharts();
  heatMap();
}


header();
comparison();
table();
pictureParts();
timeParts();
federationParts();
origins();
draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
let width = document.body.clientWidth;
addEventListener("resize", () => {
  if (document.body.clientWidth === width) return;
  width = document.body.clientWidth;
  drawn.forEach(({ plot, inner }) => plot.setSize({ width: inner(), height: 230 }));
  heatMap();
});
