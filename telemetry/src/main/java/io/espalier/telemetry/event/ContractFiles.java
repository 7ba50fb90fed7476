package io.espalier.telemetry.event;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The published description of the telemetry: an AsyncAPI document, and a JSON Schema for each type
 * of event that it refers to by name.
 */
public final class ContractFiles {
  /** The AsyncAPI document of all topics. */
  public static final String ASYNC_API = "asyncapi.yaml";

  private static final String DIRECTORY = "/io/espalier/telemetry/schema/";

  private ContractFiles() {}

  /** The file with the JSON Schema of a type's data. */
  public static String schema(EventType type) {
    return type.name() + ".schema.json";
  }

  /** Every file, the AsyncAPI document first. */
  public static List<String> names() {
    return Stream.concat(Stream.of(ASYNC_API), EventType.all().stream().map(ContractFiles::schema))
        .toList();
  }

  /** The content of one of {@link #names}. */
  public static byte[] content(String name) throws IOException {
    try (InputStream stream = ContractFiles.class.getResourceAsStream(DIRECTORY + name)) {
      if (stream == null) {
        throw new IllegalStateException("a file of the contract must be in the jar: name=" + name);
      }
      return stream.readAllBytes();
    }
  }

  /**
   * Writes every file into a directory, over those of the same names.
   *
   * @param directory made if it is missing
   * @return what was written
   */
  public static List<Path> write(Path directory) throws IOException {
    Files.createDirectories(directory);
    List<Path> written = new ArrayList<>();
    for (String name : names()) {
      written.add(Files.write(directory.resolve(name), content(name)));
    }
    return written;
  }
}
