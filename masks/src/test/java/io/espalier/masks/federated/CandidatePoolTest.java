package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.Scores;
import io.espalier.masks.selection.Ranking;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CandidatePoolTest {
  private static final List<ParameterShape> SHAPES = Networks.convolutions();
  private static final MaskSet DENSE = Networks.dense(SHAPES);
  private static final List<float[]> WEIGHTS = Networks.weights(SHAPES, 1);
  private static final Score MAGNITUDE = Scores.of(MemberSettings.of("magnitude"), 7);

  /** Known mistake: candidates that are new initialisations, not other densities. */
  @Test
  void candidates_ofOnePool_differInDensities_neverInWeights() {
    List<MaskSet> candidates =
        CandidatePool.of(DENSE, WEIGHTS, MAGNITUDE, .9, .5, 7).candidates(10);

    assertThat(candidates).hasSize(10).doesNotHaveDuplicates();
    for (MaskSet candidate : candidates) {
      assertThat(candidate.version()).isEqualTo(new MaskVersion(1));
      List<Integer> counts = candidate.masks().stream().map(Mask::kept).toList();
      assertThat(candidate.masks())
          .isEqualTo(Ranking.ofMagnitudes(WEIGHTS, DENSE.masks()).top(counts));
    }
    for (int p = 0; p < SHAPES.size(); p++) {
      int parameter = p;
      assertThat(candidates.stream().map(each -> each.masks().get(parameter).kept()).distinct())
          .hasSizeGreaterThan(5);
    }
  }

  @Test
  void densities_areWithinTheirSpread_upToOneCommonScale() {
    for (MaskSet candidate :
        CandidatePool.of(DENSE, WEIGHTS, MAGNITUDE, .9, .5, 7).candidates(50)) {
      List<Double> densities =
          candidate.masks().stream().map(mask -> (double) mask.kept() / mask.size()).toList();
      double least = densities.stream().mapToDouble(each -> each).min().orElseThrow();
      double most = densities.stream().mapToDouble(each -> each).max().orElseThrow();

      assertThat(most / least).isLessThan(1.5 / .5 * 1.05);
    }
  }

  @Test
  void candidates_ofAnotherScore_keepItsBest() {
    Score random = Scores.of(MemberSettings.of("random"), 7);
    MaskSet drawn = CandidatePool.of(DENSE, WEIGHTS, random, .9, .5, 7).candidates(1).get(0);
    MaskSet largest = CandidatePool.of(DENSE, WEIGHTS, MAGNITUDE, .9, .5, 7).candidates(1).get(0);

    assertThat(drawn.masks().stream().map(Mask::kept))
        .containsExactlyElementsOf(largest.masks().stream().map(Mask::kept).toList());
    assertThat(drawn.masks()).isNotEqualTo(largest.masks());
  }

  @Test
  void candidates_dependOnSeedAndIndexAlone() {
    List<MaskSet> ten = CandidatePool.of(DENSE, WEIGHTS, MAGNITUDE, .9, .5, 7).candidates(10);

    assertThat(CandidatePool.of(DENSE, WEIGHTS, MAGNITUDE, .9, .5, 7).candidates(3))
        .isEqualTo(ten.subList(0, 3));
    assertThat(CandidatePool.of(DENSE, WEIGHTS, MAGNITUDE, .9, .5, 8).candidates(3))
        .isNotEqualTo(ten.subList(0, 3));
  }

  @Property(tries = 200, seed = "1")
  void candidates_ofAnyNetwork_meetTheDensityExactly(
      @ForAll @IntRange(min = 1, max = 8) int parameters,
      @ForAll @DoubleRange(min = 0, max = 1) double sparsity,
      @ForAll @DoubleRange(min = 0, max = .99) double spread,
      @ForAll long seed) {
    Random random = new Random(seed);
    Integer[] sizes = new Integer[parameters];
    for (int p = 0; p < parameters; p++) {
      sizes[p] = 1 + random.nextInt(200);
    }
    List<ParameterShape> shapes = Networks.ofSizes(sizes);
    MaskSet dense = Networks.dense(shapes);
    double possible = Math.min(sparsity, 1 - (double) parameters / dense.total());

    for (MaskSet candidate :
        CandidatePool.of(dense, Networks.weights(shapes, seed), MAGNITUDE, possible, spread, seed)
            .candidates(4)) {
      assertThat(candidate.kept()).isEqualTo(Counts.kept(possible, dense.total()));
      assertThat(candidate.masks()).allMatch(mask -> mask.kept() >= 1);
    }
  }

  @Test
  void pool_withoutRoomOrSpread_isRefused() {
    assertThatThrownBy(() -> CandidatePool.of(DENSE, WEIGHTS, MAGNITUDE, 1, .5, 7))
        .hasMessageContaining("kept=0, floors=4");
    assertThatThrownBy(() -> CandidatePool.of(DENSE, WEIGHTS, MAGNITUDE, .9, 1, 7))
        .hasMessageContaining("spread=1.0");
  }
}
