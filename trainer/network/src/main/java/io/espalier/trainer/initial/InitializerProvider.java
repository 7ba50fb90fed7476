package io.espalier.trainer.initial;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;

/** An initializer that recipes name. */
public interface InitializerProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.INITIALIZER;
  }

  /** Makes the initializer of a run; it must draw from the given streams only. */
  Initializer create(MemberSettings settings);
}
