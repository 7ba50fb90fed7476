package io.espalier.trainer.sync;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.refit.EditableState;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A state with the values that a refit found, of parameters that it read. */
record TrackedState(EditableState state, Map<ParameterId, float[]> before)
    implements EditableState {
  static TrackedState of(EditableState state) {
    return new TrackedState(state, new HashMap<>());
  }

  @Override
  public float[] values(ParameterId id) {
    float[] values = state.values(id);
    before.computeIfAbsent(id, first -> values.clone());
    return values;
  }

  /**
   * Returns what the refit changed of layers that lose weights; values of pruned outputs do not
   * count.
   */
  RefitOutcome outcome(MaskUpdate update) {
    List<ParameterChange> losing = RefitOutcome.losing(update);
    long changed =
        losing.stream()
            .filter(change -> hasChanged(change.id(), update.next().mask(change.id())))
            .count();
    return new RefitOutcome(losing.size(), (int) changed);
  }

  private boolean hasChanged(ParameterId weight, Mask kept) {
    Stream<ParameterId> beside =
        Stream.concat(
            bias(weight).stream(),
            norm(weight).stream().flatMap(norm -> Stream.of(norm.mean(), norm.variance())));
    return differs(weight, kept) || beside.anyMatch(id -> differs(id, kept));
  }

  /** Whether a value that belongs to a kept weight is another. */
  private boolean differs(ParameterId id, Mask kept) {
    float[] old = before.get(id);
    if (old == null || old.length == 0) {
      return false;
    }
    float[] now = state.values(id);
    int perValue = kept.size() / old.length;
    for (int i = 0; i < old.length; i++) {
      if (now[i] != old[i]) {
        int first = kept.nextKept(i * perValue);
        if (first >= 0 && first < (i + 1) * perValue) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public Optional<ParameterId> bias(ParameterId weight) {
    return state.bias(weight);
  }

  @Override
  public Optional<Norm> norm(ParameterId weight) {
    return state.norm(weight);
  }

  @Override
  public List<ParameterId> addends(ParameterId weight) {
    return state.addends(weight);
  }

  @Override
  public double[] factors(ParameterId addend) {
    return state.factors(addend);
  }

  @Override
  public boolean isFrozen(ParameterId id) {
    return state.isFrozen(id);
  }
}
