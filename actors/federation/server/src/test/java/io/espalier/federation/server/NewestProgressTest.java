package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.protocol.Progress;
import org.junit.jupiter.api.Test;

final class NewestProgressTest {
  private static final long INTERVAL = NewestProgress.INTERVAL.toNanos();

  private final NewestProgress newest = new NewestProgress(0);

  @Test
  void progress_first_isDueAtOnce() {
    // When
    var wait = newest.offer(progress("1", 0), 7);

    // Then
    assertThat(wait).hasValue(0);
    assertThat(newest.take(7)).hasValue(progress("1", 0));
    assertThat(newest.take(7)).isEmpty();
  }

  @Test
  void progress_manyWhileOneWaits_leavesTheNewest() {
    // Given
    newest.offer(progress("1", 0), 0);
    newest.take(0);

    // When
    var wait = newest.offer(progress("1", 1), INTERVAL / 4);
    for (int steps = 2; steps < 1000; steps++) {
      assertThat(newest.offer(progress("1", steps), INTERVAL / 4)).isEmpty();
    }

    // Then
    assertThat(wait).hasValue(INTERVAL - INTERVAL / 4);
    assertThat(newest.take(INTERVAL)).hasValue(progress("1", 999));
    assertThat(newest.take(INTERVAL)).isEmpty();
  }

  @Test
  void progress_whoseStepsDoNotRise_isNone() {
    // Given
    newest.offer(progress("1", 5), 0);
    newest.take(0);

    // When
    var same = newest.offer(progress("1", 5), INTERVAL);
    var fewer = newest.offer(progress("1", 4), INTERVAL);
    var unsigned = newest.offer(progress("1", -1), INTERVAL);
    var otherRound = newest.offer(progress("2", 0), INTERVAL);

    // Then
    assertThat(same).isEmpty();
    assertThat(fewer).isEmpty();
    assertThat(unsigned).hasValue(0);
    assertThat(otherRound).isEmpty();
    assertThat(newest.take(INTERVAL)).hasValue(progress("2", 0));
  }

  private static Progress progress(String round, long done) {
    return Progress.newBuilder().setRound(round).setDoneSteps(done).build();
  }
}
