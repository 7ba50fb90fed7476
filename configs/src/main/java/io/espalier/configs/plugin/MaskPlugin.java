package io.espalier.configs.plugin;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import java.util.Set;

/** A mask kind as far as recipes are concerned. */
public interface MaskPlugin extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.MASK;
  }

  /**
   * Returns what the kind can be combined with under these settings, which {@link #check} accepts.
   */
  MaskTraits traits(MemberSettings settings);

  /** Names of the values that it has beside each weight, which a score may read. */
  Set<String> values(MemberSettings settings);

  /** Whether the kind itself decides which weights stay, so that the sparsity is an outcome. */
  boolean chooses(MemberSettings settings);
}
