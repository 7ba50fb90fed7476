/** What the evaluations of a run are read by: accuracy, or bits per character where it learns the next token of a text. */
import { known, number, percent, share, short } from "espalier/base/format.js";
import { around, wholes } from "espalier/base/ranges.js";

/**
 * key (in facts of runs and summaries), best (there, of the best network), series (end of the names of series), less (whether less is better), format,
 * axis (format of a chart), mark (format of a mark among marks so far apart), range, bounds (of values, for charts),
 * per (what a mean loss is the mean of), loss (what is said beside it of a mean loss), training (the curve of the training).
 */
export const ACCURACY = {
  key: "accuracy", best: "bestValidationAccuracy", series: "Accuracy", title: "Accuracy", name: "accuracy", unit: "share correct", per: "example", less: false,
  format: percent, brief: percent, axis: share, mark: (value, span) => percent(value, span < 0.05 ? 1 : 0), range: wholes, bounds: [0, 1],
  help: "Share of examples that the network classifies rightly", loss: (loss) => `loss ${number(loss, 4)}`,
  training: (document) => document.points("trainAccuracy"),
};

const bits = (value) => number(value, 3);

export const BITS = {
  key: "bitsPerCharacter", best: "bestValidationBitsPerCharacter", series: "Bits", title: "Bits per character", name: "bits per character", unit: "mean over the text", per: "token", less: true,
  format: bits, brief: (value) => `${bits(value)} bits`, axis: short, mark: (value, span) => number(value, span < 0.05 ? 3 : 2), range: around, bounds: [0, Infinity],
  help: "Mean loss per character of the text, in bits: lower is better",
  loss: (loss) => `perplexity ${short(Math.exp(loss))}, loss ${number(loss, 4)}`,
  training: (document) => {
    const [steps, losses] = document.points("trainLoss"), factor = perLoss(document);
    return factor === undefined || !trainsOnLabels(document) ? [[], []] : [steps, losses.map((loss) => loss * factor)];
  },
};

export const METRICS = [ACCURACY, BITS];

/** Whether the loss of training is the one that evaluations have. */
function trainsOnLabels({ parts: { settings = {} } }) {
  const objective = settings["train.objective"] ?? settings["train.objective.kind"];
  return objective === undefined || objective === "cross-entropy";
}

/** Bits per character for a mean loss of 1, by the start of the run; of older ones by an evaluation. */
function perLoss(document) {
  return known(1 / (Math.LN2 * document.parts.run?.charactersPerToken), ...["test", "validation", "beforeUpdate"].map((set) => document.points(set + "Bits")[1].at(-1) / document.points(set + "Loss")[1].at(-1)));
}

/** The metric of a run by its facts, such as a row of the list of runs has. */
export const metricOfFacts = (...facts) => facts.some((one) => known(one?.[BITS.key], one?.charactersPerToken) !== undefined) ? BITS : ACCURACY;

export const metricOf = ({ parts: { run, summary } }) => metricOfFacts(run, summary);

/** Unit of the losses of evaluations of these runs. */
export const evaluatedUnit = (...documents) => "mean per " + [...new Set(documents.map((one) => metricOf(one).per))].join(" or ");

/** Unit of all their losses. */
export const lossUnit = (...documents) => evaluatedUnit(...documents)
  + (documents.every(trainsOnLabels) ? "" : "; of training, by its objective");
