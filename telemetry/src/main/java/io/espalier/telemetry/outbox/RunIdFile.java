package io.espalier.telemetry.outbox;

import io.espalier.configs.file.AtomicFile;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file {@code run.id} of a run directory: the identity of its run, in one line. The identity
 * stays when the directory is moved, and ends with it.
 */
public final class RunIdFile {
  public static final String NAME = "run.id";

  private RunIdFile() {}

  public static void write(Path runDirectory, RunId run) throws IOException {
    byte[] line = (run + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(runDirectory.resolve(NAME), stream -> stream.write(line));
  }

  /**
   * Returns the id of the run in a directory. Without a file, as runs of a service and of earlier
   * versions are, it is that of the run's events, and before the first the directory's name.
   *
   * @throws IOException if the file holds no id, or the events cannot be read
   */
  public static RunId read(Path runDirectory) throws IOException {
    Path file = runDirectory.resolve(NAME);
    if (Files.exists(file)) {
      return parse(file);
    }
    Optional<RunId> ofEvents =
        Files.exists(runDirectory.resolve(Outbox.FILE_NAME))
            ? OutboxHistory.read(runDirectory).run()
            : Optional.empty();
    return ofEvents.orElseGet(() -> label(runDirectory));
  }

  /**
   * Whether a directory is there and no other run was begun in it. A directory whose file is
   * missing or cannot be read counts as the run's.
   */
  public static boolean isOf(Path runDirectory, RunId run) {
    Path file = runDirectory.resolve(NAME);
    try {
      return Files.isDirectory(runDirectory)
          && (!Files.exists(file)
              || new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                  .strip()
                  .equals(run.value()));
    } catch (IOException e) {
      return true;
    }
  }

  /** The name of the directory, in the characters of an id; it may change, and is not unique. */
  public static RunId label(Path runDirectory) {
    return RunId.from(String.valueOf(runDirectory.toAbsolutePath().normalize().getFileName()));
  }

  private static RunId parse(Path file) throws IOException {
    String content = Files.readString(file).strip();
    if (!RunId.isValid(content)) {
      throw new IOException(
          "the identity of a run must be 1 to 200 of A-Z a-z 0-9 . _ and -: file=%s, content='%s'; write the run of its events.jsonl into it, or delete it to take that"
              .formatted(file, content.substring(0, Math.min(content.length(), 100))));
    }
    return new RunId(content);
  }
}
