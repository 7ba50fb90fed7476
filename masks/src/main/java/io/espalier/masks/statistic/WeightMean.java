package io.espalier.masks.statistic;

/** A statistic of one value per weight, of which several trainers' results are averaged. */
interface WeightMean extends Statistic {
  @Override
  default Merge merge() {
    return Merge.MEAN;
  }

  @Override
  default boolean isPerWeight() {
    return true;
  }
}
