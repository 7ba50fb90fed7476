// Line diff (Hunt and McIlroy, An Algorithm for Differential File Comparison, 1976): longest common subsequence by
// dynamic programming, after removal of the common prefix and suffix.

const MOST_CELLS = 4_000_000;

const linesOf = (text) => text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");

function changes(left, right) {
  const rows = left.length, columns = right.length, wide = columns + 1;
  if (rows * columns > MOST_CELLS) {
    return [...left.map((text) => ({ kind: "removed", text })), ...right.map((text) => ({ kind: "added", text }))];
  }
  const longest = new Uint32Array((rows + 1) * wide);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      longest[i * wide + j] = left[i] === right[j] ? longest[(i + 1) * wide + j + 1] + 1
        : Math.max(longest[(i + 1) * wide + j], longest[i * wide + j + 1]);
    }
  }
  const told = [];
  let i = 0, j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && left[i] === right[j]) {
      told.push({ kind: "same", text: left[i++] });
      j++;
    } else if (i < rows && (j === columns || longest[(i + 1) * wide + j] >= longest[i * wide + j + 1])) {
      told.push({ kind: "removed", text: left[i++] });
    } else {
      told.push({ kind: "added", text: right[j++] });
    }
  }
  return told;
}

/** All lines of both texts in order: [{kind: "same" | "removed" | "added", text}]. */
export function lineDiff(before, after) {
  const left = linesOf(before), right = linesOf(after);
  let head = 0, tail = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head++;
  while (tail < left.length - head && tail < right.length - head
      && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail++;
  const same = (text) => ({ kind: "same", text });
  return [...left.slice(0, head).map(same),
    ...changes(left.slice(head, left.length - tail), right.slice(head, right.length - tail)),
    ...left.slice(left.length - tail).map(same)];
}

/** Changed lines with up to `around` equal lines of context; {kind: "gap", lines} replaces the others. */
export function changedLines(before, after, around = 2) {
  const all = lineDiff(before, after);
  const near = new Uint8Array(all.length);
  all.forEach(({ kind }, i) => {
    if (kind !== "same") near.fill(1, Math.max(0, i - around), i + around + 1);
  });
  const shown = [];
  for (let i = 0; i < all.length; i++) {
    if (near[i]) {
      shown.push(all[i]);
    } else if (shown.length && shown[shown.length - 1].kind === "gap") {
      shown[shown.length - 1].lines++;
    } else {
      shown.push({ kind: "gap", lines: 1 });
    }
  }
  return all.some(({ kind }) => kind !== "same") ? shown : [];
}
