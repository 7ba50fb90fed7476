package io.espalier.configs.plugin;

import io.espalier.configs.MemberSettings;

/** A {@link Plugin} whose settings leave one final sparsity only. */
public interface FixedSparsity extends Plugin {
  /** The share that is pruned in the end, above 0 and below 1. */
  double sparsity(MemberSettings settings);
}
