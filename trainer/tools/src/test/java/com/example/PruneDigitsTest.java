package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.run.FinishedRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example of the library. */
final class PruneDigitsTest {
  @Test
  void digits_asInTheReadme_arePrunedAndWritten(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("model.safetensors");

    FinishedRun finished = PruneDigits.train(file);

    assertThat(finished.test().accuracy()).isGreaterThan(0.9);
    assertThat(finished.committed().masks().masks().kept()).isEqualTo(1_293);
    assertThat(file).isNotEmptyFile();
  }
}
