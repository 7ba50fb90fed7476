package io.espalier.trainer.combination;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page {@code docs/combinations.md} says what the rules say. */
final class CombinationsInDocsTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "combinations.md");
  private static final String REWRITE = "espalier.rewrite-docs";

  @Test
  void page_isThatOfTheRules() throws IOException {
    String text = CombinationsPage.text();
    if (Boolean.getBoolean(REWRITE)) {
      Files.writeString(PAGE, text);
    }

    assertThat(Files.readString(PAGE))
        .as(
            "rewrite it: mvn test -pl trainer -am -Dtest=CombinationsInDocsTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
            REWRITE)
        .isEqualTo(text);
  }
}
