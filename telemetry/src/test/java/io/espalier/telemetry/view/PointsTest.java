package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class PointsTest {
  private final VoidedSteps voided = new VoidedSteps();
  private final Points points = new Points(voided);

  @Test
  void put_fewPoints_areAllKept() {
    for (int i = 1; i <= Points.MOST; i++) {
      points.put(1, 16L * i, i);
    }

    assertThat(points.size()).isEqualTo(Points.MOST);
    assertThat(points.step(1_234)).isEqualTo(16 * 1_235);
  }

  @Test
  void put_manyPoints_keepPeaksGapAndNewest() {
    for (int i = 1; i <= 10_000; i++) {
      points.put(1, i, i == 1_234 ? 50 : i == 7_777 ? -50 : i == 5_000 ? Double.NaN : 1);
    }

    assertThat(points.size()).isBetween(900, Points.MOST);
    assertThat(asMap(points))
        .containsEntry(1_234L, 50.0)
        .containsEntry(7_777L, -50.0)
        .containsEntry(5_000L, Double.NaN)
        .containsKey(10_000L);
    assertThat(points.json().at("/1").toString()).contains("null");
  }

  @Test
  void put_stepAgain_replacesIt() {
    points.put(1, 3, 1);
    points.put(1, 3, 2);

    assertThat(points.json()).hasToString("[[3],[2.0]]");
  }

  @Test
  void cut_laterSteps_takesBackThoseOfOlderAttemptsAlone() {
    points.put(1, 1, 1);
    points.put(1, 2, 2);
    points.put(2, 3, 3);

    voided.add(3, 3);
    points.put(1, 2, 22);
    points.put(2, 4, 4);

    assertThat(points.json()).hasToString("[[1,2],[1.0,22.0]]");
  }

  @Test
  void cut_attemptThatTookOver_keepsItsPoints() {
    points.put(1, 5, 1);
    points.put(2, 4, 2);

    voided.add(2, 2);

    assertThat(points.json()).hasToString("[[4],[2.0]]");
  }

  @Test
  void put_laterAttempt_takesBackFromItsFirstStepOn() {
    points.put(1, 1, 1);
    points.put(1, 2, 2);
    points.put(1, 3, 3);

    points.put(2, 2, 22);
    points.put(1, 3, 33);

    assertThat(points.json()).hasToString("[[1,2],[1.0,22.0]]");
  }

  @Test
  void put_newestStep_keepsRevision() {
    points.put(1, 1, 1);
    long before = points.revision();

    points.put(1, 2, 1);

    assertThat(points.revision()).isEqualTo(before);
    points.put(1, 1, 2);
    assertThat(points.revision()).isNotEqualTo(before);
  }

  @Test
  void putProvisional_anotherPoint_dropsIt() {
    points.put(1, 1, 1);
    points.putProvisional(1, 2, 9);
    assertThat(points.json()).hasToString("[[1,2],[1.0,9.0]]");

    points.put(1, 3, 3);

    assertThat(points.json()).hasToString("[[1,3],[1.0,3.0]]");
  }

  @Property(tries = 100)
  void put_anySteps_keepOrderExtremesAndNewest(
      @ForAll @IntRange(min = 1, max = 9_000) int size,
      @ForAll @IntRange(min = 1, max = 40) int spread,
      @ForAll long seed) {
    var random = new Random(seed);
    Points series = new Points(new VoidedSteps());
    SortedMap<Long, Double> all = new TreeMap<>();
    long step = 0;
    for (int i = 0; i < size; i++) {
      step += 1 + random.nextInt(spread);
      all.put(step, random.nextGaussian());
      series.put(1, step, all.get(step));
    }

    SortedMap<Long, Double> kept = asMap(series);

    assertThat(series.size()).isEqualTo(kept.size()).isLessThanOrEqualTo(Points.MOST);
    assertThat(all).containsAllEntriesOf(kept);
    assertThat(kept).containsEntry(step, all.get(step));
    assertThat(kept.values())
        .contains(Collections.min(all.values()), Collections.max(all.values()));
    if (size <= Points.MOST) {
      assertThat(kept).isEqualTo(all);
    }
  }

  /**
   * However coarse the series is by then: only points that hold, the newest and what came after.
   */
  @Property(tries = 100)
  void cut_anySeries_keepsOnlyWhatHolds(
      @ForAll @IntRange(min = 1, max = 6_000) int before,
      @ForAll @IntRange(min = 0, max = 6_000) int resumedAt,
      @ForAll @IntRange(min = 1, max = 3_000) int after,
      @ForAll long seed) {
    long from = Math.min(before, resumedAt);
    var random = new Random(seed);
    SortedMap<Long, Double> valid = new TreeMap<>();
    VoidedSteps known = new VoidedSteps();
    Points series = new Points(known);
    for (long step = 1; step <= before; step++) {
      double value = random.nextDouble();
      series.put(1, step, value);
      if (step <= from) {
        valid.put(step, value);
      }
    }
    known.add(2, from + 1);
    for (long step = from + 1; step <= from + after; step++) {
      valid.put(step, 10 + random.nextDouble());
      series.put(2, step, valid.get(step));
    }

    SortedMap<Long, Double> kept = asMap(series);

    assertThat(valid).containsAllEntriesOf(kept);
    assertThat(kept).containsEntry(from + after, valid.get(from + after));
    assertThat(kept.values()).contains(Collections.max(valid.values()));
    if (before + after <= Points.MOST) {
      assertThat(kept).isEqualTo(valid);
    }
  }

  private static SortedMap<Long, Double> asMap(Points points) {
    SortedMap<Long, Double> all = new TreeMap<>();
    List<Long> steps = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      all.put(points.step(i), points.value(i));
      steps.add(points.step(i));
    }
    assertThat(steps).isSorted().doesNotHaveDuplicates();
    return all;
  }
}
