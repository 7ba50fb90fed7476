package io.espalier.configs.fault;

import java.util.Optional;

/** The text that a user reads of a failure. */
public final class FailureText {
  private FailureText() {}

  /**
   * Returns the message of a failure, or its class where it has none. If it is, or was caused by,
   * an {@link OutOfMemoryError}, returns the size of the heap and how to make it larger.
   */
  public static String of(Throwable failure) {
    return outOfMemory(failure)
        .map(FailureText::lackOfMemory)
        .orElse(failure.getMessage() == null ? failure.toString() : failure.getMessage());
  }

  /** Returns the {@link OutOfMemoryError} that a failure is, or was caused by. */
  public static Optional<OutOfMemoryError> outOfMemory(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof OutOfMemoryError error) {
        return Optional.of(error);
      }
    }
    return Optional.empty();
  }

  private static String lackOfMemory(OutOfMemoryError error) {
    return "out of memory: what a process holds must fit into its Java heap: heap=%d MB, cause=%s; give it more with ESPALIER_JAVA_OPTS=-Xmx…, or take a smaller network, batch or data set"
        .formatted(Runtime.getRuntime().maxMemory() >> 20, error.getMessage());
  }
}
