package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdjustmentCountsTest {
  private static final AdjustmentCounts COUNTS = new AdjustmentCounts(.3, 100);

  @Test
  void counts_fallByACosine_toNoneAtTheEnd() {
    Mask kept = firstOf(100_000, 1000);

    assertThat(COUNTS.at(0, kept)).isEqualTo(300);
    assertThat(COUNTS.at(10, kept)).isEqualTo(292);
    assertThat(COUNTS.at(50, kept)).isEqualTo(150);
    assertThat(COUNTS.at(90, kept)).isEqualTo(7);
    assertThat(COUNTS.at(100, kept)).isZero();
    assertThat(COUNTS.at(110, kept)).isZero();
  }

  @Test
  void counts_ofEveryRound_areTheFloorOfTheFormula() {
    Mask kept = firstOf(10_000, 777);

    for (int round = 1; round <= 100; round++) {
      double real = .15 * (1 + StrictMath.cos(StrictMath.PI * round / 100)) * 777;
      assertThat(COUNTS.at(round, kept)).isEqualTo((int) real);
    }
  }

  @Test
  void counts_areAtMostWhatIsPruned() {
    assertThat(COUNTS.at(0, firstOf(1010, 1000))).isEqualTo(10);
    assertThat(COUNTS.at(0, Mask.allKept(1000))).isZero();
    assertThat(COUNTS.at(0, Mask.noneKept(1000))).isZero();
  }

  @Test
  void counts_outsideTheBlock_areZero() {
    MaskSet current =
        Networks.dense(Networks.ofSizes(100, 100, 100))
            .next(List.of(firstOf(100, 40), firstOf(100, 20), firstOf(100, 40)));

    assertThat(COUNTS.at(50, current, List.of(1, 2))).containsExactly(0, 3, 6);
    assertThat(COUNTS.at(50, current, List.of())).containsExactly(0, 0, 0);
  }

  @Test
  void counts_ofNoCourse_areRefused() {
    assertThatThrownBy(() -> new AdjustmentCounts(1.1, 100)).hasMessageContaining("fraction=1.1");
    assertThatThrownBy(() -> new AdjustmentCounts(.3, 0)).hasMessageContaining("end=0");
  }

  private static Mask firstOf(int size, int kept) {
    return Mask.of(size, unit -> unit < kept);
  }
}
