package io.espalier.federation.round;

import io.espalier.federation.transfer.RefusalReason;
import io.espalier.masks.federated.NormClip;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.MalformedPayloadException;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How large a result may be, and what telemetry calls one that is no result. */
public final class ResultBounds {
  /** Squares of this, and sums of many of them, are finite. */
  private static final float LARGEST = 1e12f;

  /** What 8 or 16 bits a value may lead below 0. */
  private static final float ROUNDING = 0.01f;

  private final List<StateLayout.Entry> entries;
  private final Optional<Double> largest;

  public ResultBounds(PreparedFederation federation) {
    this.entries = federation.values().stateLayout().entries();
    this.largest = federation.rounds().largestNorm();
  }

  /** Euclidean norm of what was trained; 0 where nothing was. */
  public double norm(ClientResult result) {
    if (!(result instanceof ClientResult.Trained trained)) {
      return 0;
    }
    List<float[]> changes = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).role().isTrained()) {
        changes.add(trained.changes().get(i));
      }
    }
    return NormClip.norm(changes);
  }

  /**
   * The rule that a result breaks whose network could not be gone on with; empty if it keeps it.
   *
   * @param start the state that it changes
   */
  public Optional<String> overflow(ClientResult result, TrainingState start) {
    if (!(result instanceof ClientResult.Trained trained)) {
      return Optional.empty();
    }
    for (int i = 0; i < entries.size(); i++) {
      float[] before = start.values(i, 0);
      float[] changes = trained.changes().get(i);
      boolean variance = entries.get(i).role() == Role.RUNNING_VARIANCE;
      for (int unit = 0; unit < before.length; unit++) {
        float value = before[unit] + changes[unit];
        boolean negative = variance && value < -ROUNDING * (1 + Math.abs(before[unit]));
        if (!(Math.abs(value) <= LARGEST) || negative) {
          return Optional.of(
              "values must be up to 1e12, and variances not below 0: parameter=%s, value=%s"
                  .formatted(entries.get(i).id(), value));
        }
      }
    }
    return Optional.empty();
  }

  /** The rule that a result breaks by its norm, with both values; empty if it keeps it. */
  public Optional<String> excess(ClientResult result) {
    double norm = norm(result);
    return largest
        .filter(bound -> norm > bound)
        .map(
            bound ->
                "a change must not exceed federation.largest-norm: norm=%s, largest-norm=%s"
                    .formatted(norm, bound));
  }

  /** The word for bytes that are no result. */
  public static RefusalReason reason(MalformedPayloadException failure) {
    return switch (failure.reason()) {
      case MALFORMED -> RefusalReason.MALFORMED;
      case WRONG_COUNT -> RefusalReason.WRONG_COUNT;
      case NOT_FINITE -> RefusalReason.NOT_FINITE;
    };
  }
}
