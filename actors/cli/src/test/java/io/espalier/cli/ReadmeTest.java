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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadmeTest {
  private static final Path ROOT = Path.of("..", "..");

  @ParameterizedTest
  @CsvSource({
    "README.md, trainer/src/test/java/io/espalier/trainer/example/LibraryLoopTest.java",
    "docs/events.md, docs/examples/java/com/example/pruning/LossFollower.java"
  })
  void javaExample_ofDocument_isTheTestedOne(String document, String example) throws IOException {
    List<List<String>> shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve(document)))
            .results()
            .map(block -> lines(block.group(1)))
            .toList();

    Matcher tested =
        Pattern.compile("// README: begin\n(.*?) *// README: end", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve(example)));

    assertThat(tested.find()).isTrue();
    assertThat(shown).containsExactly(lines(tested.group(1)));
  }

  @Test
  void recipes_inDocs_areAllThatShip() throws IOException {
    String docs = Files.readString(ROOT.resolve("docs/recipes.md"));

    assertThat(Recipes.names()).allSatisfy(name -> assertThat(docs).contains("`" + name + "`"));
  }

  private static List<String> lines(String code) {
    return code.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
