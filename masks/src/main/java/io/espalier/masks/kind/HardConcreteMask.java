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
 * L0 regularisation: gates of the hard concrete distribution are drawn in each step, and a price on
 * open ones is trained with them ("Learning Sparse Neural Networks through L0 Regularization",
 * Louizos, Welling and Kingma, 2018). The price of each layer rises while more of its gates are
 * expected to be open than the plan keeps there, and falls to 0 otherwise: a form of ours, after
 * which the plan's number of most open gates stays.
 */
final class HardConcreteMask implements MaskKindProvider {
  static final String NAME = "hard-concrete";
  private static final String RATE = "rate";
  private static final String INITIAL_DROP = "initial-drop";
  private static final String MULTIPLIER_RATE = "multiplier-rate";

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
    double drop = settings.number(INITIAL_DROP);
    AuxiliaryParameter gates =
        new AuxiliaryParameter(
            NAME,
            Extent.UNIT,
            (float) Logistic.logit(1 - drop),
            Optional.of(training(settings)),
            true);
    AuxiliaryParameter price =
        new AuxiliaryParameter(NAME + "-price", Extent.LAYER, 0, Optional.empty(), true);
    double rate = settings.number(MULTIPLIER_RATE);
    return new GatedKind(
        List.of(gates, price), false, weight -> new HardConcreteGates(weight, rate));
  }
}
