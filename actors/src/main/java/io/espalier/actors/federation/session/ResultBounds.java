package io.espalier.actors.federation.session;

import io.espalier.actors.federation.transfer.Reason;
import io.espalier.masks.aggregation.NormClip;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.payload.MalformedPayloadException;
import io.espalier.trainer.state.StateLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How large a result may be, and what telemetry calls one that is no result. */
public final class ResultBounds {
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
  public static Reason reason(MalformedPayloadException failure) {
    return switch (failure.reason()) {
      case MALFORMED -> Reason.MALFORMED;
      case WRONG_COUNT -> Reason.WRONG_COUNT;
      case NOT_FINITE -> Reason.NOT_FINITE;
    };
  }
}
