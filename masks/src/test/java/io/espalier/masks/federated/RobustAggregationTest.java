package io.espalier.masks.federated;

import static io.espalier.masks.Networks.mask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.federated.Aggregation.ClientUpdates;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RobustAggregationTest {
  private static final List<float[]> ONE_UNIT = List.of(new float[] {9});

  @Test
  void trimmedMean_withoutLargestAndSmallest_isTheMeanOfTheRest() {
    assertThat(merged(new Aggregation.TrimmedMean(1), SentUpdates.ofValues(1, 2, 3, 100)))
        .isEqualTo(2.5f);
    assertThat(merged(new Aggregation.TrimmedMean(1), SentUpdates.ofValues(100, 3, 1)))
        .isEqualTo(3);
    assertThat(merged(new Aggregation.TrimmedMean(0), SentUpdates.ofValues(1, 2, 6))).isEqualTo(3);
  }

  @Test
  void trimmedMean_ofTooFewHolders_isTheMedian() {
    assertThat(merged(new Aggregation.TrimmedMean(2), SentUpdates.ofValues(1, 2, 3, 100)))
        .isEqualTo(2.5f);
    assertThat(merged(new Aggregation.TrimmedMean(2), SentUpdates.ofValues(1, 2, 4e23f)))
        .isEqualTo(2);
    assertThat(merged(new Aggregation.TrimmedMean(7), SentUpdates.ofValues(1, 2))).isEqualTo(1.5f);
    assertThat(merged(new Aggregation.TrimmedMean(1), SentUpdates.ofValues(4))).isEqualTo(4);
  }

  @Test
  void trimmedMean_countsHoldersOfEachUnit() {
    SentUpdates updates =
        new SentUpdates()
            .with(1, mask("110"), 1, 1, 0)
            .with(1, mask("110"), 2, 3, 0)
            .with(1, mask("100"), 3, 77, 0)
            .with(1, mask("100"), 100, 77, 0);

    List<float[]> merged =
        new Aggregation.TrimmedMean(1).merge(updates, List.of(new float[] {0, 0, 5}));

    assertThat(merged.get(0)).containsExactly(2.5f, 2, 5);
  }

  @Test
  void median_ofEvenAndOddNumbers_isTheMiddle() {
    assertThat(merged(new Aggregation.CoordinateMedian(), SentUpdates.ofValues(100, 1, 3, 2)))
        .isEqualTo(2.5f);
    assertThat(merged(new Aggregation.CoordinateMedian(), SentUpdates.ofValues(100, 1, 3)))
        .isEqualTo(3);
    assertThat(merged(new Aggregation.CoordinateMedian(), SentUpdates.ofValues(-4))).isEqualTo(-4);
  }

  @Test
  void weights_aboveZero_giveNoMoreSay_andZeroGivesNone() {
    SentUpdates updates =
        SentUpdates.ofValues(1, 2, 3).with(1e9, mask("1"), 100).with(0, mask("1"), -50);

    assertThat(merged(new Aggregation.TrimmedMean(1), updates)).isEqualTo(2.5f);
    assertThat(merged(new Aggregation.CoordinateMedian(), updates)).isEqualTo(2.5f);
    assertThat(merged(new Krum(1), updates)).isEqualTo(1);
  }

  @Test
  void krum_takesTheUpdateAmongNeighbours_ofAllParametersTogether() {
    Mask two = mask("11");
    SentUpdates updates = new SentUpdates();
    float[][] first = {{50, 50}, {1, 1}, {1.1f, 1}, {1, 1.2f}, {.9f, .8f}};
    float[][] second = {{1}, {1}, {1}, {1.1f}, {400}};
    for (int k = 0; k < first.length; k++) {
      updates.with(1, List.of(two, mask("1")), List.of(first[k], second[k]));
    }
    List<float[]> unchanged = List.of(new float[2], new float[1]);

    List<float[]> merged = new Krum(1).merge(updates, unchanged);

    assertThat(new Krum(1).choose(updates, unchanged)).hasValue(1);
    assertThat(merged.get(0)).containsExactly(1, 1);
    assertThat(merged.get(1)).containsExactly(1);
  }

  @Test
  void krum_ofEqualSums_takesTheEarlier() {
    assertThat(new Krum(0).choose(SentUpdates.ofValues(3, 1, 2, 2), ONE_UNIT)).hasValue(2);
    assertThat(new Krum(0).choose(SentUpdates.ofValues(5, 5), ONE_UNIT)).hasValue(0);
    assertThat(new Krum(3).choose(SentUpdates.ofValues(1, 3), ONE_UNIT)).hasValue(0);
    assertThat(new Krum(3).choose(SentUpdates.ofValues(1), ONE_UNIT)).hasValue(0);
    assertThat(new Krum(0).choose(SentUpdates.ofValues().with(0, mask("1"), 1), ONE_UNIT))
        .isEqualTo(OptionalInt.empty());
  }

  @Test
  void krum_leavesWhatTheChosenDoesNotHold() {
    SentUpdates updates =
        new SentUpdates()
            .with(1, mask("10"), 1, 77)
            .with(1, mask("11"), 1, 5)
            .with(1, mask("11"), 40, 40)
            .with(1, mask("10"), 1.5f, 77);

    List<float[]> merged = new Krum(0).merge(updates, List.of(new float[] {0, 5}));

    assertThat(merged.get(0)).containsExactly(1, 5);
  }

  /** Why recipes with several widths cannot have it: the rest of the network would never move. */
  @Test
  void krum_ofMostlyNarrowUpdates_takesANarrowOne_howeverMuchTheWholeOnesAgree() {
    SentUpdates updates =
        new SentUpdates()
            .with(1, mask("1111"), 1, 1, 1, 1)
            .with(1, mask("1111"), 1, 1, 1, 1)
            .with(1, mask("1000"), .8f, 77, 77, 77)
            .with(1, mask("1000"), 1, 77, 77, 77)
            .with(1, mask("1000"), 1.2f, 77, 77, 77);
    List<float[]> unchanged = List.of(new float[4]);

    assertThat(new Krum(0).merge(updates, unchanged).get(0)).containsExactly(1, 0, 0, 0);
    assertThat(new Aggregation.CoordinateMedian().merge(updates, unchanged).get(0))
        .containsExactly(1, 1, 1, 1);
    assertThat(new Aggregation.TrimmedMean(1).merge(updates, unchanged).get(0))
        .containsExactly(1, 1, 1, 1);
  }

  @Test
  void rules_withoutClients_changeNothing() {
    for (Aggregation rule :
        List.of(new Aggregation.TrimmedMean(1), new Aggregation.CoordinateMedian(), new Krum(1))) {
      assertThat(merged(rule, SentUpdates.ofValues())).isEqualTo(9);
    }
    assertThat(ONE_UNIT.get(0)).containsExactly(9);
  }

  @Test
  void rules_withNegativeNumbers_areRefused() {
    assertThatThrownBy(() -> new Aggregation.TrimmedMean(-1)).hasMessageContaining("trimmed=-1");
    assertThatThrownBy(() -> new Krum(-1)).hasMessageContaining("faulty=-1");
    assertThatThrownBy(
            () ->
                new Aggregation.CoordinateMedian()
                    .merge(SentUpdates.ofValues(1), List.of(new float[2])))
        .hasMessageContaining("units=2, values=1");
  }

  private static float merged(Aggregation rule, ClientUpdates updates) {
    return rule.merge(updates, ONE_UNIT).get(0)[0];
  }
}
