package io.espalier.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.bench.harness.ResultStore;
import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreTest {
  @TempDir private Path directory;

  @Test
  void results_reopened_areEqual() throws IOException {
    TrialResult result = SampleResults.of(RecipeRow.SOFT, 0.95, 42, 0.87);
    try (ResultStore<TrialResult> store = ResultStore.open(directory, TrialResult.class)) {
      store.append(result);
    }

    try (ResultStore<TrialResult> store = ResultStore.open(directory, TrialResult.class)) {
      assertThat(store.results()).containsOnlyKeys(result.key()).containsValue(result);
    }
  }

  @Test
  void tornLastLine_isCutOffBeforeTheNextResult() throws IOException {
    try (ResultStore<TrialResult> store = ResultStore.open(directory, TrialResult.class)) {
      store.append(SampleResults.of(RecipeRow.DENSE, 0, 42, 0.9));
      store.append(SampleResults.of(RecipeRow.DENSE, 0, 43, 0.9));
    }
    Path file = directory.resolve("results.jsonl");
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 5));

    try (ResultStore<TrialResult> store = ResultStore.open(directory, TrialResult.class)) {
      assertThat(store.results()).hasSize(1);
      store.append(SampleResults.of(RecipeRow.DENSE, 0, 43, 0.9));
    }

    assertThat(Files.readString(file)).isEqualTo(text);
  }

  @Test
  void lineThatIsNoResult_isRefusedByNumber() throws IOException {
    Files.writeString(directory.resolve("results.jsonl"), "scribble\n");

    assertThatThrownBy(() -> ResultStore.open(directory, TrialResult.class))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessageContaining("results.jsonl:1: a line must be a result");
  }

  @Test
  void secondWriter_isRefused() throws IOException {
    try (ResultStore<TrialResult> store = ResultStore.open(directory, TrialResult.class)) {
      assertThat(store.results()).isEmpty();
      assertThatThrownBy(() -> ResultStore.open(directory, TrialResult.class))
          .isInstanceOf(CommandRefusedException.class)
          .hasMessageContaining("in use");
    }
  }
}
