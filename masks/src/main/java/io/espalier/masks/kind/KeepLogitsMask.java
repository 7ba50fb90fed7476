package io.espalier.masks.kind;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.List;

/**
 * Weights keep their initial values, and logits of keeping each are trained through samples of the
 * mask ("Extracting Effective Subnetworks with Gumbel-Softmax", Dupont, Alaoui, Sahbi and Lebois,
 * 2022). Only weights that the plan keeps are sampled, so that their number is the plan's: a form
 * of ours.
 */
final class KeepLogitsMask extends GateMask {
  private static final String INITIAL_KEEP = "initial-keep";
  private static final String TEMPERATURE = "temperature";
  private static final String RESCALE = "rescale";

  KeepLogitsMask() {
    super("keep-logits");
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
    super.check(settings);
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    float start = (float) Logistic.logit(settings.number(INITIAL_KEEP));
    AuxiliaryParameter logits = trained(settings, StartingValues.of(start));
    double temperature = settings.number(TEMPERATURE);
    boolean rescale = settings.flag(RESCALE);
    return new GatedKind(
        List.of(logits), true, weight -> new KeepLogitsGates(weight, temperature, rescale));
  }
}
