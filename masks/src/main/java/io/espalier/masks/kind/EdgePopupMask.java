package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.kind.AuxiliaryParameter.Extent;
import io.espalier.masks.kind.AuxiliaryParameter.Training;
import io.espalier.masks.random.CounterRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights keep their initial values, and a score beside each is trained straight through the mask
 * of the best ones, which each step chooses anew ("What's Hidden in a Randomly Weighted Neural
 * Network?", Ramanujan, Wortsman, Kembhavi, Farhadi and Rastegari, 2020). How many stay in a layer
 * is the plan's.
 */
final class EdgePopupMask implements MaskKindProvider {
  static final String NAME = "edge-popup";
  private static final String RATE = "rate";
  private static final String RESCALE = "rescale";

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
    return PluginKeys.NONE.number(RATE, 0.1).flag(RESCALE, true);
  }

  @Override
  public void check(MemberSettings settings) {
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
    AuxiliaryParameter scores =
        new AuxiliaryParameter(
            NAME, Extent.UNIT, EdgePopupMask::drawn, Optional.of(training(settings)), true);
    boolean rescale = settings.flag(RESCALE);
    return new GatedKind(List.of(scores), true, weight -> new EdgePopupGates(weight, rescale));
  }

  /** Uniform numbers below 1, which the name of the layer decides. */
  private static void drawn(ParameterShape shape, float[] weights, float[] values) {
    CounterRandom random = CounterRandom.of(shape.id().name().hashCode());
    for (int unit = 0; unit < values.length; unit++) {
      values[unit] = random.uniformFloat(unit);
    }
  }
}
