package io.espalier.masks.kind;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.BuiltInMembers;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMembers;
import java.util.List;

/** The built-in mask kinds, and those of users by their name. */
public final class MaskKinds implements BuiltInMembers {
  @Override
  public List<MaskKindProvider> list() {
    return List.of(
        new HardMask(), //
        new SoftMask(),
        new AnnealedMask(),
        new MovementMask(),
        new SoftThreshold(),
        new AveragedTaylorMask());
  }

  public static MaskKind of(MaskConfig config) {
    MaskKindProvider provider = provider(config.member());
    return CustomMembers.isBuiltIn(provider)
        ? provider.create(config.member())
        : CustomMaskKind.of(provider, config.member());
  }

  /** A kind as a recipe has it; {@code settings} hold all of its keys. */
  public static MaskConfig config(MemberSettings settings) {
    return new MaskConfig(settings, provider(settings).traits(settings));
  }

  private static MaskKindProvider provider(MemberSettings settings) {
    return CustomMembers.require(CustomFamily.MASK, settings, MaskKindProvider.class);
  }
}
