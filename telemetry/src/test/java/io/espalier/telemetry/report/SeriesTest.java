package io.espalier.telemetry.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.report.Series.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SeriesTest {
  @Test
  void thinned_spikes_areKept() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      points.add(new Point(i, i == 1_234 ? 50 : i == 7_777 ? -50 : 1));
    }

    Series thinned = new Series(points).thinned(100);

    assertThat(thinned.points()).contains(new Point(1_234, 50), new Point(7_777, -50));
    assertThat(thinned.points()).hasSizeLessThanOrEqualTo(100);
  }

  @Test
  void thinned_fewPoints_areUntouched() {
    Series series = new Series(List.of(new Point(1, 2), new Point(3, 4)));

    assertThat(series.thinned(2)).isSameAs(series);
  }

  @Property(tries = 200)
  void thinned_anySeries_keepsOrderAndExtremes(
      @ForAll @IntRange(min = 1, max = 3_000) int size, @ForAll long seed) {
    var random = new Random(seed);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      points.add(new Point(i, random.nextGaussian()));
    }

    List<Point> thinned = new Series(points).thinned(200).points();

    Comparator<Point> byValue = Comparator.comparingDouble(Point::value);
    assertThat(thinned).hasSizeLessThanOrEqualTo(200).isSubsetOf(points);
    assertThat(thinned).isSortedAccordingTo(Comparator.comparingLong(Point::step));
    assertThat(thinned)
        .contains(points.stream().min(byValue).orElseThrow())
        .contains(points.stream().max(byValue).orElseThrow());
  }
}
