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
   * Reads or generates the examples. Equal arguments must give equal examples in the same order: a
   * run resumes only on equal data.
   *
   * @param settings a value for each declared key
   * @param seed the run's
   * @return from {@link Dataset#ofImages} or {@link Dataset#ofTable}
   */
  Dataset load(MemberSettings settings, long seed) throws IOException;
}
