package io.espalier.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KillDrawsTest {
  private static final Duration WHOLE = Duration.ofSeconds(10);

  @Test
  void next_sameSeedAndCombination_drawsTheSame() {
    assertThat(draws(1, 3, 50)).isEqualTo(draws(1, 3, 50));
    assertThat(draws(1, 3, 50)).isNotEqualTo(draws(2, 3, 50)).isNotEqualTo(draws(1, 4, 50));
  }

  @Test
  void next_manyDraws_coverTheProcessAndALittleMore() {
    List<Duration> draws = draws(1, 0, 1_000);

    assertThat(draws).allMatch(draw -> !draw.isNegative() && draw.toMillis() <= 10_500);
    assertThat(draws).filteredOn(draw -> draw.compareTo(WHOLE) > 0).hasSizeBetween(20, 90);
    assertThat(draws).filteredOn(draw -> draw.toMillis() < 5_250).hasSizeBetween(430, 570);
  }

  @Test
  void dealt_kills_goRoundAndNoneIsLost() {
    assertThat(IntStream.range(0, 12).map(hand -> KillDraws.dealt(4, 12, hand)))
        .containsExactly(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(IntStream.range(0, 12).map(hand -> KillDraws.dealt(61, 12, hand)).sum())
        .isEqualTo(61);
    assertThat(KillDraws.dealt(60, 12, 11)).isEqualTo(5);
  }

  private static List<Duration> draws(long seed, int combination, int count) {
    KillDraws draws = new KillDraws(seed, combination);
    return Stream.generate(() -> draws.next(WHOLE)).limit(count).toList();
  }
}
