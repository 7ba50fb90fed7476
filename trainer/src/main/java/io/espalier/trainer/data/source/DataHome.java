package io.espalier.trainer.data.source;

import io.espalier.trainer.data.download.DownloadListener;
import java.nio.file.Path;

/**
 * Where data sets are looked for when a recipe does not say, and put when it says where to fetch
 * them.
 *
 * @param home the Espalier home; its {@code data} directory comes first
 * @param shared directory in which the system's packages install data sets
 * @param listener is told of downloads
 */
public record DataHome(Path home, Path shared, DownloadListener listener) {
  public DataHome(Path home, Path shared) {
    this(home, shared, DownloadListener.NONE);
  }

  /** A home beside the system's own data sets. */
  public static DataHome of(Path home) {
    return new DataHome(home, Path.of("/usr/share/datasets"));
  }

  /** This home with a listener. */
  public DataHome reportingTo(DownloadListener other) {
    return new DataHome(home, shared, other);
  }

  /** The directory of a data set in the home. */
  Path directory(String name) {
    return home.resolve("data").resolve(name);
  }
}
