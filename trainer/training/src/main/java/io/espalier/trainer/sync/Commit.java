package io.espalier.trainer.sync;

import io.espalier.masks.MaskVersion;
import io.espalier.trainer.execution.Execution;
import java.util.List;
import java.util.Optional;

/**
 * The head of a committed state for the trainers; its payload travels beside it. {@code version} is
 * the one after the sync; trainers compute by {@code execution} from here on, run evaluations in
 * order, then {@code next}.
 *
 * @param layer that is measured next, by its place among prunable weights, where a refit goes layer
 *     by layer: the values are then between those before and after the update, and no run resumes
 *     from them; empty if all layers are measured, or none
 */
public record Commit(
    long step,
    MaskVersion version,
    Layouts layouts,
    Masks masks,
    Values values,
    List<EvaluationRequest> evaluations,
    Execution execution,
    Next next,
    Optional<Integer> layer) {
  public Commit {
    evaluations = List.copyOf(evaluations);
  }

  /** Digests of the layouts of the payload's values and of the network after the sync. */
  public record Layouts(String values, String after) {}

  public enum Masks {
    FULL,
    DELTA,
    UNCHANGED
  }

  public enum Values {
    /** The payload holds all living values; those of an update that measured are refitted. */
    SENT,
    /**
     * The replicas hold them: since the commit before, at which they measured, or because the only
     * one of them has sent them.
     */
    HELD
  }

  public enum Next {
    /** Train to the next sync of the plan, then send the state. */
    TRAIN,
    /** Recalibrate the norms on fixed batches, then send the state. */
    RECALIBRATE,
    /** Measure what the mask update of this step needs, then send the statistics. */
    MEASURE,
    AWAIT,
    FINISH
  }

  /** Whether a trainer that holds nothing can apply it. */
  public boolean standsAlone() {
    return masks == Masks.FULL || (step == 0 && values == Values.SENT);
  }

  public boolean cuts() {
    return !layouts.values().equals(layouts.after());
  }

  /**
   * Whether a replica changes the values that it holds, or was sent, as the update changes them.
   */
  public boolean updatesHeldValues() {
    return masks == Masks.DELTA && (values == Values.HELD || carriesValuesBeforeUpdate());
  }

  /** Whether the values are those of units that lived before this sync's mask update or cut. */
  public boolean carriesValuesBeforeUpdate() {
    return cuts()
        || evaluations.stream()
            .anyMatch(request -> request.phase() == EvaluationRequest.Phase.BEFORE_UPDATE);
  }
}
