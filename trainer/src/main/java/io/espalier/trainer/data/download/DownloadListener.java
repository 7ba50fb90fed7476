package io.espalier.trainer.data.download;

import java.nio.file.Path;
import java.util.OptionalLong;

public interface DownloadListener {
  /** Ignores all reports. */
  DownloadListener NONE = new DownloadListener() {};

  /**
   * Reports received bytes.
   *
   * @param total bytes of the file, if the server says so
   */
  default void progressed(String file, long bytes, OptionalLong total) {}

  /** Reports that another download into the same directory must end first. */
  default void waiting(Path directory) {}
}
