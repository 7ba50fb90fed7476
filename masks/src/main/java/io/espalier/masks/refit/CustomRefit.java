package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A user's refit, whose values must be finite; errors name it. */
final class CustomRefit implements Refit {
  private final PluginGuard code;
  private final Refit refit;
  private final List<StatisticRequest> requests;

  private CustomRefit(PluginGuard code, Refit refit) {
    this.code = code;
    this.refit = refit;
    this.requests =
        code.prepare("name the statistics it needs", () -> List.copyOf(refit.requests()));
  }

  static Refit of(RefitProvider provider, MemberSettings settings) {
    PluginGuard code = PluginGuard.of(provider);
    return new CustomRefit(code, code.prepare("be created", () -> provider.create(settings)));
  }

  @Override
  public List<StatisticRequest> requests() {
    return requests;
  }

  /** Unknown, so any. */
  @Override
  public Set<Part> changes() {
    return EnumSet.allOf(Part.class);
  }

  @Override
  public void check(List<ParameterShape> prunable) {
    code.prepare("check the weights", () -> done(() -> refit.check(prunable)));
  }

  @Override
  public void check(
      List<ParameterShape> prunable, Function<ParameterId, List<ParameterShape>> addends) {
    code.prepare("check the weights", () -> done(() -> refit.check(prunable, addends)));
  }

  @Override
  public void refit(EditableState values, MaskSet kept, Statistics statistics) {
    Handed handed = new Handed(values, new LinkedHashMap<>());
    code.run("refit", () -> done(() -> refit.refit(handed, kept, statistics)));
    handed.arrays().forEach(this::requireFinite);
  }

  private static boolean done(Runnable work) {
    work.run();
    return true;
  }

  private void requireFinite(ParameterId id, float[] values) {
    for (int unit = 0; unit < values.length; unit++) {
      if (!Float.isFinite(values[unit])) {
        throw code.broken(
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
