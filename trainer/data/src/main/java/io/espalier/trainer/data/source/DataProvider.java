package io.espalier.trainer.data.source;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;
import io.espalier.trainer.data.Dataset;
import java.io.IOException;

/** A custom source of examples, found through {@code ServiceLoader}. */
public interface DataProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.DATA;
  }

  /**
   * Reads or generates the examples, deterministically and in the same order: a run resumes only on
   * equal data. {@code settings} has a value for each declared key.
   */
  Dataset load(MemberSettings settings, long seed) throws IOException;
}
