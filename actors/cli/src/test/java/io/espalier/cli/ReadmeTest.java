package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadmeTest {
  private static final Path ROOT = Path.of("..", "..");

  /** Lines of an example that a document shows; all of it where there are none of these. */
  private static final Pattern SHOWN =
      Pattern.compile("// README: begin\n(.*?) *// README: end", Pattern.DOTALL);

  private static final Pattern PACKAGES = Pattern.compile("apt-get install ([a-z0-9 -]+)");

  @ParameterizedTest
  @CsvSource({
    "README.md, java, docs/examples/library/src/main/java/com/example/PruneDigits.java",
    "docs/events.md, java, docs/examples/java/com/example/pruning/LossFollower.java",
  })
  void example_ofDocument_isTheTestedOne(String document, String language, String example)
      throws IOException {
    List<List<String>> shown =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve(document)))
            .results()
            .map(block -> lines(block.group(1)))
            .toList();

    String tested = Files.readString(ROOT.resolve(example));
    Matcher part = SHOWN.matcher(tested);

    assertThat(shown).containsExactly(lines(part.find() ? part.group(1) : tested));
  }

  @Test
  void scripts_ofPythonPage_areTheTestedOnes() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/python.md"));

    for (String script : List.of("to_espalier.py", "from_espalier.py")) {
      String tested = Files.readString(ROOT.resolve("docs/examples/python").resolve(script));
      assertThat(page).contains("```python\n" + tested + "```");
    }
  }

  @Test
  void recipes_inDocs_areAllThatShip() throws IOException {
    String docs = Files.readString(ROOT.resolve("docs/recipes.md"));

    assertThat(Recipes.names()).allSatisfy(name -> assertThat(docs).contains("`" + name + "`"));
  }

  @Test
  void lineOfTests_installsAllThatTestsAskFor() throws IOException {
    // Given the packages that failing tests name
    Set<String> asked = new TreeSet<>();
    for (String module : List.of("trainer/onnx", "trainer/tools", "actors/cli")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          PACKAGES
              .matcher(Files.readString(file))
              .results()
              .flatMap(match -> Stream.of(match.group(1).strip().split(" ")))
              .forEach(asked::add);
        }
      }
    }

    // When
    List<String> lines =
        Files.readAllLines(ROOT.resolve("README.md")).stream()
            .filter(
                line -> line.startsWith("apt-get ") && line.endsWith(" && mvn -B verify -Pslow"))
            .toList();

    // Then one line installs them, and .ci/run has no list of its own
    assertThat(lines).hasSize(1);
    assertThat(List.of(lines.get(0).split(" "))).containsAll(asked).contains("python3-torch");
    assertThat(Files.readString(ROOT.resolve(".ci/run"))).doesNotContain(asked);
  }

  private static List<String> lines(String code) {
    return code.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
