// ---- Comparison with another run

const other = data.compared;

/** [figure, its value here, its value there, format, whether less is better] for every figure known of both. */
function figures() {
  const of = (one) => {
    const { run: its, summary: facts, sizes: bytesOf, parameters: all } = one;
    const total = known(facts.prunable, its.prunable), left = known(facts.kept, its.kept, total);
    return {
      accuracy: known(facts.accuracy, its.accuracy), loss: known(facts.loss, its.loss), kept: left,
      bytes: bytesOf.sparse, sent: known(facts.bytesSent, its.traffic[0]),
      macs: known(facts.macsEffective, all.length ? sum(all, (p) => p.macs * densityOf(p)) : undefined),
      seconds: known(facts.wallSeconds, its.wallSeconds), steps: known(facts.steps, its.steps, its.step),
    };
  };
  const mine = of(data), theirs = of(other);
  return [
    ["Accuracy on the test set", "accuracy", percent, false], ["Loss on the test set", "loss", (value) => number(value, 4), true],
    ["Weights kept", "kept", number, true], ["Kept values and masks", "bytes", bytes, true],
    ["Multiply-accumulates, kept weights", "macs", count, true], [federation ? "Traffic" : "Traffic between trainers", "sent", bytes, true],
    ["Seconds", "seconds", duration, true], [federation ? "Rounds" : "Steps", "steps", number, undefined],
  ].filter(([, key]) => key !== "steps" || sameClock)
    .map(([name, key, format, less]) => ({ name, mine: mine[key], theirs: theirs[key], format, less, points: key === "accuracy" }))
    .filter((one) => one.mine !== undefined && one.theirs !== undefined);
}

function difference({ mine, theirs, less, points }) {
  if (points) return `${mine >= theirs ? "+" : "−"}${number(Math.abs(100 * (mine - theirs)), 2)} points`;
  if (mine === theirs) return "same";
  if (!mine || !theirs) return "–";
  const ratio = mine / theirs;
  if (ratio > 0.9 && ratio < 1.1) return `${ratio >= 1 ? "+" : "−"}${number(Math.abs(100 * (ratio - 1)), 1)} %`;
  const many = (value) => number(value, value < 10 ? 1 : 0) + "×";
  return ratio < 1 ? many(1 / ratio) + " less" : many(ratio) + " as much";
}

function judged({ mine, theirs, less }) {
  return less === undefined || mine === theirs ? "" : (mine < theirs) === less ? "better" : "worse";
}

function comparison() {
  document.getElementById("comparison").hidden = !other;
  if (!other) return;
  put("compared-name", other.run.name);
  const digest = (one) => one.provenance && one.provenance.dataDigest;
  put("compared-note", [other.run.id, other.run.rounds === undefined && other.run.trainers && `${other.run.trainers} trainer${other.run.trainers === 1 ? "" : "s"}`,
    other.run.state !== "finished" && `${other.run.state}`,
    digest(data) && digest(other) && digest(data) !== digest(other) && "trained on other data: accuracies say little about each other",
  ].filter(Boolean).join(" · "));
  const rows = figures().map((one) => row([one.name, one.format(one.mine), one.format(one.theirs),
    element("span", judged(one), difference(one))]));
  document.getElementById("compared").replaceChildren(
    element("thead", "", row(["", "this run", "compared", "difference"], "th")), element("tbody", "", ...rows));
}
