package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Path ROOT = Path.of("..", "..");

  /** In the order in which README shows them. */
  private static final List<Path> EXAMPLES =
      List.of(
          ROOT.resolve("docs/examples/java/com/example/pruning/LossFollower.java"),
          ROOT.resolve("trainer/src/test/java/io/espalier/trainer/example/LibraryLoopTest.java"));

  @Test
  void javaExamples_inReadme_areTheTestedOnes() throws IOException {
    List<List<String>> shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .map(block -> lines(block.group(1)))
            .toList();

    assertThat(shown).hasSameSizeAs(EXAMPLES);
    for (int i = 0; i < shown.size(); i++) {
      Matcher tested =
          Pattern.compile("// README: begin\n(.*?) *// README: end", Pattern.DOTALL)
              .matcher(Files.readString(EXAMPLES.get(i)));
      assertThat(tested.find()).isTrue();
      assertThat(shown.get(i)).isEqualTo(lines(tested.group(1)));
    }
  }

  @Test
  void recipes_inReadme_areAllThatShip() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));

    assertThat(Recipes.names()).allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
  }

  private static List<String> lines(String code) {
    return code.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
