package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NormClipTest {
  @Test
  void clip_beyondTheLimit_scalesToIt() {
    float[] update = {3, 4};

    double norm = new NormClip(1).clip(List.of(update));

    assertThat(norm).isEqualTo(5);
    assertThat(update).containsExactly(.6f, .8f);
  }

  @Test
  void clip_ofPieces_isByTheirCommonNorm() {
    float[] first = {3};
    float[] second = {0, -4};

    new NormClip(2.5).clip(List.of(first, second));

    assertThat(first).containsExactly(1.5f);
    assertThat(second).containsExactly(0, -2);
  }

  @Test
  void clip_atOrBelowTheLimit_keepsEveryBit() {
    float[] update = {3, 4, -0f, Float.MIN_VALUE};
    float[] zero = {0};

    new NormClip(5).clip(List.of(update));
    new NormClip(1).clip(List.of(zero));

    assertThat(update).containsExactly(3, 4, -0f, Float.MIN_VALUE);
    assertThat(zero).containsExactly(0);
  }

  @Test
  void clip_ofLargestFloats_doesNotOverflow() {
    float[] update = {Float.MAX_VALUE, Float.MAX_VALUE};

    new NormClip(Math.sqrt(2)).clip(List.of(update));

    assertThat(update).containsExactly(1, 1);
  }

  @Property(tries = 300, seed = "1")
  void norm_afterClip_isWithinTheLimit(
      @ForAll @Size(max = 30) float[] update,
      @ForAll @DoubleRange(min = .01, max = 1000) double limit) {
    new NormClip(limit).clip(List.of(update));

    assertThat(NormClip.norm(List.of(update))).isLessThanOrEqualTo(limit * (1 + 1e-7));
  }

  @Test
  void clip_ofWhatIsNotFinite_isRefused() {
    assertThatThrownBy(() -> new NormClip(1).clip(List.of(new float[] {1, Float.NaN})))
        .hasMessage("an update must be finite to be clipped: norm=NaN");
    assertThatThrownBy(() -> new NormClip(1).clip(List.of(new float[] {Float.NEGATIVE_INFINITY})))
        .hasMessageContaining("norm=Infinity");
    assertThatThrownBy(() -> new NormClip(0)).hasMessageContaining("limit=0.0");
    assertThatThrownBy(() -> new NormClip(Double.NaN)).hasMessageContaining("limit=NaN");
  }
}
