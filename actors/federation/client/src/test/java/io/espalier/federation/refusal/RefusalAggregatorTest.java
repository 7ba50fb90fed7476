package io.espalier.federation.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RefusalAggregatorTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @Test
  void refusals_ofTheSameClientAndReason_areToldOnceAndThenCounted() {
    // Given
    RefusalAggregator refusals = new RefusalAggregator(this::record, Duration.ofMinutes(1));

    // When
    for (int attempt = 0; attempt < 1000; attempt++) {
      refusals.refused(Optional.of("a"), RefusalReason.MALFORMED, "attempt=" + attempt);
    }
    refusals.close();

    // Then
    assertThat(heard)
        .containsExactly(
            "a malformed attempt=0", "a malformed 999 more within 60 s, the last: attempt=999");
  }

  @Test
  void refusals_ofOthers_areToldAtOnce() {
    // Given
    RefusalAggregator refusals = new RefusalAggregator(this::record, Duration.ofMinutes(1));

    // When
    refusals.refused(Optional.of("a"), RefusalReason.MALFORMED, "1");
    refusals.refused(Optional.of("b"), RefusalReason.MALFORMED, "2");
    refusals.refused(Optional.of("a"), RefusalReason.TOO_SLOW, "3");
    refusals.refused(Optional.empty(), RefusalReason.TOO_SLOW, "4");
    refusals.close();

    // Then
    assertThat(heard)
        .containsExactly("a malformed 1", "b malformed 2", "a too-slow 3", "? too-slow 4");
  }

  @Test
  void refusals_onceTheIntervalIsOver_areCountedAndToldAnew() throws InterruptedException {
    // Given
    try (RefusalAggregator refusals = new RefusalAggregator(this::record, Duration.ofSeconds(1))) {
      refusals.refused(Optional.of("a"), RefusalReason.MALFORMED, "1");
      refusals.refused(Optional.of("a"), RefusalReason.MALFORMED, "2");

      // When
      List<String> repeated = List.of(next(), next());
      refusals.refused(Optional.of("a"), RefusalReason.MALFORMED, "3");

      // Then
      assertThat(repeated)
          .containsExactly("a malformed 1", "a malformed 1 more within 1 s, the last: 2");
      assertThat(next()).isEqualTo("a malformed 3");
    }
  }

  @Test
  void refusals_ofMoreClientsThanAreHeld_areFoldedByReason() {
    // Given
    RefusalAggregator refusals = new RefusalAggregator(this::record, Duration.ofMinutes(1));

    // When
    for (int client = 0; client < 3 * RefusalAggregator.MOST; client++) {
      refusals.refused(Optional.of("c" + client), RefusalReason.MALFORMED, "x");
    }
    refusals.close();

    // Then
    assertThat(heard).hasSize(RefusalAggregator.MOST + 2);
  }

  @Test
  void details_withWhatSteersATerminal_arePassedOnHarmless() {
    // Given
    RefusalAggregator refusals = new RefusalAggregator(this::record, Duration.ofMinutes(1));

    // When
    refusals.refused(
        Optional.of("a"), RefusalReason.MALFORMED, "\u001b[2J\n\u202e" + "é".repeat(600));
    refusals.close();

    // Then
    assertThat(heard).containsExactly("a malformed \ufffd[2J\ufffd\ufffd" + "é".repeat(494) + "…");
  }

  private void record(Optional<String> client, RefusalReason reason, String detail) {
    heard.add("%s %s %s".formatted(client.orElse("?"), reason.word(), detail));
  }

  private String next() throws InterruptedException {
    String refusal = heard.poll(120, TimeUnit.SECONDS);
    if (refusal == null) {
      throw new AssertionError("a refusal was expected");
    }
    return refusal;
  }
}
