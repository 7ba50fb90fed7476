package io.espalier.configs.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static final Duration BASE = Duration.ofMillis(500);
  private static final Duration CAP = Duration.ofSeconds(10);

  @Test
  void next_atTheTopOfTheDraw_doublesUpToTheCap() {
    // Given
    Backoff backoff = Backoff.jittered(BASE, CAP, drawing(Math.nextDown(1.0)));

    // When
    long[] seconds =
        LongStream.range(0, 7)
            .map(attempt -> Math.round(backoff.next().toMillis() / 500.0))
            .toArray();

    // Then
    assertThat(seconds).containsExactly(1, 2, 4, 8, 16, 20, 20);
  }

  @Test
  void next_ofOneSeed_isTheSameAndBetweenZeroAndTheCap() {
    // Given
    Backoff backoff = Backoff.jittered(BASE, CAP, new Random(7));
    Backoff same = Backoff.jittered(BASE, CAP, new Random(7));

    // When
    for (int attempt = 0; attempt < 5000; attempt++) {
      Duration wait = backoff.next();

      // Then
      assertThat(wait).isEqualTo(same.next()).isBetween(Duration.ZERO, CAP);
    }
  }

  @Test
  void next_afterReset_startsSmallAgain() {
    // Given
    Backoff backoff = Backoff.jittered(BASE, CAP, drawing(Math.nextDown(1.0)));
    backoff.next();
    backoff.next();

    // When
    backoff.reset();

    // Then
    assertThat(backoff.next()).isLessThanOrEqualTo(BASE);
  }

  @Test
  void backoff_withoutABase_isRefused() {
    assertThatThrownBy(() -> Backoff.jittered(Duration.ZERO, CAP, new Random(1)))
        .hasMessageContaining("base=PT0S");
  }

  private static RandomGenerator drawing(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new UnsupportedOperationException();
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }
}
