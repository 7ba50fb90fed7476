package io.espalier.configs.custom;

import io.espalier.configs.MemberSettings;

/** A {@link CustomMember} whose settings leave one final sparsity only. */
public interface FixedSparsity extends CustomMember {
  /** The share that is pruned in the end, above 0 and below 1. */
  double sparsity(MemberSettings settings);
}
