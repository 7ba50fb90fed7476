package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepCasesTest {
  @ParameterizedTest
  @CsvSource({
    "lenet-300-100, 0.85",
    "mlp-1024-1024, 0.75",
    "char-lm, 1",
    "tiny-vit, 1",
    "lenet-5, 1.1",
    "resnet-20, 1.15"
  })
  void named_denseStepsInJava_takeAtMostAShareOfTheEngines(String network, double share) {
    assertThat(dense(StepCases.named(network)).leastSpeedUp()).isCloseTo(1 / share, within(1e-12));
  }

  @Test
  void all_avx2Only_boundDenseStepsAlone() {
    for (StepCase each : StepCases.all()) {
      StepCase held = each.with(Instructions.AVX2);

      assertThat(held.contenders())
          .filteredOn(contender -> contender.leastSpeedUp() > 0)
          .containsExactly(dense(held));
      assertThat(dense(held).leastSpeedUp()).isCloseTo(1 / 1.3, within(1e-12));
      assertThat(of(held, StepKind.CHANNELS)).isEmpty();
    }
  }

  @Test
  void named_blocksOfResNet20_areBoundWhereAllLayersArePrunedAlike() {
    StepCase network = StepCases.named("resnet-20");

    assertThat(shares(network, StepKind.BLOCKS_UNIFORM))
        .isEqualTo(Map.of("80%", 0.45, "90%", 0.33, "95%", 0.28));
    assertThat(shares(network, StepKind.BLOCKS_GLOBAL)).isEmpty();
    assertThat(of(network, StepKind.BLOCKS_GLOBAL))
        .extracting(StepContender::sparsity)
        .containsExactly("80%", "90%", "95%");
    assertThat(of(network, StepKind.BLOCKS_UNIFORM))
        .allSatisfy(
            contender ->
                assertThat(contender.settings())
                    .contains(
                        "prune.granularity=\"block 16x1\"",
                        "prune.allocation=uniform",
                        "prune.exclude=[\"stem.*\",\"output.*\"]"));
  }

  @Test
  void named_networkOfFixedChannels_hasNoNarrowOne() {
    assertThat(of(StepCases.named("lenet-5"), StepKind.CHANNELS)).isEmpty();
    assertThat(of(StepCases.named("tiny-vit"), StepKind.CHANNELS))
        .extracting(StepContender::sparsity)
        .containsExactly("0%", "80%", "90%", "95%");
  }

  private static StepContender dense(StepCase network) {
    return network.contenders().stream().filter(StepContender::isDense).findFirst().orElseThrow();
  }

  private static List<StepContender> of(StepCase network, StepKind kind) {
    return network.contenders().stream().filter(each -> each.kind() == kind).toList();
  }

  private static Map<String, Double> shares(StepCase network, StepKind kind) {
    return of(network, kind).stream()
        .filter(each -> each.leastSpeedUp() > 0)
        .collect(
            Collectors.toMap(
                StepContender::sparsity, each -> Math.round(1e6 / each.leastSpeedUp()) / 1e6));
  }
}
