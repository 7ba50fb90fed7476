package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.outbox.RunIdFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs whose directories have one name. */
@Tag("slow")
class NamesakesTest {
  @TempDir private Path directory;

  @Test
  void list_twoRunsOfOneDirectoryName_showsBothUnderLabelsAndOpensEach() throws IOException {
    try (Stage stage = new Stage(directory);
        Browser browser = new Browser(Files.createDirectory(directory.resolve("downloads")))) {
      Path here = directory.resolve("a/r1");
      Path there = directory.resolve("b/r1");
      stage.trainIn(here, "train.epochs=1");
      stage.trainIn(there, "train.epochs=2");

      browser.open(stage.page(), "#/runs");

      browser.eventually(
          () ->
              assertThat(browser.texts("table.runs tbody .id"))
                  .hasSize(2)
                  .allMatch(label -> label.matches("r1 · [\\d-]{10} [\\d:]{8}")));
      for (Path run : new Path[] {here, there}) {
        String id = RunIdFile.read(run).value();
        browser.open(stage.page(), "#/run/" + id);
        browser.eventually(
            () -> assertThat(browser.texts(".facts-line")).first().asString().contains(id));
      }
    }
  }
}
