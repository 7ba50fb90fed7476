package io.espalier.trainer.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.sync.ValidationRecord.Score;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class ValidationRecordTest {
  private static Score bits(long step, double accuracy, double bits) {
    return new Score(step, accuracy, OptionalDouble.of(bits));
  }

  @Test
  void best_ofALanguageModel_hasTheFewestBitsWhateverItsAccuracy() {
    ValidationRecord record =
        ValidationRecord.NONE
            .withBest(bits(1, .5, 2.0))
            .withBest(bits(2, .4, 1.9))
            .withBest(bits(3, .6, 1.95))
            .withBest(bits(4, .7, 1.9));

    assertThat(record.best()).contains(bits(2, .4, 1.9));
    assertThat(record.best().orElseThrow().text()).isEqualTo("validation 1.900 bits per character");
  }

  @Test
  void best_ofAnotherNetwork_hasTheHighestAccuracy() {
    ValidationRecord record =
        ValidationRecord.NONE.withBest(new Score(1, .5)).withBest(new Score(2, .6));

    assertThat(record.best()).contains(new Score(2, .6));
    assertThat(record.best().orElseThrow().text()).isEqualTo("validation accuracy 60.00%");
  }

  /** 2 bits to 1.9 saves 5 %, to 1.91 saves 4.5 %. */
  @Test
  void gain_ofALanguageModel_isTheShareOfBitsThatIsSaved() {
    ValidationRecord first = ValidationRecord.NONE.withScore(bits(1, .5, 2.0), .05);

    assertThat(first.withScore(bits(2, .9, 1.91), .05).withoutGain()).isEqualTo(1);
    assertThat(first.withScore(bits(2, .1, 1.9), .05).gain()).contains(bits(2, .1, 1.9));
    assertThat(first.withScore(bits(2, .9, 2.0), 0).withoutGain()).isEqualTo(1);
  }
}
