package io.espalier.trainer.data.source;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Data directories: {@code data} in the home comes first and receives downloads, then shared.
 *
 * @param run directory of a run that has begun, for what it has kept of the home that it began in
 */
public record DataHome(Path home, Path shared, DataListener listener, Optional<Path> run) {
  public DataHome(Path home, Path shared) {
    this(home, shared, DataListener.NONE, Optional.empty());
  }

  public static DataHome of(Path home) {
    return new DataHome(home, Path.of("/usr/share/datasets"));
  }

  public DataHome reportingTo(DataListener other) {
    return new DataHome(home, shared, other, run);
  }

  public DataHome ofRun(Path directory) {
    return new DataHome(home, shared, listener, Optional.of(directory));
  }

  Path directory(String name) {
    return home.resolve("data").resolve(name);
  }

  public interface DataListener {
    DataListener NONE = new DataListener() {};

    default void progressed(String file, long bytes, OptionalLong total) {}

    /** Called before files are fetched from an address; what it throws prevents that. */
    default void fetching(URI address) {}

    /** Reports how many images of a folder are decoded. */
    default void decoded(Path folder, int images, int total) {}

    /** Reports that another download into the same directory must end first. */
    default void waiting(Path directory) {}

    /** Reports, in a sentence, what users should know about their data; nothing fails. */
    default void noticed(String notice) {}
  }
}
