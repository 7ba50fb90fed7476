package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.annealing.MaskDraw;
import io.espalier.masks.annealing.Temperature;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Pruned weights take part in a step with a probability that falls from the initial temperature to
 * 0 {@code over} a span (stochastic subnetwork annealing, Whitaker and Whitley, 2024).
 */
final class AnnealedMask implements MaskKindProvider {
  private static final String INITIAL = "initial-temperature";
  private static final String SHAPE = "shape";
  private static final String OVER = "over";
  private static final List<String> SHAPES =
      Stream.of(Temperature.Shape.values()).map(AnnealedMask::name).toList();

  @Override
  public String name() {
    return "annealed";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE
        .number(INITIAL, 0.5)
        .name(SHAPE, name(Temperature.Shape.COSINE))
        .span(OVER, new Span.Percent(10));
  }

  @Override
  public void check(MemberSettings settings) {
    double initial = settings.number(INITIAL);
    String shape = settings.text(SHAPE);
    new Rules()
        .require(INITIAL, initial, initial >= 0 && initial <= 1, "from 0 to 1")
        .require(
            SHAPE, shape, SHAPES.contains(shape), "one of " + String.join(", ", SHAPES), SHAPES)
        .verify();
  }

  @Override
  public MaskTraits traits(MemberSettings settings) {
    return MaskTraits.fading(
        settings.number(INITIAL) > 0 ? Optional.of(settings.span(OVER)) : Optional.empty());
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    return new Annealed(
        Temperature.Shape.valueOf(settings.text(SHAPE).toUpperCase(Locale.ROOT)),
        settings.number(INITIAL));
  }

  private static String name(Temperature.Shape shape) {
    return shape.name().toLowerCase(Locale.ROOT);
  }

  private record Annealed(Temperature.Shape shape, double initial) implements MaskKind {
    @Override
    public PrunedUnits pruned(boolean mayChange) {
      return PrunedUnits.FADING;
    }

    @Override
    public Temperature temperature(long steps) {
      return new Temperature(shape, initial, steps);
    }

    @Override
    public WeightView view(MaskedWeight weight) {
      if (weight.isDense()) {
        return PlainView.DENSE;
      }
      return weight.fades()
          ? new Drawn(weight.fading().draw(weight.index(), weight.kept()), weight)
          : PlainView.HARD;
    }
  }

  /** One draw serves the forward and the backward pass. */
  private record Drawn(MaskDraw draw, MaskedWeight weight) implements WeightView {
    @Override
    public Factor forward() {
      return Factor.STEP;
    }

    @Override
    public Factor gradient() {
      return Factor.STEP;
    }

    @Override
    public void factors(StepFactors of) {
      draw.draw(of.step(), weight.seed(), weight.trainer(), of.bits());
    }
  }
}
