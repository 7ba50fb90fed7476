package io.espalier.trainer.sync;

/** A replica does not hold the committed state; the run must stop. */
final class ReplicaDivergedException extends RuntimeException {
  ReplicaDivergedException(int trainer, long step, String expected, String found) {
    super(
        "all replicas must hold the same bits after a sync: trainer="
            + trainer
            + " step="
            + step
            + " expected="
            + expected
            + " found="
            + found);
  }
}
