package io.espalier.trainer.sparse;

/**
 * Chooses by cost whether a layer computes with all weights, pruned ones being 0, or with kept ones
 * alone. Sums of finite values are the same bits either way, so that measured times may decide.
 */
final class FormCosts {
  /** Weights of a tile that take as long as one of a linear layer that is computed alone. */
  static final double OF_LINEAR = 2.4;

  /** As {@link #OF_LINEAR}, of a convolution, which reads an input several times. */
  static final double OF_CONVOLUTION = 1.7;

  /** By how much a measured time of kept weights may exceed what is expected of it. */
  private static final double DOUBTED = 1.5;

  private final double alone;
  private double costOfAll;
  private double nsOfAll;
  private double nsPerKept;
  private long startNs;
  private long spentNs;

  /**
   * @param alone weights of a tile that take as long as one that is computed alone, until that is
   *     measured
   */
  FormCosts(double alone) {
    this.alone = alone;
  }

  /** Returns the cost of a pass, in weights of a tile. */
  double of(SharedRows rows, int[] starts) {
    int count = starts[starts.length - 1];
    return count + (alone - 1) * (count - rows.tiled(starts));
  }

  /** A forward pass that trains begins. */
  void begin() {
    spentNs = 0;
    goOn();
  }

  /** The backward pass begins. */
  void goOn() {
    startNs = System.nanoTime();
  }

  /** A pass ends. */
  void pause() {
    spentNs += System.nanoTime() - startNs;
  }

  /**
   * Takes the time of both passes.
   *
   * @param weights that they computed with: all of them, or those that are kept
   */
  void end(boolean all, int weights, int examples) {
    pause();
    measured(all, weights, (double) spentNs / examples);
  }

  /** Takes the time of both passes for an example. */
  void measured(boolean all, int weights, double ns) {
    if (all) {
      nsOfAll = nsOfAll == 0 ? ns : Math.min(nsOfAll, ns);
    } else {
      double each = ns / Math.max(1, weights);
      nsPerKept = nsPerKept == 0 ? each : Math.min(nsPerKept, each);
    }
  }

  /** Whether the cost of all weights is not known yet. */
  boolean isNew() {
    return costOfAll == 0;
  }

  void ofAll(double cost) {
    costOfAll = cost;
  }

  /**
   * Whether all weights take less time than kept ones.
   *
   * @param ofKept cost of kept ones
   * @param least cost of all weights if each is in a tile
   */
  boolean prefersAll(double ofKept, int kept, double least) {
    double all = isNew() ? least : costOfAll;
    double perCost = nsOfAll > 0 ? nsOfAll / all : nsPerKept * kept / ofKept;
    double expected = perCost > 0 ? perCost * ofKept : ofKept;
    double keptTime = nsPerKept > 0 ? Math.min(nsPerKept * kept, DOUBTED * expected) : expected;
    return (perCost > 0 ? perCost * all : all) < keptTime;
  }
}
