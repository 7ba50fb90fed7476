package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of docs/python.md, with PyTorch. */
@Tag("slow")
final class PythonExamplesTest {
  private static final Path SCRIPTS = Path.of("..", "..", "docs/examples/python").toAbsolutePath();

  @TempDir private Path directory;

  @Test
  void network_toEspalierAndBack_predictsTheSame() throws Exception {
    String trained = python("to_espalier.py");
    espalier("train", "moons.conf", "--out", "run");
    espalier("predict", "run", "moons.csv", "-o", "espalier.csv");
    String read = python("from_espalier.py", "run", "moons.csv");

    assertThat(trained).contains("PyTorch: accuracy 0.9");
    assertThat(read).contains("fc2.weight: ", "accuracy 0.9", "finished");
    List<String> own = rows("espalier.csv");
    List<String> theirs = rows("torch.csv");
    assertThat(own).hasSize(600).hasSameSizeAs(theirs);
    for (int row = 0; row < own.size(); row++) {
      List<String> predicted = Arrays.asList(own.get(row).split(","));
      List<String> expected = Arrays.asList(theirs.get(row).split(","));
      assertThat(predicted.get(1)).as("row %d", row + 1).isEqualTo(expected.get(0));
      assertThat(Double.parseDouble(predicted.get(2)))
          .isCloseTo(Double.parseDouble(expected.get(1)), within(1e-4));
    }
  }

  private List<String> rows(String file) throws IOException {
    List<String> lines = Files.readAllLines(directory.resolve(file));
    return lines.subList(1, lines.size());
  }

  private void espalier(String... arguments) throws IOException, InterruptedException {
    Path log = directory.resolve("espalier.log");
    Path home = directory.resolve("home");
    try (ChildJvm child =
        ChildJvm.start(Espalier.class, List.of(arguments), home, log, directory)) {
      assertThat(child.await()).as(child.printed()).isZero();
    }
  }

  private String python(String script, String... arguments)
      throws IOException, InterruptedException {
    return Python.run(directory, SCRIPTS.resolve(script), arguments);
  }
}
