package io.espalier.configs.plugin;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import java.util.Optional;

/** A schedule as far as recipes are concerned. */
public interface SchedulePlugin extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.SCHEDULE;
  }

  /** Span between updates after the final sparsity is reached; empty if there are none. */
  default Optional<Span> continues(MemberSettings settings) {
    return Optional.empty();
  }
}
