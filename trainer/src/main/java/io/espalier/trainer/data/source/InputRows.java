package io.espalier.trainer.data.source;

import io.espalier.trainer.data.Examples;
import java.io.Closeable;
import java.util.Optional;

/** The rows of a file, read batch by batch. */
public interface InputRows extends Closeable {
  /**
   * Returns the next raw rows, with their labels or 0 where labels are unknown; empty at the end.
   *
   * @param most rows, 1 or more
   * @throws io.espalier.configs.InvalidConfigException if the network cannot take a row
   */
  Optional<Examples> next(int most);
}
