package io.espalier.masks.kind;

record PlainView(Factor forward, Factor gradient) implements WeightView {
  /** Pruned weights are 0 and stay so. */
  static final WeightView DENSE = new PlainView(Factor.ONE, Factor.ONE);

  static final WeightView HARD = new PlainView(Factor.ONE, Factor.MASK);

  /** Pruned weights are hidden, and learn from the straight-through gradient. */
  static final WeightView HIDDEN = new PlainView(Factor.MASK, Factor.ONE);

  @Override
  public boolean isPlain() {
    return true;
  }
}
