package io.espalier.trainer.data.source;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;
import io.espalier.trainer.data.Dataset;
import java.io.IOException;

/** A source of examples that the user brings. */
public interface DataProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.DATA;
  }

  /**
   * Reads or makes the examples. Equal arguments must give equal examples, in the same order: a run
   * resumes only on the data that it began with.
   *
   * @param settings a value for each declared key
   * @param seed the run's
   * @return from {@link Dataset#ofImages} or {@link Dataset#ofTable}
   * @throws IOException if a file or another system does not give them
   */
  Dataset load(MemberSettings settings, long seed) throws IOException;
}
