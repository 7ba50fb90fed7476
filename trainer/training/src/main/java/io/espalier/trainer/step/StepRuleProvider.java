package io.espalier.trainer.step;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;
import io.espalier.masks.schedule.ScheduleClock;

/** A step rule that recipes name. */
public interface StepRuleProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.RULE;
  }

  /** Makes the rule of one replica; {@code clock} counts steps, in a federation rounds. */
  StepRule create(MemberSettings settings, ScheduleClock clock);
}
