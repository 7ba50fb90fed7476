package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.kind.AuxiliaryParameter.Extent;
import io.espalier.masks.kind.AuxiliaryParameter.Training;
import java.util.Map;
import java.util.Optional;

/**
 * A kind with one trained value beside each weight, from which its gate follows, and by which the
 * score of the same name ranks. The gradient of the values is scaled.
 */
abstract class GateMask implements MaskKindProvider {
  static final String RATE = "rate";

  private final String name;

  GateMask(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public Map<PluginKind, String> needs() {
    return Map.of(PluginKind.SCORE, name);
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

  /** The values beside each weight. */
  final AuxiliaryParameter trained(MemberSettings settings, StartingValues start) {
    return new AuxiliaryParameter(name, Extent.UNIT, start, Optional.of(training(settings)), true);
  }
}
