package io.espalier.configs.file;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Failures of a disk, for which Java has no type, apart from all others. */
public final class DiskFailure {
  private static final List<String> FULL = List.of("no space left", "quota exceeded");

  private DiskFailure() {}

  /** Whether a disk takes no more. */
  public static boolean isFull(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return FULL.stream().anyMatch(message::contains);
  }

  /** The way out of a failure to write, for messages: room where it lacks, else a mended cause. */
  public static String wayOut(IOException failure) {
    return isFull(failure) ? "make room on its disk" : "mend what the cause names";
  }
}
