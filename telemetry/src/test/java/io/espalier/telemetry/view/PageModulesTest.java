package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PageModulesTest {
  private static final Path PAGE =
      Path.of("src", "main", "resources", "io", "espalier", "telemetry", "page");
  private static final Pattern MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
  private static final Pattern IMPORT = Pattern.compile("(?:from|import) \"([^\"]+)\"");

  @Test
  void importMap_ofTheLivePage_namesEveryModuleAndNothingElse() throws IOException {
    // Given
    SortedMap<String, String> expected = new TreeMap<>();
    expected.put("uplot", "./assets/uplot/uPlot.esm.js");
    modules().forEach(name -> expected.put("espalier/" + name, "./assets/" + name));

    // When
    SortedMap<String, String> imports = importMap();

    // Then
    assertThat(imports).isEqualTo(expected);
  }

  @Test
  void imports_ofEveryModule_areInTheMap() throws IOException {
    // Given
    SortedMap<String, String> imports = importMap();

    // When, then
    for (String name : modules().toList()) {
      assertThat(IMPORT.matcher(Files.readString(PAGE.resolve(name))).results())
          .as(name)
          .extracting((MatchResult each) -> each.group(1))
          .isSubsetOf(imports.keySet());
    }
  }

  private static Stream<String> modules() throws IOException {
    try (Stream<Path> files = Files.walk(PAGE)) {
      return files
          .map(file -> PAGE.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.endsWith(".js"))
          .toList()
          .stream();
    }
  }

  private static SortedMap<String, String> importMap() throws IOException {
    Matcher map = MAP.matcher(Files.readString(PAGE.resolve("index.html")));
    assertThat(map.find()).isTrue();
    SortedMap<String, String> imports = new TreeMap<>();
    JsonNode named = new ObjectMapper().readTree(map.group(1)).get("imports");
    named.properties().forEach(each -> imports.put(each.getKey(), each.getValue().asText()));
    return imports;
  }
}
