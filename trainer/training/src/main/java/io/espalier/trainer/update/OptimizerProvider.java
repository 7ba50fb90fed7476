package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.OptimizerPlugin;

/**
 * An optimizer that recipes name. Beside its own keys it has {@code weight-decay}, which its rule
 * says how to add.
 */
public interface OptimizerProvider extends OptimizerPlugin {
  /** Makes the update rule, which must be stateless: moments are kept for it. */
  UpdateRule create(MemberSettings settings);
}
