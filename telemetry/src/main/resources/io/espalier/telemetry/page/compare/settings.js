/** Settings of recipes: where runs differ, and which differ in nothing but the seed. */

const SEED = "seed";
const ORDER = ["prune", "train", "model", "data", "federation"];
const placeOf = (key) => {
  const at = ORDER.indexOf(key.split(".")[0]);
  return key === SEED ? ORDER.length + 1 : at < 0 ? ORDER.length : at;
};

/** The keys whose values differ among the given settings, pruning first and the seed last; unknown settings do not count. */
export function differing(all) {
  const known = all.filter((settings) => settings && Object.keys(settings).length > 0);
  if (known.length < 2) return [];
  const keys = new Set(known.flatMap(Object.keys));
  return [...keys].filter((key) => new Set(known.map((settings) => settings[key])).size > 1)
    .sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
}

/** A value as the recipe spells it; a key that the run does not have is a dash. */
export const settingText = (settings, key) => settings?.[key] ?? "–";

/** Keys by their last two words, such as "learning-rate.final", unless another of them ends so. */
export function shortKeys(keys) {
  return keys.map((key) => {
    const words = key.split(".");
    for (let many = 2; many < words.length; many++) {
      const end = words.slice(-many).join(".");
      if (keys.filter((other) => other === end || other.endsWith("." + end)).length === 1) return end;
    }
    return key;
  });
}

/** Indices of runs that differ in the seed only, in groups of two or more. */
export function seedGroups(documents) {
  const groups = new Map();
  documents.forEach(({ parts: { settings, provenance } }, i) => {
    if (!settings || settings[SEED] === undefined) return;
    const rest = JSON.stringify([provenance?.dataDigest, Object.entries(settings).filter(([key]) => key !== SEED)]);
    groups.set(rest, [...groups.get(rest) ?? [], i]);
  });
  return [...groups.values()].filter((group) => group.length > 1
    && new Set(group.map((i) => documents[i].parts.settings[SEED])).size === group.length);
}
