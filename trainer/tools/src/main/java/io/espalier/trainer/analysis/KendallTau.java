package io.espalier.trainer.analysis;

/**
 * Kendall's rank correlation of two rankings, by the pairs of things that both order (Kendall, "A
 * New Measure of Rank Correlation", 1938; with ties, "The Treatment of Ties in Ranking Problems",
 * 1945).
 *
 * @param concordant pairs that both put in the same order
 * @param discordant pairs that they put in opposite orders
 * @param tiedFirst pairs that are equal in the first ranking alone
 * @param tiedSecond pairs that are equal in the second alone
 * @param tiedBoth pairs that are equal in both
 */
record KendallTau(
    long concordant, long discordant, long tiedFirst, long tiedSecond, long tiedBoth) {

  /** Compares two rankings of the same things, pair by pair; values must be finite. */
  static KendallTau of(double[] first, double[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "rankings must be of the same things: first=%d, second=%d"
              .formatted(first.length, second.length));
    }
    long[] pairs = new long[5];
    for (int i = 0; i < first.length; i++) {
      for (int j = 0; j < i; j++) {
        int x = order(first[i], first[j]);
        int y = order(second[i], second[j]);
        pairs[x == 0 ? (y == 0 ? 4 : 2) : y == 0 ? 3 : x == y ? 0 : 1]++;
      }
    }
    return new KendallTau(pairs[0], pairs[1], pairs[2], pairs[3], pairs[4]);
  }

  /** Both signs of 0 are equal. */
  private static int order(double left, double right) {
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** {@code (C − D) / pairs}, from −1 to 1; NaN without a pair. */
  double tauA() {
    return (double) (concordant - discordant)
        / (concordant + discordant + tiedFirst + tiedSecond + tiedBoth);
  }

  /**
   * {@code (C − D) / √((C + D + tiedFirst) · (C + D + tiedSecond))}, from −1 to 1; NaN where one
   * ranking orders nothing.
   */
  double tauB() {
    double ordered = concordant + discordant;
    return (concordant - discordant) / Math.sqrt((ordered + tiedFirst) * (ordered + tiedSecond));
  }
}
