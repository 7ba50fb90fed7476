package io.espalier.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README of each module maps its packages. */
class ModuleMapsTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final String BASE = "io.espalier.";
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|");

  static List<Path> modules() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 4)) {
      return files
          .filter(file -> file.endsWith("pom.xml"))
          .map(Path::getParent)
          .filter(module -> Files.isDirectory(module.resolve(Path.of("src", "main", "java"))))
          .filter(module -> !module.startsWith(ROOT.resolve("docs")))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void readme_ofAModule_namesEachOfItsPackagesOnce(Path module) throws IOException {
    String readme = Files.readString(module.resolve("README.md"));

    List<String> named = ROW.matcher(readme).results().map(row -> row.group(1)).toList();

    assertThat(named).containsExactlyInAnyOrderElementsOf(packages(module));
  }

  private static List<String> packages(Path module) throws IOException {
    Path sources = module.resolve(Path.of("src", "main", "java"));
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
          .distinct()
          .map(name -> name.substring(BASE.length()))
          .toList();
    }
  }
}
