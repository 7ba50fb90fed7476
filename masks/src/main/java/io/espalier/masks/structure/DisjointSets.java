package io.espalier.masks.structure;

import java.util.Arrays;

/**
 * Sets of numbers 0, 1, 2 … that can be united, by union by size and path halving (Tarjan and van
 * Leeuwen, "Worst-Case Analysis of Set Union Algorithms", 1984): near-linear in the number of
 * calls. Not thread-safe.
 */
final class DisjointSets {
  private int[] parents = new int[64];
  private int[] sizes = new int[64];
  private int count;
  private long followed;

  int add() {
    if (count == parents.length) {
      parents = Arrays.copyOf(parents, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
    }
    parents[count] = count;
    sizes[count] = 1;
    return count++;
  }

  /** The representative of {@code member}'s set, valid until that set is united again. */
  int find(int member) {
    int at = member;
    followed++;
    while (parents[at] != at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
      followed++;
    }
    return at;
  }

  void unite(int one, int other) {
    int large = find(one);
    int small = find(other);
    if (large == small) {
      return;
    }
    if (sizes[large] < sizes[small]) {
      int swapped = large;
      large = small;
      small = swapped;
    }
    parents[small] = large;
    sizes[large] += sizes[small];
  }

  int count() {
    return count;
  }

  /** Links that all searches have followed, at least one each. */
  long followed() {
    return followed;
  }
}
