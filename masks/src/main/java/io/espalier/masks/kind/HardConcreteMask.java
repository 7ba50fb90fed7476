package io.espalier.masks.kind;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.kind.AuxiliaryParameter.Extent;
import java.util.List;
import java.util.Optional;

/**
 * L0 regularisation: gates of the hard concrete distribution are drawn in each step, and a price on
 * open ones is trained with them ("Learning Sparse Neural Networks through L0 Regularization",
 * Louizos, Welling and Kingma, 2018). The price of each layer rises while more of its gates are
 * expected to be open than the plan keeps there, and falls to 0 otherwise: a form of ours, after
 * which the plan's number of most open gates stays.
 */
final class HardConcreteMask extends GateMask {
  private static final String INITIAL_DROP = "initial-drop";
  private static final String MULTIPLIER_RATE = "multiplier-rate";

  HardConcreteMask() {
    super("hard-concrete");
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(RATE, 0.1).number(INITIAL_DROP, 0.2).number(MULTIPLIER_RATE, 0.1);
  }

  @Override
  public void check(MemberSettings settings) {
    double drop = settings.number(INITIAL_DROP);
    double rate = settings.number(MULTIPLIER_RATE);
    new Rules()
        .require(INITIAL_DROP, drop, drop >= 0.01 && drop <= 0.99, "from 0.01 to 0.99")
        .require(MULTIPLIER_RATE, rate, rate >= 0 && Double.isFinite(rate), "0 or more")
        .verify();
    super.check(settings);
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    float start = (float) Logistic.logit(1 - settings.number(INITIAL_DROP));
    AuxiliaryParameter gates = trained(settings, StartingValues.of(start));
    AuxiliaryParameter price =
        new AuxiliaryParameter(name() + "-price", Extent.LAYER, 0, Optional.empty(), true);
    double rate = settings.number(MULTIPLIER_RATE);
    return new GatedKind(
        List.of(gates, price), false, weight -> new HardConcreteGates(weight, rate));
  }
}
