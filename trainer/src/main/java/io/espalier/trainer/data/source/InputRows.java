package io.espalier.trainer.data.source;

import io.espalier.trainer.data.Examples;
import java.io.Closeable;
import java.util.Optional;

/** The rows of a file, read batch by batch, so that a file of any length fits. */
public interface InputRows extends Closeable {
  /**
   * The next rows, not normalised, with their labels where those are known and 0 elsewhere; empty
   * at the end.
   *
   * @param most rows, 1 or more
   * @throws io.espalier.configs.InvalidConfigException if a row is not what the network takes
   */
  Optional<Examples> next(int most);
}
