package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.kind.AuxiliaryParameter.Extent;
import io.espalier.masks.kind.AuxiliaryParameter.Training;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Differentiable top-k by optimal transport: the gates of a layer are {@code σ((2s − 1)/ε + b)} of
 * trained scores {@code s}, with the {@code b} by which they sum to the number of weights that the
 * plan keeps there, and {@code ε} falls until they are 0 or 1 ("Differentiable Transportation
 * Pruning", Li, van Gemert, Hoefler, Moons, Eleftheriou and Verhoef, 2023). Scores start as
 * magnitudes; the course of {@code ε} is a form of ours.
 */
final class TransportMask implements MaskKindProvider {
  static final String NAME = "transport";
  private static final String RATE = "rate";
  private static final String INITIAL = "initial-temperature";
  private static final String FINAL = "final-temperature";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<PluginKind, String> needs() {
    return Map.of(PluginKind.SCORE, NAME);
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
    training(settings);
  }

  private static Training training(MemberSettings settings) {
    return new Training(settings.number(RATE), 0, true);
  }

  @Override
  public MaskTraits traits(MemberSettings settings) {
    return MaskTraits.RETURNING.withoutChannels();
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    double from = settings.number(INITIAL);
    double to = settings.number(FINAL);
    AuxiliaryParameter scores =
        new AuxiliaryParameter(
            NAME,
            Extent.UNIT,
            StartingValues.ofMagnitudes(),
            Optional.of(training(settings)),
            true);
    return new GatedKind(List.of(scores), false, weight -> new TransportGates(weight, from, to));
  }
}
