/** Names of runs by the settings in which they differ, such as "95 % · soft · seed 43". */
import { labelOf } from "espalier/base/names.js";

const BETWEEN = " · ";
const MOST_PARTS = 4;
const FEW_OTHERS = 2;
const SEED = "seed", SPARSITY = "prune.sparsity", ID = "id", NAME = "name";
const ALWAYS = new Set([NAME, SPARSITY, SEED, ID]);
/** The order of settings in names: what defines a pruned network first, the seed last but for what only concerns files. */
const ORDER = ["prune.sparsity", "prune.mask", "prune.score", "prune.granularity", "prune.schedule", "prune.allocation", "prune.selection", "prune.regrowth", "prune.refit",
  "prune", "model", "data", "federation", "train.objective", "train.epochs", "train.learning-rate", "train.optimizer", "train.trainers", "train", "", SEED,
  "train.checkpoint-every", "train.keep-checkpoints", "train.max-restarts", "train.progress-timeout", "train.when-disk-full"];
const isBelow = (key, block) => key === block || block === "" || key.startsWith(block + ".");
const rankOf = (key) => ORDER.reduce((best, block, i) => isBelow(key, block) && (best < 0 || block.length > ORDER[best].length) ? i : best, -1);
const byRank = (a, b) => rankOf(a) - rankOf(b) || a.split(".").length - b.split(".").length || (a < b ? -1 : 1);

const canonicals = new WeakMap();

/** Settings in which a choice has one key, whether a recipe writes it as a word or as a block with a kind. */
export function choices(settings) {
  if (!settings) return {};
  if (!canonicals.has(settings)) {
    canonicals.set(settings, Object.fromEntries(Object.entries(settings).map(([key, value]) => [key.replace(/\.kind$/, ""), value])));
  }
  return canonicals.get(settings);
}

const NONE = new Set(["none", "off", "false", "[]"]);
const isShare = (key) => /(^|[.-])(sparsity|density)$/.test(key);
const isNumeric = (value) => /^[-+.\d[{"]/.test(value);

/** The words of a key: its last one, after the block that it is in unless that is a family of settings. */
function wordsOf(key) {
  const words = key.split("."), inner = words.length > 2 ? words.slice(-2) : words.slice(-1);
  return inner.join(" ").replace(/ initial$/, "").replaceAll("-", " ");
}

/** A share as a percentage without trailing zeros, such as "97.5 %". */
export const shareText = (value) => `${Number((100 * value).toPrecision(6))}\u00a0%`;

function partText(key, value, shared) {
  const words = wordsOf(key);
  if (value === undefined) return "";
  if (isShare(key) && Number.isFinite(Number(value))) return key === SPARSITY ? shareText(value) : `${words} ${shareText(value)}`;
  if (NONE.has(value)) return `no ${words}`;
  if (value === "true") return words;
  return isNumeric(value) || shared.has(value) ? `${words} ${value}` : value;
}

/** Words that several of these keys have as values: these need the key beside them. */
function sharedValues(all, keys) {
  const owners = new Map(), shared = new Set();
  for (const settings of all) {
    for (const key of keys) {
      const value = settings[key];
      if (value === undefined || isNumeric(value)) continue;
      if (owners.has(value) && owners.get(value) !== key) shared.add(value);
      owners.set(value, key);
    }
  }
  return shared;
}

const repeated = (texts) => new Set(texts.filter((text, i) => texts.indexOf(text) !== i));
const varied = (all, key) => new Set(all.map((settings) => settings[key])).size > 1;

/** Keys in which settings differ, and those of them that all have, by their rank. */
function differences(all) {
  const keys = [...new Set(all.flatMap(Object.keys))].filter((key) => varied(all, key)).sort(byRank);
  return { keys, common: keys.filter((key) => all.every((settings) => settings[key] !== undefined)) };
}

/** The keys that name runs of one recipe: the first that all have, the seed among them, and as many more as tell the runs apart. */
function telling(all) {
  const { keys, common } = differences(all), rest = common.filter((key) => key !== SEED);
  const chosen = new Set(common.includes(SEED) ? [...rest.slice(0, MOST_PARTS - 1), SEED] : rest.slice(0, MOST_PARTS));
  const texts = () => all.map((settings) => JSON.stringify([...chosen].map((key) => settings[key])));
  for (const key of keys) {
    const now = texts(), twice = repeated(now);
    if (twice.size === 0) break;
    if (!chosen.has(key) && [...twice].some((text) => varied(all.filter((_, i) => now[i] === text), key))) chosen.add(key);
  }
  return keys.filter((key) => chosen.has(key));
}

/** Key → value of more than half of these runs, where their names would be long; sparsity and seed are in names always. */
function usualValues(all, keys) {
  const usual = new Map();
  if (keys.length < MOST_PARTS) return usual;
  for (const key of keys) {
    const values = all.map((settings) => settings[key]);
    if (key === SPARSITY || key === SEED || values.includes(undefined)) continue;
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const [value, count] of counts) if (2 * count > values.length) usual.set(key, value);
  }
  return usual;
}

/**
 * Parts of the name of each run, {@code [[{key, text, usual}]]}: the recipe's name where these differ, then the settings
 * in which runs of one recipe differ, and the sparsity where any differ in it. A usual part is not in the name. Runs with
 * equal settings have their id as the last part, in words where it has some.
 *
 * @param runs {@code [{id, name, settings}]}; all but the id may be missing
 */
export function partsOf(runs) {
  const names = runs.map(({ id, name }) => name || labelOf(id)), all = runs.map(({ settings }) => choices(settings));
  const groups = new Map();
  names.forEach((name, i) => { if (runs[i].settings) groups.set(name, [...groups.get(name) ?? [], all[i]]); });
  const keys = new Map([...groups].map(([name, group]) => [name, telling(group)]));
  const usual = new Map([...groups].map(([name, group]) => [name, usualValues(group, keys.get(name))]));
  const isNamed = new Set(names).size > 1, isSparser = varied(all.filter((_, i) => runs[i].settings), SPARSITY);
  const usedBy = (name) => isSparser ? [...new Set([SPARSITY, ...keys.get(name) ?? []])] : keys.get(name) ?? [];
  const shared = sharedValues(all, [...new Set(names.flatMap(usedBy))]);
  let made = all.map((settings, i) => {
    const parts = usedBy(names[i]).map((key) => ({ key, text: partText(key, settings[key], shared), usual: settings[key] !== undefined && usual.get(names[i])?.get(key) === settings[key] }))
      .filter(({ text }) => text);
    return isNamed || parts.every((part) => part.usual) ? [{ key: NAME, text: names[i] }, ...parts] : parts;
  });
  for (const idText of [labelOf, String]) {
    const twice = repeated(made.map((parts) => textOf(parts)));
    made = made.map((parts, i) => twice.has(textOf(parts)) ? [...parts.filter(({ key }) => key !== ID), { key: ID, text: idText(runs[i].id) }] : parts);
  }
  return made;
}

const joined = (parts) => parts.map(({ text }) => text).join(BETWEEN);

/** A name of its parts, without those of some keys. */
export const textOf = (parts, ...without) => joined(parts.filter(({ key, usual }) => !usual && !without.includes(key)));

/** All parts, the usual ones too. */
export const wholeOf = joined;

/** A name of few parts: recipe, sparsity, seed and id, and the first others. */
export function briefOf(parts) {
  const some = parts.filter(({ usual }) => !usual), others = some.filter(({ key }) => !ALWAYS.has(key)), left = others.slice(FEW_OTHERS);
  return textOf([...some.filter((part) => !left.includes(part)), ...left.length > 0 ? [{ text: `${left.length} more` }] : []]);
}

/** Names of runs, each different from the others. */
export const labelsOf = (runs) => partsOf(runs).map((parts) => textOf(parts));

/** Facts of a document that name its run. */
export const runOf = ({ subject, parts: { run, settings } }) => ({ id: subject.replace(/^run:/, ""), name: run?.name, settings });

/** The name of the mean of runs that differ in the seed. */
export function meanText(parts, many) {
  const rest = textOf(parts, SEED, ID);
  return `mean of ${many} seeds${rest ? `: ${rest}` : ""}`;
}
