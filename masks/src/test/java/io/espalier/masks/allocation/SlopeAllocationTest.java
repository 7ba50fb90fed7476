package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlopeAllocationTest {
  private static final MemberSettings ECOFLAP =
      MemberSettings.of("ecoflap").with("batches", 2).with("directions", 4).with("spread", .15);

  private static List<Integer> counts(List<ParameterShape> shapes, float... squares) {
    Allocation allocation = Allocations.of(ECOFLAP);
    List<float[]> weights = shapes.stream().map(shape -> new float[shape.size()]).toList();
    List<Mask> all = shapes.stream().map(shape -> Mask.allKept(shape.size())).toList();
    Statistics measured =
        Statistics.none()
            .withArrays(
                allocation.requests().get(0),
                IntStream.range(0, squares.length)
                    .mapToObj(p -> new float[] {squares[p]})
                    .toList());
    List<Integer> sizes = shapes.stream().map(ParameterShape::size).toList();
    long weightsInAll = sizes.stream().mapToLong(Integer::longValue).sum();
    Budget budget =
        new Budget(
            shapes,
            sizes,
            .7,
            weightsInAll * 3 / 10,
            sizes.stream().map(size -> 1).toList(),
            sizes);
    return allocation
        .at(ScoredParameter.all(shapes, weights, all, 0, measured))
        .counts(budget, Ranking.of(weights, all));
  }

  /** Root mean squares of 1, 2, 3 and 4: densities .15, .25, .35 and .45. */
  @Test
  void ecoflap_ofTheWorkedSlopes_hasTheWorkedDensities() {
    List<ParameterShape> shapes =
        IntStream.range(0, 4).mapToObj(p -> Networks.shape("p" + p, 10, 100)).toList();

    assertThat(counts(shapes, 1_000, 4_000, 9_000, 16_000)).containsExactly(150, 250, 350, 450);
  }

  /** Ten times the weights of as large a gradient each. */
  @Test
  void ecoflap_ofLayersOfTwoSizes_comparesThemByWeight() {
    List<ParameterShape> shapes =
        List.of(Networks.shape("small", 10, 10), Networks.shape("large", 10, 100));

    assertThat(counts(shapes, 7, 70)).containsExactly(30, 300);
  }
}
