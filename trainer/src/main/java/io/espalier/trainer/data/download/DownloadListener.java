package io.espalier.trainer.data.download;

import java.nio.file.Path;
import java.util.OptionalLong;

/** Is told how a download goes on, several times a second, by the thread that asked for it. */
public interface DownloadListener {
  /** Tells nobody. */
  DownloadListener NONE = new DownloadListener() {};

  /**
   * Some of a file is here.
   *
   * @param total bytes of the file, if the server says so
   */
  default void progressed(String file, long bytes, OptionalLong total) {}

  /** Another download into the same directory has to end first. */
  default void waiting(Path directory) {}
}
