package io.espalier.masks.kind;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.random.CounterRandom;
import java.util.List;

/**
 * Weights keep their initial values, and a score beside each is trained straight through the mask
 * of the best ones, which each step chooses anew ("What's Hidden in a Randomly Weighted Neural
 * Network?", Ramanujan, Wortsman, Kembhavi, Farhadi and Rastegari, 2020). How many stay in a layer
 * is the plan's.
 */
final class EdgePopupMask extends GateMask {
  private static final String RESCALE = "rescale";

  EdgePopupMask() {
    super("edge-popup");
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(RATE, 0.1).flag(RESCALE, true);
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    AuxiliaryParameter scores = trained(settings, EdgePopupMask::drawn);
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
