package io.espalier.masks.kind;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.MaskPlugin;
import java.util.Set;
import java.util.stream.Collectors;

/** A mask kind that recipes name. */
public interface MaskKindProvider extends MaskPlugin {
  MaskKind create(MemberSettings settings);

  /** Whether it has a choice of its own. */
  @Override
  default boolean chooses(MemberSettings settings) {
    return create(settings).choice().isPresent();
  }

  /** The names of auxiliary parameters with one value per weight. */
  @Override
  default Set<String> values(MemberSettings settings) {
    return create(settings).state().stream()
        .filter(each -> each.extent() == AuxiliaryParameter.Extent.UNIT)
        .map(AuxiliaryParameter::name)
        .collect(Collectors.toUnmodifiableSet());
  }
}
