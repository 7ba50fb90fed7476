package io.espalier.service.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.service.Submission;
import io.espalier.service.View;
import io.espalier.service.run.RunSpec;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class SubmissionsTest {
  private static final String LARGE =
      "data = digits, model { kind = mlp, hidden = [10000, 10000] }, train { trainers = 2, optimizer = adam }";

  private final Submissions submissions =
      new Submissions(new DataDirectories(List.of()), Clock.systemUTC());

  @Test
  void memory_isTheDefaultOrTheEstimate_whicheverIsMore() {
    // Given
    long weights = 64 * 10_000 + 10_000 * 10_000 + 2 * 10_000 + 2 * 10_000 + 2;
    long state = (3 * 4 * weights) >> 20;

    // When
    RunSpec small = spec("data = digits, model = lenet-300-100", OptionalInt.empty());
    RunSpec large = spec(LARGE, OptionalInt.empty());

    // Then
    assertThat(small.memoryMb()).isEqualTo(512);
    assertThat(large.memoryMb()).isBetween((int) (7 * state), (int) (7 * state) + 10);
    assertThat(spec(LARGE, OptionalInt.of(20_000)).memoryMb()).isEqualTo(20_000);
  }

  @Test
  void memory_belowTheEstimate_isRefusedWithBothFigures() {
    assertThatThrownBy(() -> spec(LARGE, OptionalInt.of(512)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("memoryMb=512, estimated 80")
        .hasMessageContaining("submit with more memory, or narrow the layers");
  }

  private RunSpec spec(String recipe, OptionalInt memoryMb) {
    return submissions.spec(
        new Submission(recipe, "r.conf", List.of(), 0, memoryMb, Optional.empty()), View.WHOLE);
  }
}
