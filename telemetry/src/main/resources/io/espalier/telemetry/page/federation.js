// ---- Federation

/** Colours of the density tiers, from the smallest on. */
const TIER_COLORS = ["--rose", "--orange", "--green", "--purple", "--amber"];

const MEANINGS = {
  "unknown-client": "its certificate is not of this federation",
  "revoked-client": "its certificate was revoked",
  "expired-certificate": "its certificate had run out",
  "unsupported-protocol": "it speaks no version of the protocol that the server speaks",
  "wrong-layout": "made for another network",
  "stale-round": "for a round that is over",
  "stale-version": "made under masks that are not in force any more",
  "not-chosen": "from a client that was not invited to the round",
  "round-closed": "came after the round had closed",
  "duplicate": "sent once more, and counted once",
  "oversize": "larger than a result can be",
  "wrong-digest": "its bytes are not those that it announced",
  "malformed": "not in the form of a result",
  "wrong-count": "another number of values than its masks keep",
  "not-finite": "holds values that are no numbers",
  "norm-beyond-bound": "changes the model more than is allowed",
  "too-slow": "made no progress for too long",
  "too-many": "more requests than a client may make",
};

const newestOf = ([, values]) => values[values.length - 1];
const plural = (many, what) => `${number(many)} ${what}${many === 1 ? "" : "s"}`;
const capOf = (density) => Number((100 * density).toPrecision(3)) + "\u00a0%";
const tierName = ({ density }) => `held at ${capOf(density)} density`;

function tierLines(what) {
  return federation.tiers.map((tier, i) => line(tierName(tier), tier[what],
    TIER_COLORS[i % TIER_COLORS.length], { width: 1.5, dash: i < TIER_COLORS.length ? undefined : [5, 3] }));
}

const positive = ([rounds, values]) => [rounds.filter((round, i) => values[i] > 0), values.filter((value) => value > 0)];

function federationCharts() {
  chart("loss", "Loss", "mean per example", [
    ...beside("Loss"),
    line("clients, in training", charts.trainLoss, "--pale"),
    line("validation", charts.validationLoss, "--other"),
    ...tierLines("loss"),
    line("global model, test set", charts.testLoss, "--blue", { width: 2.5 })], short, fromZero);
  chart("accuracy", "Accuracy", "share correct on the test set", [
    ...beside("Accuracy"),
    line("validation", charts.validationAccuracy, "--other"),
    ...tierLines("accuracy"),
    line("global model", charts.testAccuracy, "--blue", { width: 2.5 })], share, whole);
  chart("round-bytes", "Traffic per round", "all clients of the round", [
    line("to clients", federation.bytesDown, "--blue"),
    line("from clients", federation.bytesUp, "--green")], bytes, fromZero);
  chart("round-share", "Traffic against dense models", "both directions, dense is 100 %", [
    line("sent", federation.shareOfDense, "--blue")], (value) => percent(value, 1), fromZero);
  const { reported, late, lost } = federation;
  const most = Math.max(1, ...reported[1].map((many, i) => many + late[1][i] + lost[1][i]), ...federation.wanted[1]);
  chart("cohorts", "Invited clients", "per round", [
    line("in the model", reported, "--blue", stacked()),
    line("too late", late, "--amber", stacked(reported)),
    line("lost", lost, "--other", stacked(reported, late)),
    line("wanted", federation.wanted, "--text", { width: 1.5, dash: [6, 4] }),
    dots("results refused", positive(federation.refused), "--rose", 7)], count, () => [0, most * 1.1], { incrs: WHOLE_STEPS });
  chart("round-seconds", "Time per round", "seconds", [
    line("round", federation.seconds, "--blue", { width: 1.5 }),
    line("of these, aggregation", federation.aggregateSeconds, "--orange", { width: 1.5 })], short, fromZero);
}

function tiersTable() {
  document.getElementById("tiers-part").hidden = federation.tiers.length === 0;
  document.getElementById("tiers").replaceChildren(
    element("thead", "", row(["density that a device holds", "clients", "test accuracy", "loss", "measured after"], "th")),
    element("tbody", "", ...federation.tiers.map(({ density, clients, accuracy: right, loss }) => row([
      capOf(density), number(clients), percent(newestOf(right)),
      newestOf(loss) === null ? "–" : number(newestOf(loss), 4), `round ${number(right[0][right[0].length - 1])}`]))));
}

function refusalsTable() {
  const rows = federation.refusals.map(({ reason, count: many, clients, last }) =>
    row([reason, MEANINGS[reason] ?? "", number(many), clients ? number(clients) : "–", last]));
  document.getElementById("refusals").replaceChildren(
    element("thead", "", row(["reason", "meaning", "times", "clients", "newest"], "th")),
    element("tbody", "", ...(rows.length ? rows : [row(["nothing", "", "", "", ""])])));
}

function clientsTable() {
  const { clients, clientCount } = federation;
  put("clients-note", clients.length < clientCount
    ? `The ${number(clients.length)} that reported most, of ${number(clientCount)}.`
    : `${plural(clientCount, "client")}, ${number(clients.filter((client) => client.connected).length)} of them connected when this was written.`);
  const rows = clients.map((client) => row([
    client.client, client.cap === undefined ? "–" : capOf(client.cap),
    client.examples === undefined ? "–" : number(client.examples), number(client.reported),
    client.late ? number(client.late) : "–", client.refused ? number(client.refused) : "–",
    client.seconds === undefined ? "–" : duration(client.seconds), bytes(client.bytes),
    client.loss === undefined ? "–" : number(client.loss, 4), client.round ?? "–",
  ], "td", client.reported ? "" : "fixed"));
  document.getElementById("clients").replaceChildren(
    element("thead", "", row(["client", "density cap", "examples", "rounds reported", "late", "refused",
      "mean time", "sent", "last loss", "in round"], "th")),
    element("tbody", "", ...rows));
}

function federationNotes() {
  const { asked, chosen, selection } = federation;
  put("rounds-note", "A round is one aggregation: clients train the global model on their own data, and their weights are averaged.");
  document.getElementById("rounds-note").hidden = false;
  put("federation-note", [
    asked && asked.algorithm,
    asked && `${number(Math.ceil(asked.cohort * asked.overCommit - 1e-9))} clients invited per round for ${plural(asked.cohort, "result")}, at least ${number(asked.quorum)}`,
    asked && `${plural(asked.localEpochs, "local epoch")}`,
    asked && `values as ${asked.encoding}`,
    chosen && `first masks chosen by the clients among ${plural(chosen.candidates, "candidate")}${selection.rounds > 0 ? `, for ${bytes(selection.bytes)}` : ""}`,
  ].filter(Boolean).join(" · "));
}

function federationParts() {
  document.getElementById("federation").hidden = !federation;
  document.getElementById("time").hidden = Boolean(federation);
  if (!federation) return;
  document.getElementById("cards").classList.add("many");
  federationNotes();
  tiersTable();
  refusalsTable();
  clientsTable();
}
