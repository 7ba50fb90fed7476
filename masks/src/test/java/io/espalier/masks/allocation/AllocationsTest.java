package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.selection.Ranking;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AllocationsTest {
  private static final MemberSettings UNIFORM = MemberSettings.of("uniform");
  private static final MemberSettings ER = MemberSettings.of("er").with("power", 1.0);
  private static final MemberSettings ERK = MemberSettings.of("erk").with("power", 1.0);

  @Test
  void of_anUnknownName_isRefused() {
    assertThatThrownBy(() -> Allocations.of(new MemberSettings("fair", Map.of())))
        .hasMessage(
            "prune.allocation: must name one allocation on the class path: kind=fair, found=[]");
  }

  @Test
  void uniform_withOneDenseAndOneProtectedParameter_followsTheWorkedNumbers() {
    List<ParameterShape> shapes = Networks.convolutions();

    assertThat(counts(UNIFORM, shapes, .9, List.of(432, 1, 1, 128)))
        .containsExactly(432, 371, 1481, 128);
    assertThat(counts(UNIFORM, shapes, .5, List.of(432, 1, 1, 640)))
        .containsExactly(432, 2197, 8787, 640)
        .satisfies(counts -> assertThat(sum(counts)).isEqualTo(12_056));
  }

  @Test
  void uniform_withEqualRemainders_givesTheExtraToTheEarlierParameter() {
    assertThat(counts(UNIFORM, Networks.ofSizes(5, 15), .9)).containsExactly(1, 1);
    assertThat(counts(UNIFORM, Networks.ofSizes(15, 5), .9)).containsExactly(2, 0);
  }

  @Test
  void erdosRenyi_ofLeNet300_followsTheWorkedNumbers() {
    List<ParameterShape> shapes = Networks.leNet300();

    assertDensities(ER, shapes, .9, .079568, .230189, 1);
    assertDensities(ER, shapes, .95, .038484, .111334, .918507);
    assertDensities(ER, shapes, .99, .007697, .022267, .183701);
    assertDensities(ERK, shapes, .9, .079568, .230189, 1);
  }

  @Test
  void erdosRenyi_ofConvolutions_followsTheWorkedNumbers() {
    List<ParameterShape> shapes = Networks.convolutions();

    assertDensities(ERK, shapes, .8, 1, .281731, .13304, 1);
    assertDensities(ER, shapes, .8, 1, .300438, .150219, .37054);
    assertDensities(ERK, shapes, .9, .566298, .114675, .054152, 1);
    assertDensities(ER, shapes, .9, .61936, .14669, .073345, .180918);
  }

  @Test
  void allocations_atTheEnds_keepAllOrTheFloors() {
    for (MemberSettings config : List.of(UNIFORM, ER, ERK, Recipes.GLOBAL)) {
      assertThat(counts(config, Networks.convolutions(), 0)).containsExactly(432, 4608, 18432, 640);
      assertThat(counts(config, Networks.convolutions(), 1, List.of(0, 0, 0, 0)))
          .containsExactly(0, 0, 0, 0);
    }
  }

  @Test
  void global_ofACollapsedLayer_keepsItsMinimum_andTheTotal() {
    List<ParameterShape> shapes = Networks.ofSizes(1000, 1000);
    List<float[]> scores = List.of(new float[1000], Networks.weights(shapes, 1).get(1));
    for (int unit = 0; unit < 1000; unit++) {
      scores.get(1)[unit] = 1 + Math.abs(scores.get(1)[unit]);
    }
    List<Integer> floors = List.of(Counts.minKeep(.005, 1000), Counts.minKeep(.005, 1000));

    List<Integer> counts =
        Allocations.of(Recipes.GLOBAL)
            .counts(
                new Budget(shapes, .9, 200, floors, List.of(1000, 1000)),
                Ranking.of(scores, shapes.stream().map(s -> Mask.allKept(s.size())).toList()));

    assertThat(counts).containsExactly(5, 195);
  }

  @Test
  void global_ofLayersOnOneScale_isUniformInExpectation() {
    List<Integer> counts = counts(Recipes.GLOBAL, Networks.ofSizes(100_000, 50_000), .9);

    assertThat(counts.get(0)).isCloseTo(10_000, within(300));
    assertThat(sum(counts)).isEqualTo(15_000);
  }

  @Test
  void budget_thatCannotBeMet_isRefused() {
    List<ParameterShape> shapes = Networks.ofSizes(10, 10);

    assertThatThrownBy(() -> new Budget(shapes, .5, 10, List.of(6, 6), List.of(10, 10)))
        .hasMessageContaining("kept=10, floors=12");
    assertThatThrownBy(() -> new Budget(shapes, .5, 10, List.of(1, 1), List.of(4, 5)))
        .hasMessageContaining("caps=9");
    assertThatThrownBy(() -> new Budget(shapes, .5, 10, List.of(5, 1), List.of(4, 9)))
        .hasMessageContaining("parameter=p0, floor=5, cap=4");
    assertThatThrownBy(() -> new Budget(shapes, .5, 10, List.of(5), List.of(4, 9)))
        .hasMessageContaining("floors=1");
  }

  private static void assertDensities(
      MemberSettings config, List<ParameterShape> shapes, double sparsity, double... worked) {
    List<Integer> counts = counts(config, shapes, sparsity);
    for (int p = 0; p < worked.length; p++) {
      int size = shapes.get(p).size();
      assertThat((double) counts.get(p)).isCloseTo(worked[p] * size, within(1 + 5e-7 * size));
    }
    long total = shapes.stream().mapToLong(ParameterShape::size).sum();
    assertThat(sum(counts)).isEqualTo(Counts.kept(sparsity, total));
  }

  private static long sum(List<? extends Integer> counts) {
    return counts.stream().mapToLong(Integer::longValue).sum();
  }

  private static List<Integer> counts(
      MemberSettings config, List<ParameterShape> shapes, double sparsity) {
    return counts(config, shapes, sparsity, Collections.nCopies(shapes.size(), 0));
  }

  private static List<Integer> counts(
      MemberSettings config, List<ParameterShape> shapes, double sparsity, List<Integer> floors) {
    List<Integer> sizes = shapes.stream().map(ParameterShape::size).toList();
    long total = sum(sizes);
    List<float[]> scores = Networks.weights(shapes, 3);
    scores.forEach(
        array -> {
          for (int i = 0; i < array.length; i++) {
            array[i] = Math.abs(array[i]);
          }
        });
    Ranking ranking = Ranking.of(scores, sizes.stream().map(Mask::allKept).toList());
    Budget budget = new Budget(shapes, sparsity, Counts.kept(sparsity, total), floors, sizes);
    return Allocations.of(config).counts(budget, ranking);
  }
}
