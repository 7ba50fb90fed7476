package io.espalier.trainer.sync;

import io.espalier.masks.MaskVersion;
import java.util.List;

/**
 * The head of a committed state on its way to the trainers; its bytes travel beside it.
 *
 * @param step completed steps at this sync
 * @param version mask version after it
 * @param layouts of the payload's values and of the network after it
 * @param masks how the payload describes the masks
 * @param evaluations in the order in which trainers carry them out
 * @param next what a trainer does once it has applied the state
 */
public record Commit(
    long step,
    MaskVersion version,
    Layouts layouts,
    Masks masks,
    List<EvaluationRequest> evaluations,
    Next next) {
  public Commit {
    evaluations = List.copyOf(evaluations);
  }

  /**
   * Layouts by their digests.
   *
   * @param values in which the payload's values are
   * @param after of the network from this sync on
   */
  public record Layouts(String values, String after) {}

  /** How a payload describes masks. */
  public enum Masks {
    /** In full: for a trainer that holds nothing yet. */
    FULL,
    /** As the difference from the version before. */
    DELTA,
    /** Not at all: the version stays. */
    UNCHANGED
  }

  /** A trainer's next task. */
  public enum Next {
    /** Train to the next sync of the plan, then send the state. */
    TRAIN,
    /** Recalibrate the norms on fixed batches, then send the state. */
    RECALIBRATE,
    /** Nothing yet: the commit that this one prepares for follows. */
    AWAIT,
    /** Nothing: the run is over. */
    FINISH
  }

  /**
   * Whether a trainer that holds nothing can take it over: masks are in full, or follow those of
   * the dense network, which is what a trainer starts with.
   */
  public boolean standsAlone() {
    return masks == Masks.FULL || step == 0;
  }

  /** Whether channels leave the network at this sync. */
  public boolean cuts() {
    return !layouts.values().equals(layouts.after());
  }

  /** Whether the values are those of units that lived before this sync's mask update or cut. */
  public boolean carriesValuesBeforeUpdate() {
    return cuts()
        || evaluations.stream()
            .anyMatch(request -> request.phase() == EvaluationRequest.Phase.BEFORE_UPDATE);
  }
}
