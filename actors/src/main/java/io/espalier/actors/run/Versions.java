package io.espalier.actors.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/** The versions that this build was made of, as its build recorded them. */
public final class Versions {
  private static final Map<String, String> ALL = read();

  private Versions() {}

  /** Version of Espalier itself. */
  public static String espalier() {
    return Objects.requireNonNull(ALL.get("espalier"));
  }

  /** Version by library name. */
  static Map<String, String> libraries() {
    Map<String, String> libraries = new TreeMap<>(ALL);
    libraries.remove("espalier");
    return libraries;
  }

  private static Map<String, String> read() {
    try (InputStream stream =
        Objects.requireNonNull(
            Versions.class.getResourceAsStream("/io/espalier/actors/versions.properties"))) {
      Properties properties = new Properties();
      properties.load(stream);
      Map<String, String> versions = new TreeMap<>();
      properties
          .stringPropertyNames()
          .forEach(name -> versions.put(name, properties.getProperty(name)));
      return Map.copyOf(versions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
