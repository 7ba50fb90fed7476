package io.espalier.telemetry.event;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The published description of the telemetry: an AsyncAPI document and the JSON Schemas of all
 * event types.
 */
public final class ContractFiles {
  public static final String ASYNC_API = "asyncapi.yaml";

  private static final String DIRECTORY = "/io/espalier/telemetry/schema/";

  private ContractFiles() {}

  /** Returns the file name of the JSON Schema of a type's data. */
  public static String schema(EventType type) {
    return type.name() + ".schema.json";
  }

  public static List<String> names() {
    return Stream.concat(Stream.of(ASYNC_API), EventType.all().stream().map(ContractFiles::schema))
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
