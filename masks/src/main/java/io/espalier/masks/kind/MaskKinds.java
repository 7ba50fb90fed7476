package io.espalier.masks.kind;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.List;

/** The built-in mask kinds, and those of users by their name. */
public final class MaskKinds implements BuiltInPlugins {
  @Override
  public List<MaskKindProvider> list() {
    return List.of(
        new HardMask(), //
        new SoftMask(),
        new AnnealedMask(),
        new MovementMask(),
        new SoftThreshold(),
        new AveragedTaylorMask(),
        new HardConcreteMask(),
        new TransportMask(),
        new KeepLogitsMask(),
        new EdgePopupMask());
  }

  public static MaskKind of(MaskConfig config) {
    return PluginRegistry.create(
        PluginKind.MASK,
        config.member(),
        MaskKindProvider.class,
        provider -> provider.create(config.member()),
        MaskKindChecks::around);
  }

  /** A kind as a recipe has it; {@code settings} hold all of its keys. */
  public static MaskConfig config(MemberSettings settings) {
    return new MaskConfig(settings, provider(settings).traits(settings));
  }

  private static MaskKindProvider provider(MemberSettings settings) {
    return PluginRegistry.require(PluginKind.MASK, settings, MaskKindProvider.class);
  }
}
