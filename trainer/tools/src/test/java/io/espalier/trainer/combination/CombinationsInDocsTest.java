package io.espalier.trainer.combination;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The pages of docs about combinations say what the rules say. */
final class CombinationsInDocsTest {
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final String REWRITE = "espalier.rewrite-docs";

  @Test
  void pages_areThoseOfTheRules() throws IOException {
    CombinationsPage page = CombinationsPage.ofTheRules();

    verify("combinations.md", page.exclusions());
    verify("combinations-matrix.md", page.matrix());
  }

  private static void verify(String name, String text) throws IOException {
    Path file = DOCS.resolve(name);
    if (Boolean.getBoolean(REWRITE)) {
      Files.writeString(file, text);
    }
    assertThat(Files.readString(file))
        .as(
            "rewrite it: mvn test -pl trainer/training -am -Dtest=CombinationsInDocsTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
            REWRITE)
        .isEqualTo(text);
  }
}
