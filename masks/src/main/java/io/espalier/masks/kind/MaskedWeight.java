package io.espalier.masks.kind;

import io.espalier.masks.Mask;
import io.espalier.masks.annealing.Annealing;

/**
 * One weight of one replica under its present mask.
 *
 * @param index among the prunable parameters
 * @param updatedAt completed steps at the last mask update; 0 before the first
 * @param mayChange whether a mask update is still to come
 * @param lastUpdateAt completed steps at the last mask update of the run
 * @param fading what of all weights takes part at random
 * @param trainer the replica, for draws that differ between replicas
 */
public record MaskedWeight(
    int index,
    Mask kept,
    long updatedAt,
    boolean mayChange,
    long lastUpdateAt,
    Annealing fading,
    long seed,
    int trainer) {

  public boolean isDense() {
    return kept.pruned() == 0;
  }

  /** The share of the way to the last mask update after {@code step} steps, from 0 to 1. */
  public double progress(long step) {
    return lastUpdateAt == 0 ? 1 : Math.min(1, (double) step / lastUpdateAt);
  }

  boolean fades() {
    return fading.reaches(index);
  }
}
