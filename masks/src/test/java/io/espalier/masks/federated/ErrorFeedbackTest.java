package io.espalier.masks.federated;

import static io.espalier.masks.Networks.mask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ErrorFeedbackTest {
  @Test
  void rest_ofAnUpdate_isWhatRoundingTook() {
    float[] update = {127, 9, 2.25f};

    ErrorFeedback.Sent sent = ErrorFeedback.none(3).send(update, mask("101"), ValueFormat.INT8);

    assertThat(ValueFormat.INT8.decode(sent.bytes(), 2)).containsExactly(127, 2);
    assertThat(sent.rest().owed()).containsExactly(0, 0, .25f);
  }

  @Test
  void owed_isAddedToTheNextUpdate() {
    ErrorFeedback.Sent sent =
        ErrorFeedback.of(new float[] {0, .25f})
            .send(new float[] {127, 2.25f}, mask("11"), ValueFormat.INT8);

    assertThat(ValueFormat.INT8.decode(sent.bytes(), 2)).containsExactly(127, 2);
    assertThat(sent.rest().owed()).containsExactly(0, .5f);
  }

  @Test
  void owed_ofUnitsThatAreNotHeld_isDropped() {
    ErrorFeedback.Sent sent =
        ErrorFeedback.of(new float[] {.5f, .5f}).send(new float[2], mask("01"), ValueFormat.FP32);

    assertThat(ValueFormat.FP32.decode(sent.bytes(), 1)).containsExactly(.5f);
    assertThat(sent.rest().owed()).containsExactly(0, 0);
  }

  @Test
  void feedback_isNotChanged_bySendingOrByItsArrays() {
    float[] owed = {.25f};
    ErrorFeedback feedback = ErrorFeedback.of(owed);
    owed[0] = 7;
    feedback.owed()[0] = 7;
    feedback.send(new float[] {1}, mask("1"), ValueFormat.FP16);

    assertThat(feedback.owed()).containsExactly(.25f);
  }

  @Property(tries = 200, seed = "1")
  void sums_ofWhatWasSentAndTheRest_areThoseOfTheUpdates(
      @ForAll ValueFormat format,
      @ForAll @IntRange(min = 1, max = 400) int units,
      @ForAll @IntRange(min = 1, max = 20) int rounds,
      @ForAll long seed) {
    Random random = new Random(seed);
    Mask holds = Networks.randomMask(units, .7, seed);
    ErrorFeedback feedback = ErrorFeedback.none(units);
    double[] updates = new double[units];
    double[] arrived = new double[units];
    for (int round = 0; round < rounds; round++) {
      float[] update = new float[units];
      for (int unit = 0; unit < units; unit++) {
        update[unit] = (float) random.nextGaussian();
        updates[unit] += update[unit];
      }
      ErrorFeedback.Sent sent = feedback.send(update, holds, format);
      float[] values = format.decode(sent.bytes(), holds.kept());
      for (int i = 0, unit = holds.nextKept(0); unit >= 0; unit = holds.nextKept(unit + 1)) {
        arrived[unit] += values[i++];
      }
      feedback = sent.rest();
    }

    float[] owed = feedback.owed();
    for (int unit = 0; unit < units; unit++) {
      if (holds.isKept(unit)) {
        assertThat(arrived[unit] + owed[unit]).isCloseTo(updates[unit], within(1e-5));
        assertThat(Math.abs(owed[unit])).isLessThan(.05f);
      } else {
        assertThat(owed[unit]).isZero();
      }
    }
  }

  @Test
  void update_thatDoesNotFit_isRefused() {
    ErrorFeedback feedback = ErrorFeedback.none(2);

    assertThatThrownBy(() -> feedback.send(new float[3], mask("11"), ValueFormat.FP32))
        .hasMessage("there must be one change per unit: units=2, changes=3, bits=2");
    assertThatThrownBy(() -> feedback.send(new float[2], mask("111"), ValueFormat.FP32))
        .hasMessageContaining("bits=3");
  }
}
