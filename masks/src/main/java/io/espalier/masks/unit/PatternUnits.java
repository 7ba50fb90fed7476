package io.espalier.masks.unit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.FixedSparsity;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Counts;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.PatternSelection;
import io.espalier.masks.selection.PatternSelection.Axis;
import io.espalier.masks.selection.Selection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Single weights of which N of every M consecutive ones of an output stay ("Accelerating sparse
 * deep neural networks", Mishra et al., 2021), or of those at one place of M consecutive outputs. A
 * row is {@code [inputs · kH · kW]}; what is left at the end of the axis stays dense.
 */
final class PatternUnits implements UnitsProvider, FixedSparsity {
  private static final int LONGEST = 1024;
  private static final String AXIS = "axis";
  private static final Map<String, Axis> AXES =
      Map.of("inputs", Axis.INPUTS, "outputs", Axis.OUTPUTS);

  @Override
  public String name() {
    return "n-of-m";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole("n", 2).whole("m", 4).name(AXIS, "inputs");
  }

  @Override
  public void check(MemberSettings settings) {
    int n = settings.whole("n");
    int m = settings.whole("m");
    String axis = settings.text(AXIS);
    new Rules()
        .require("m", m, m >= 2 && m <= LONGEST, "from 2 to " + LONGEST)
        .require("n", n, n >= 1 && n < m, "from 1 to m - 1")
        .require(AXIS, axis, AXES.containsKey(axis), "inputs or outputs")
        .verify();
  }

  @Override
  public double sparsity(MemberSettings settings) {
    return 1 - (double) settings.whole("n") / settings.whole("m");
  }

  @Override
  public boolean holdOutputs(MemberSettings settings) {
    return false;
  }

  @Override
  public Units create(MemberSettings settings, List<ParameterShape> prunable) {
    return Patterns.of(
        new PatternSelection(
            settings.whole("n"),
            settings.whole("m"),
            AXES.getOrDefault(settings.text(AXIS), Axis.INPUTS)),
        prunable);
  }

  /** {@code bound} are the weights of each parameter that stay in any case. */
  private record Patterns(PatternSelection pattern, Units single, List<Integer> bound)
      implements Units {
    static Patterns of(PatternSelection pattern, List<ParameterShape> prunable) {
      return new Patterns(
          pattern,
          new SingleWeights().create(MemberSettings.of("weight"), prunable),
          prunable.stream().map(pattern::bound).toList());
    }

    @Override
    public List<Integer> counts() {
      return single.counts();
    }

    @Override
    public Optional<Selection> selection() {
      return Optional.of(pattern);
    }

    /** The sparsity counts the weights of whole groups. */
    @Override
    public long kept(double sparsity) {
      long free = total() - bound.stream().mapToLong(Integer::longValue).sum();
      return total() - Counts.within(Math.min(1, sparsity / share()), free);
    }

    private double share() {
      return 1 - (double) pattern.n() / pattern.m();
    }

    @Override
    public List<Integer> floors(double minKeep) {
      return bound;
    }
  }
}
