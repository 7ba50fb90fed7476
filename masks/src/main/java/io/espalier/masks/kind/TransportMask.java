package io.espalier.masks.kind;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.List;

/**
 * Differentiable top-k by optimal transport: the gates of a layer are {@code σ((2s − 1)/ε + b)} of
 * trained scores {@code s}, with the {@code b} by which they sum to the number of weights that the
 * plan keeps there, and {@code ε} falls until they are 0 or 1 ("Differentiable Transportation
 * Pruning", Li, van Gemert, Hoefler, Moons, Eleftheriou and Verhoef, 2023). Scores start as
 * magnitudes; the course of {@code ε} is a form of ours.
 */
final class TransportMask extends GateMask {
  private static final String INITIAL = "initial-temperature";
  private static final String FINAL = "final-temperature";

  TransportMask() {
    super("transport");
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(RATE, 0.01).number(INITIAL, 1).number(FINAL, 0.05);
  }

  @Override
  public void check(MemberSettings settings) {
    double from = settings.number(INITIAL);
    double to = settings.number(FINAL);
    new Rules()
        .require(INITIAL, from, from > 0 && from <= 100, "above 0 and at most 100")
        .require(FINAL, to, to >= 1e-3 && to <= from, "from 0.001 to " + INITIAL)
        .verify();
    super.check(settings);
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    double from = settings.number(INITIAL);
    double to = settings.number(FINAL);
    AuxiliaryParameter scores = trained(settings, StartingValues.ofMagnitudes());
    return new GatedKind(List.of(scores), false, weight -> new TransportGates(weight, from, to));
  }
}
