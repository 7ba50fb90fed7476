package io.espalier.trainer.objective;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;

/** An objective that recipes name. */
public interface ObjectiveProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.OBJECTIVE;
  }

  /** Makes the objective of one replica, or one that only evaluates. */
  Objective create(MemberSettings settings, ObjectiveContext context);
}
