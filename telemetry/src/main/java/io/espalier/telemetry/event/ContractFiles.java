package io.espalier.telemetry.event;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The published description of what other programs read: an AsyncAPI document and the JSON Schemas
 * of all event types, of summaries and of what {@code train --json} prints.
 */
public final class ContractFiles {
  public static final String ASYNC_API = "asyncapi.yaml";

  /** The JSON Schema of {@code summary.json}. */
  public static final String SUMMARY = "summary.schema.json";

  /** The JSON Schema of {@code confusion.json}. */
  public static final String CONFUSION = "confusion.schema.json";

  /** The JSON Schema of a line of {@code train --json}. */
  public static final String TRAIN_LINE = "train-line.schema.json";

  private static final String DIRECTORY = "/io/espalier/telemetry/schema/";

  private ContractFiles() {}

  /** Returns the file name of the JSON Schema of a type's data. */
  public static String schema(EventType type) {
    return type.name() + ".schema.json";
  }

  public static List<String> names() {
    return Stream.concat(
            Stream.of(ASYNC_API, SUMMARY, CONFUSION, TRAIN_LINE),
            EventType.all().stream().map(ContractFiles::schema))
        .toList();
  }

  public static byte[] content(String name) throws IOException {
    try (InputStream stream = ContractFiles.class.getResourceAsStream(DIRECTORY + name)) {
      if (stream == null) {
        throw new IllegalStateException("a file of the contract must be in the jar: name=" + name);
      }
      return stream.readAllBytes();
    }
  }

  /** Writes every file into a directory, which is created if missing, and returns their paths. */
  public static List<Path> write(Path directory) throws IOException {
    Files.createDirectories(directory);
    List<Path> written = new ArrayList<>();
    for (String name : names()) {
      written.add(Files.write(directory.resolve(name), content(name)));
    }
    return written;
  }
}
