package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.selection.Ranking;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class AllocationPropertiesTest {
  private static final List<MemberSettings> FAMILY =
      List.of(
          MemberSettings.of("uniform"),
          Recipes.GLOBAL,
          MemberSettings.of("er").with("power", 1.0),
          MemberSettings.of("er").with("power", 0.5),
          MemberSettings.of("erk").with("power", 1.0),
          MemberSettings.of("erk").with("power", 3.0),
          Recipes.GLOBAL.with("normalize", "z-score"),
          MemberSettings.of("balanced"),
          MemberSettings.of("pyramidal"),
          MemberSettings.of("erk-plus").with("power", 1.0).with("last", 0.3));

  @Property(tries = 400, seed = "1")
  void counts_ofAnyNetwork_sumExactly_withinFloorsAndCaps(
      @ForAll @IntRange(min = 1, max = 8) int parameters,
      @ForAll @IntRange(min = 0, max = 9) int member,
      @ForAll @DoubleRange(min = 0, max = 1) double sparsity,
      @ForAll @DoubleRange(min = 0, max = 1) double load,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<ParameterShape> shapes = shapes(parameters, random);
    List<Mask> candidates = new ArrayList<>();
    List<Integer> floors = new ArrayList<>();
    for (ParameterShape shape : shapes) {
      Mask candidate = Networks.randomMask(shape.size(), load, random.nextLong());
      candidates.add(candidate);
      floors.add(Math.min(candidate.kept(), Counts.minKeep(.05, shape.size())));
    }
    List<Integer> caps = candidates.stream().map(Mask::kept).toList();
    long total = shapes.stream().mapToLong(ParameterShape::size).sum();
    long kept = Math.max(sum(floors), Math.min(sum(caps), Counts.kept(sparsity, total)));
    Budget budget = new Budget(shapes, sparsity, kept, floors, caps);
    Ranking ranking = Ranking.of(scores(shapes, random), candidates);
    Allocation allocation = Allocations.of(FAMILY.get(member));

    List<Integer> counts = allocation.counts(budget, ranking);

    assertThat(sum(counts)).isEqualTo(kept);
    for (int p = 0; p < parameters; p++) {
      assertThat(counts.get(p)).isBetween(floors.get(p), caps.get(p));
    }
    assertThat(allocation.counts(budget, ranking)).isEqualTo(counts);
  }

  private static List<ParameterShape> shapes(int parameters, Random random) {
    List<ParameterShape> shapes = new ArrayList<>();
    for (int p = 0; p < parameters; p++) {
      int kernel = 1 + random.nextInt(5);
      shapes.add(
          Networks.shape("p" + p, 1 + random.nextInt(16), 1 + random.nextInt(16), kernel, kernel));
    }
    return shapes;
  }

  private static List<float[]> scores(List<ParameterShape> shapes, Random random) {
    List<float[]> scores = new ArrayList<>();
    for (ParameterShape shape : shapes) {
      float[] array = new float[shape.size()];
      for (int i = 0; i < array.length; i++) {
        array[i] = random.nextInt(20) / 4f;
      }
      scores.add(array);
    }
    return scores;
  }

  private static long sum(List<Integer> counts) {
    return counts.stream().mapToLong(Integer::longValue).sum();
  }
}
