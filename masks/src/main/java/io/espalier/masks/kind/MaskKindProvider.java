package io.espalier.masks.kind;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.MaskMember;

/** A mask kind that recipes name. */
public interface MaskKindProvider extends MaskMember {
  MaskKind create(MemberSettings settings);
}
