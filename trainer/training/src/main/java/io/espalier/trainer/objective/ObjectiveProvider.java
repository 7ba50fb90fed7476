package io.espalier.trainer.objective;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.ObjectivePlugin;

/** An objective that recipes name. */
public interface ObjectiveProvider extends ObjectivePlugin {
  /** Makes the objective of one replica, or one that only evaluates. */
  Objective create(MemberSettings settings, ObjectiveContext context);
}
