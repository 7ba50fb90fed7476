package io.espalier.trainer.data.source;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The directories of data sets that a recipe does not locate itself.
 *
 * @param home the Espalier home; its {@code data} directory comes first and receives downloads
 * @param shared directory in which the system's packages install data sets
 */
public record DataHome(Path home, Path shared, DownloadListener listener) {
  public DataHome(Path home, Path shared) {
    this(home, shared, DownloadListener.NONE);
  }

  /** The given home, and the system's data sets. */
  public static DataHome of(Path home) {
    return new DataHome(home, Path.of("/usr/share/datasets"));
  }

  public DataHome reportingTo(DownloadListener other) {
    return new DataHome(home, shared, other);
  }

  Path directory(String name) {
    return home.resolve("data").resolve(name);
  }

  public interface DownloadListener {
    DownloadListener NONE = new DownloadListener() {};

    /** Reports received bytes, and the file's length if the server says it. */
    default void progressed(String file, long bytes, OptionalLong total) {}

    /** Reports that another download into the same directory must end first. */
    default void waiting(Path directory) {}
  }
}
