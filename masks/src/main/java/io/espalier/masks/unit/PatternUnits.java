package io.espalier.masks.unit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.configs.custom.FixedSparsity;
import io.espalier.masks.Counts;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.PatternSelection;
import io.espalier.masks.selection.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Single weights of which N of every M consecutive ones of an output stay ("Accelerating sparse
 * deep neural networks", Mishra et al., 2021). A row is {@code [inputs · kH · kW]}; what is left at
 * its end stays dense.
 */
final class PatternUnits implements UnitsProvider, FixedSparsity {
  private static final int LONGEST = 1024;

  @Override
  public String name() {
    return "n-of-m";
  }

  @Override
  public CustomKeys keys() {
    return CustomKeys.NONE.whole("n", 2).whole("m", 4);
  }

  @Override
  public void check(MemberSettings settings) {
    int n = settings.whole("n");
    int m = settings.whole("m");
    new Rules()
        .require("m", m, m >= 2 && m <= LONGEST, "from 2 to " + LONGEST)
        .require("n", n, n >= 1 && n < m, "from 1 to m - 1")
        .verify();
  }

  @Override
  public double sparsity(MemberSettings settings) {
    return 1 - (double) settings.whole("n") / settings.whole("m");
  }

  @Override
  public Units create(MemberSettings settings, List<ParameterShape> prunable) {
    return Patterns.of(settings.whole("n"), settings.whole("m"), prunable);
  }

  /** {@code bound} are the weights of each parameter that stay in any case. */
  private record Patterns(int n, int m, Units single, List<Integer> bound) implements Units {
    static Patterns of(int n, int m, List<ParameterShape> prunable) {
      List<Integer> bound = new ArrayList<>();
      for (ParameterShape shape : prunable) {
        int row = shape.size() / shape.dimensions().get(0);
        bound.add(shape.dimensions().get(0) * (row / m * n + row % m));
      }
      return new Patterns(
          n,
          m,
          new SingleWeights().create(MemberSettings.of("weight"), prunable),
          List.copyOf(bound));
    }

    @Override
    public List<Integer> counts() {
      return single.counts();
    }

    @Override
    public Optional<Selection> selection() {
      return Optional.of(new PatternSelection(n, m));
    }

    /** The sparsity counts the weights of whole groups. */
    @Override
    public long kept(double sparsity) {
      long free = total() - bound.stream().mapToLong(Integer::longValue).sum();
      return total() - Counts.within(Math.min(1, sparsity / (1 - (double) n / m)), free);
    }

    @Override
    public List<Integer> floors(double minKeep) {
      return bound;
    }
  }
}
