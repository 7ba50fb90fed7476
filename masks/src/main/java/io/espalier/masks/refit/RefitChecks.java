package io.espalier.masks.refit;

import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks that a user's refit leaves finite values. */
record RefitChecks(PluginGuard guard, Refit refit) implements Refit {
  static Refit around(PluginGuard guard, Refit refit) {
    return guard.around(Refit.class, refit, new RefitChecks(guard, refit));
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.copyOf(refit.requests());
  }

  /** Unknown, so any. */
  @Override
  public Set<Part> changes() {
    return EnumSet.allOf(Part.class);
  }

  @Override
  public boolean readsPrunedInputs() {
    return refit.readsPrunedInputs();
  }

  @Override
  public void refit(EditableState values, MaskSet kept, Statistics statistics) {
    Handed handed = new Handed(values, new LinkedHashMap<>());
    refit.refit(handed, kept, statistics);
    handed.arrays().forEach(this::requireFinite);
  }

  private void requireFinite(ParameterId id, float[] values) {
    for (int unit = 0; unit < values.length; unit++) {
      if (!Float.isFinite(values[unit])) {
        throw guard.broken(
            "leave finite values: parameter=%s, unit=%d, value=%s"
                .formatted(id, unit, values[unit]));
      }
    }
  }

  /** Remembers the arrays that may have been written. */
  private record Handed(EditableState state, Map<ParameterId, float[]> arrays)
      implements EditableState {
    @Override
    public float[] values(ParameterId id) {
      float[] values = state.values(id);
      arrays.put(id, values);
      return values;
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
}
