package io.espalier.actors.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/** The libraries that this build was made of, as its build recorded them. */
final class Versions {
  private static final String RESOURCE = "/io/espalier/actors/versions.properties";

  private Versions() {}

  /** Version by library name. */
  static Map<String, String> libraries() {
    try (InputStream stream =
        Objects.requireNonNull(Versions.class.getResourceAsStream(RESOURCE))) {
      Properties properties = new Properties();
      properties.load(stream);
      Map<String, String> versions = new TreeMap<>();
      properties
          .stringPropertyNames()
          .forEach(name -> versions.put(name, properties.getProperty(name)));
      return versions;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
