package io.espalier.trainer.data.source;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.trainer.data.Dataset;
import java.io.IOException;

/** A custom source of examples, found through {@code ServiceLoader}. */
public interface DataProvider extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.DATA;
  }

  /**
   * Reads or generates the examples, deterministically and in the same order: a run resumes only on
   * equal data. {@code settings} has a value for each declared key.
   */
  Dataset load(MemberSettings settings, long seed) throws IOException;
}
