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
 * Weights keep their initial values, and logits of keeping each are trained through samples of the
 * mask ("Extracting Effective Subnetworks with Gumbel-Softmax", Dupont, Alaoui, Sahbi and Lebois,
 * 2022). Only weights that the plan keeps are sampled, so that their number is the plan's: a form
 * of ours.
 */
final class KeepLogitsMask implements MaskKindProvider {
  static final String NAME = "keep-logits";
  private static final String RATE = "rate";
  private static final String INITIAL_KEEP = "initial-keep";
  private static final String TEMPERATURE = "temperature";
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
    return PluginKeys.NONE
        .number(RATE, 0.2)
        .number(INITIAL_KEEP, 0.9)
        .number(TEMPERATURE, 1)
        .flag(RESCALE, true);
  }

  @Override
  public void check(MemberSettings settings) {
    double keep = settings.number(INITIAL_KEEP);
    double temperature = settings.number(TEMPERATURE);
    new Rules()
        .require(INITIAL_KEEP, keep, keep >= 0.01 && keep <= 0.99, "from 0.01 to 0.99")
        .require(
            TEMPERATURE, temperature, temperature >= 0.01 && temperature <= 100, "from 0.01 to 100")
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
    AuxiliaryParameter logits =
        new AuxiliaryParameter(
            NAME,
            Extent.UNIT,
            (float) Logistic.logit(settings.number(INITIAL_KEEP)),
            Optional.of(training(settings)),
            true);
    double temperature = settings.number(TEMPERATURE);
    boolean rescale = settings.flag(RESCALE);
    return new GatedKind(
        List.of(logits), true, weight -> new KeepLogitsGates(weight, temperature, rescale));
  }
}
