/** The header of a run's page: name, state, progress and figures. */
import { element, explained, keyed, put, set, show } from "espalier/base/dom.js";
import { ago, bytes, count, day, duration, exact, known, number, percent, plural, short, sum, times } from "espalier/base/format.js";
import { comparedName } from "espalier/compare/compared.js";
import { attemptsOf, budgetText, costsOf, difference, figuresOf } from "espalier/compare/figures.js";
import { isOver, isSilent, isUnderWay } from "espalier/runs/run-rows.js";
import { meter, stateBadge } from "espalier/runs/runrow.js";

/** A run is silent after three heartbeats without an event, and after at least this many milliseconds. */
const SILENCE = 30000;

/** Whether events are expected from a run; a starting one has not sent any yet. */
const isHeard = ({ state }) => isUnderWay(state) && state !== "starting";
/** Whether events arrive from a run, so that its speed is current. */
const isMoving = (run) => isHeard(run) && !isSilent(run);

/** Whether the kept values take less space than the dense model, by at least 5 %. */
const isSmaller = ({ dense, sparse }) => dense > 0 && sparse > 0 && dense / sparse >= 1.05;

function verdict(document, run, context) {
  const { sizes = {}, summary = {} } = document.parts, { metric, test, validation, result = known(test, validation), kept, steps } = figuresOf(document);
  if (run.state === "failed" || run.state === "cancelled") {
    return `The run ${run.state === "failed" ? "failed" : "was cancelled"} at ${context.step} ${number(run.step ?? 0)}${run.reason ? `: ${run.reason}` : "."}`;
  }
  const prunable = known(summary.prunable, run.prunable), parts = [];
  if (result !== undefined) parts.push(`${metric.format(result)} ${metric.name} on the ${run.heldOut ? "held-out examples" : test === undefined ? "validation set" : "test set"}`);
  if (kept !== undefined && prunable) parts.push(`${percent(kept / prunable)} of the prunable units`);
  let text = parts.join(" with ");
  const { macs, macsDense, parameters, parametersDense } = costsOf(document);
  if (text && macs < macsDense) text += `; cut to ${percent(macs / macsDense, 1)} of the multiply-accumulates and ${percent(parameters / parametersDense, 1)} of the parameters`;
  else if (text && isSmaller(sizes)) text += `; kept values and packed masks take ${times(sizes.dense / sizes.sparse)} less space`;
  if (text && context.compared) {
    const theirs = figuresOf(context.compared)[metric.key];
    if (theirs !== undefined && result !== undefined) {
      text += `; ${difference(metric.key, result, theirs).replace(/^[+−]/, "")} ${result < theirs ? "below" : "above"} ${comparedName(document, context.compared)}`;
    }
  }
  if (text && run.state === "finished" && run.reason) text += `; ended early at ${context.step} ${number(run.step ?? 0)}${run.totalSteps ? ` of ${number(run.totalSteps)}` : ""}: ${run.reason}`;
  if (!text) return isOver(run.state) ? "The run has measured nothing." : "The run has not measured anything yet.";
  return `${!isOver(run.state) ? `${run.state === "paused" ? "Paused at" : "At"} ${context.step} ${number(steps ?? 0)}${run.totalSteps ? ` of ${number(run.totalSteps)}` : ""}: ` : ""}${text}.`;
}

function facts(document, run) {
  const { summary = {}, provenance } = document.parts;
  return [
    run.id, summary.model && `model ${summary.model}`, (summary.data ?? run.data ?? provenance?.dataName) && `data ${summary.data ?? run.data ?? provenance.dataName}`,
    run.begun && `begun ${day(run.begun)}`, run.ended && isOver(run.state) && `ended ${day(run.ended)}`,
    run.kind !== "federation" && run.trainers && plural(run.trainers, "trainer"),
    known(run.seed, provenance?.seed) !== undefined && `seed ${known(run.seed, provenance?.seed)}`,
    attemptsOf(document) > 1 && `${attemptsOf(document)} attempts`,
  ].filter(Boolean).join(" · ");
}

/** [label, value, note, explanation] of each known figure. */
function figures(document, run, context) {
  const { summary = {}, sizes = {}, parameters = [], federation } = document.parts;
  const { metric, result, loss, kept, sparsity, macs, sent, seconds, steps, test, testLoss } = figuresOf(document);
  const prunable = known(summary.prunable, run.prunable), dense = known(summary.macsDense, parameters.length ? sum(parameters, (one) => one.macs ?? 0) : undefined);
  const sentDense = known(summary.bytesSentDense, run.traffic?.[1]), over = isOver(run.state), fed = run.kind === "federation";
  const cards = [];
  const card = (...all) => cards.push(all);
  if (result !== undefined) {
    card(`${run.heldOut ? "Held-out" : test === undefined ? "Validation" : "Test"} ${metric.name}`, metric.format(result),
      test !== undefined && testLoss !== undefined ? metric.loss(testLoss) : loss === undefined ? "" : `training loss ${number(loss, 4)}`, metric.help);
  } else if (loss !== undefined) {
    card("Training loss", short(loss), over ? `${metric.name} was not measured` : `${metric.name} not measured yet`, "Mean over the examples of the newest step");
  }
  if (summary.bestStep !== undefined) {
    card("Best network", metric.format(summary[metric.best]), `on the validation split, at ${context.step} ${number(summary.bestStep)}`, `best.safetensors: the network of the best validation ${metric.name} at the final sparsity`);
  }
  if (sparsity !== undefined && prunable) {
    card("Sparsity", percent(sparsity), budgetText(run) || (!over && run.targetSparsity !== undefined ? `target now ${percent(run.targetSparsity)}` : `${number(kept)} of ${number(prunable)} units kept`),
      "Share of the prunable units that the masks leave out");
  }
  if (sizes.sparse && sizes.dense) {
    card(fed ? "Packed model" : "Kept values and masks", bytes(sizes.sparse), `${isSmaller(sizes) ? `${times(sizes.dense / sizes.sparse)} smaller than ` : ""}${bytes(sizes.dense)} dense`, "What the network takes when only kept values and packed masks are stored");
  } else if (sizes.model) {
    card("Model file", bytes(sizes.model), "weights with zeros");
  }
  const costs = costsOf(document);
  if (costs.macs < costs.macsDense) {
    card("MACs", count(costs.macs), `${percent(costs.macs / costs.macsDense, 1)} of ${count(costs.macsDense)} dense, per example`, "Multiply-accumulates that the network executes, now that channels are cut out");
    if (costs.parameters !== undefined) card("Parameters", count(costs.parameters), `${percent(costs.parameters / costs.parametersDense, 1)} of ${count(costs.parametersDense)} dense`, "Values of the network, running statistics included");
  } else if (dense && macs !== undefined) {
    card("Effective MACs", count(macs), `${percent(macs / dense, 1)} of ${count(dense)} dense, per example`, "Multiply-accumulates that kept weights take part in");
  }
  if (sent) {
    card(fed ? "Traffic with clients" : "Sync traffic", bytes(sent), sentDense ? `${percent(sent / sentDense, 1)} of dense, ${bytes(Math.max(0, sentDense - sent))} saved` : "both directions", "What was sent, in both directions, against what dense networks would take");
  }
  if (federation?.totals) {
    card("Clients", number(federation.clientCount ?? 0), `${number(federation.totals.reported ?? 0)} results of ${number(federation.totals.invited ?? 0)} invitations`);
  }
  if (seconds !== undefined && over) {
    const work = steps === undefined ? "" : `${number(steps)} ${context.step}s`;
    card("Time", duration(seconds), attemptsOf(document) > 1 ? ["of the last attempt", work && `${work} in all`].filter(Boolean).join("; ") : work);
  }
  if (isMoving(run) && run.rate > 0) card("Speed", `${short(Number(run.rate.toPrecision(3)))} ${context.step}s/s`, seconds === undefined ? "" : `running for ${duration(seconds)}`);
  return cards;
}

function makeCard([label]) {
  const parts = ["label", "value", "remark"].map((name) => element("div", name));
  put(parts[0], label);
  const made = element("div", "card", ...parts);
  made.parts = parts;
  return made;
}

function tellCard(made, [, value, note, help]) {
  put(made.parts[1], value);
  put(made.parts[2], note);
  if (help) explained(made.parts[0], help);
}

/** The heartbeat: age of the newest data, highlighted if it is too old. */
function pulse() {
  const dot = element("i"), words = element("span"), node = set(element("span", "pulse", dot, words), { hidden: "" });
  return {
    node,
    tick(run, now) {
      const heard = run !== undefined && isHeard(run), newest = Math.max(run?.updated ?? 0, run?.heartbeat ?? 0);
      show(node, heard && newest > 0);
      if (!heard || !newest) return;
      const age = Math.max(0, now - newest), old = age > Math.max(SILENCE, 3000 * (run.heartbeatSeconds ?? 10));
      const name = old ? "pulse old" : age > 8000 ? "pulse late" : "pulse fresh";
      if (node.className !== name) node.className = name;
      put(words, old ? `nothing heard for ${duration(Math.round(age / 1000))}` : `newest data ${ago(age)}`);
      set(node, { title: `Newest event at ${exact(newest)}${run.heartbeatSeconds ? `; a heartbeat comes each ${run.heartbeatSeconds} s` : ""}` });
    },
  };
}

/** update(document, known): known is the run merged with its status in the service; tick(now) updates ages. */
export function runHead(container, context) {
  const state = element("span", "state"), beat = pulse(), title = set(element("h1"), { dir: "auto" });
  const tags = element("ul", "tags"), said = set(element("p", "verdict"), { dir: "auto" }), when = element("p", "quiet facts-line");
  const progress = meter(), left = element("span", "quiet"), cards = element("div", "cards");
  const way = element("div", "way", progress.node, left);
  container.append(element("div", "line", state, beat.node, tags), title, said, when, way, cards);
  let run, toldTags = "";
  return {
    update(document, known = document.parts.run) {
      run = known;
      if (!run) return;
      stateBadge(state, run.state);
      put(title, run.name || run.id);
      const all = run.tags ?? [], written = JSON.stringify(all);
      if (written !== toldTags) {
        toldTags = written;
        tags.replaceChildren(...all.map((tag) => set(element("li", "tag", tag), { dir: "auto" })));
      }
      put(said, verdict(document, run, context));
      said.classList.toggle("failed", run.state === "failed");
      put(when, facts(document, run));
      show(way, !isOver(run.state) && run.step !== undefined);
      const steps = run.rounds ?? run.step ?? 0;
      progress.update(run.totalSteps ? Math.min(1, steps / run.totalSteps) : undefined,
        run.totalSteps ? `${percent(Math.min(1, steps / run.totalSteps), 1)} · ${context.step} ${number(steps)} of ${number(run.totalSteps)}` : `${context.step} ${number(steps)}${run.heldOut ? ", of a stream without an end" : ""}`);
      put(left, Number.isFinite(run.etaSeconds) && isMoving(run) ? `about ${duration(run.etaSeconds)} left` : "");
      keyed(cards, figures(document, run, context), ([label]) => label, makeCard, tellCard);
    },
    tick(now) { beat.tick(run, now); },
  };
}
