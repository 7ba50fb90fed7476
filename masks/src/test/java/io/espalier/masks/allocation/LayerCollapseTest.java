package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.masks.Counts;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores that would empty a layer, under each built-in allocation of weights. */
class LayerCollapseTest {
  private static final double MIN_KEEP = .005;
  private static final List<ParameterShape> SHAPES =
      List.of(
          Networks.shape("a", 20, 10),
          Networks.shape("b", 40, 20),
          Networks.shape("c", 100, 40),
          Networks.shape("d", 10, 20));

  static Stream<MemberSettings> allocations() {
    return new Allocations()
        .list().stream()
            .filter(AllocationProvider::sharesWeights)
            .map(each -> each.keys().standard(each.name()).orElseThrow());
  }

  static Stream<MemberSettings> scales() {
    return Stream.of(ScoreScale.values())
        .map(
            scale ->
                PluginRegistry.installed()
                    .named(PluginKind.ALLOCATION, "global")
                    .get(0)
                    .keys()
                    .standard("global")
                    .orElseThrow()
                    .with("normalize", scale.word()));
  }

  @ParameterizedTest
  @MethodSource({"allocations", "scales"})
  void counts_whereOneLayerIsZero_protectItsShare_andKeepTheTotal(MemberSettings settings) {
    for (int empty = 0; empty < SHAPES.size(); empty++) {
      List<float[]> weights = new ArrayList<>(Networks.weights(SHAPES, 7));
      weights.set(empty, new float[SHAPES.get(empty).size()]);
      AllocationCase worst = AllocationCase.of(SHAPES, weights).protecting(MIN_KEEP);

      List<Integer> counts = worst.counts(settings, .9);

      assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(520);
      for (int p = 0; p < counts.size(); p++) {
        assertThat(counts.get(p))
            .as("%s: %s", settings, SHAPES.get(p))
            .isBetween(Counts.minKeep(MIN_KEEP, SHAPES.get(p).size()), SHAPES.get(p).size());
      }
    }
  }

  /** A share that always stays is a largest share that goes: at most 60 % of each. */
  @ParameterizedTest
  @MethodSource({"allocations", "scales"})
  void counts_underAHighFloor_pruneNoLayerFurther(MemberSettings settings) {
    AllocationCase capped = AllocationCase.of(SHAPES).protecting(.4);

    List<Integer> counts = capped.counts(settings, .5);

    assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(2600);
    for (int p = 0; p < counts.size(); p++) {
      assertThat(counts.get(p)).isGreaterThanOrEqualTo(SHAPES.get(p).size() * 2 / 5);
    }
  }
}
