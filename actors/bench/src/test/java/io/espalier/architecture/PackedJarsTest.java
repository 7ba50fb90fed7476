package io.espalier.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jars that users get, as the modules before this one pack them. */
final class PackedJarsTest {
  private static final Path ROOT = Path.of("../..");

  @ParameterizedTest
  @CsvSource({
    "actors/cli/target/espalier.jar, espalier.cdx.json",
    "actors/edge/target/espalier-edge.jar, espalier-edge.cdx.json"
  })
  void jar_ofOthersComponents_hasTheTextOfEachLicence(String path, String bill) throws IOException {
    Path file = ROOT.resolve(path);
    assertThat(file).as("mvn verify packs it before this module is tested").exists();
    try (ZipFile jar = new ZipFile(file.toFile())) {
      JsonNode components = Json.STRICT.readTree(text(jar, "META-INF/sbom/" + bill));
      List<String> list = text(jar, "META-INF/THIRD-PARTY.txt").lines().toList();
      List<String> missing = new ArrayList<>();
      for (JsonNode component : components.get("components")) {
        String name =
            Stream.of("group", "name", "version")
                .map(key -> component.path(key).asText())
                .reduce((left, right) -> left + ":" + right)
                .orElseThrow();
        List<String> licences = licences(component);
        if (!list.contains(name + ": " + String.join(", ", licences)) || licences.isEmpty()) {
          missing.add(name + " in THIRD-PARTY.txt");
        }
        licences.stream()
            .map(licence -> "META-INF/licenses/" + licence.replace(' ', '-') + ".txt")
            .filter(text -> jar.getEntry(text) == null)
            .forEach(text -> missing.add(name + ": " + text));
      }

      assertThat(components.get("components")).hasSizeGreaterThan(40);
      assertThat(missing).isEmpty();
      assertThat(text(jar, "META-INF/LICENSE"))
          .isEqualTo(Files.readString(ROOT.resolve("LICENSE")));
      assertThat(list)
          .filteredOn(line -> line.startsWith("org.jline:") || line.contains(":paranamer:"))
          .isNotEmpty()
          .allMatch(line -> line.endsWith(": BSD-3-Clause"));
    }
  }

  private static List<String> licences(JsonNode component) {
    List<String> licences = new ArrayList<>();
    for (JsonNode each : component.path("licenses")) {
      JsonNode licence = each.path("license");
      licences.add(licence.path(licence.has("id") ? "id" : "name").asText());
    }
    return licences;
  }

  private static String text(ZipFile jar, String name) throws IOException {
    ZipEntry entry = Objects.requireNonNull(jar.getEntry(name), name);
    try (InputStream in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
