package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.espalier.bench.cost.StepTimesBySparsity.Timed;
import io.espalier.bench.cost.StepTimesBySparsity.TimedTorch;
import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepTimesBySparsityTest {
  private static final long FLOP = 200_000_000;
  private static final List<Double> ENGINE = List.of(2e-3, 2e-3);
  private static final List<Double> SPARSE = List.of(0.25e-3, 0.25e-3);
  private static final List<Double> BLOCKS = List.of(0.4e-3, 0.4e-3);
  private static final List<Double> NARROW = List.of(0.5e-3, 0.5e-3);

  @Test
  void figures_dense_haveItsRate_besideEachRatioToo() {
    List<Figure> figures = times(Instructions.MACHINE, Optional.empty()).figures();

    assertThat(figures)
        .extracting(Figure::what)
        .containsExactly(
            "dense step, GFLOP/s",
            "dense step / sparse step at 95%",
            "dense step / step of fewer channels at 95%",
            "dense step / step of kept blocks 16x1 (uniform) at 95%");
    assertThat(figures.get(0).ratio().median()).isCloseTo(100, within(1e-9));
    assertThat(figures.get(0).basis())
        .isEqualTo("200.0 MFLOP / 2.00 ms with avx512 (GenuineIntel)");
    assertThat(figures.get(1).ratio().median()).isCloseTo(8, within(1e-9));
    assertThat(figures.get(1).basis()).isEqualTo("2.00 ms at 100 GFLOP/s / 0.25 ms");
  }

  @Test
  void figures_torchIsFaster_addRatiosToItsDenseStep() {
    List<Figure> figures = timesBesideTorch(List.of(1e-3, 1e-3)).figures();

    assertThat(figures)
        .extracting(Figure::what)
        .endsWith(
            "dense step / dense step of PyTorch",
            "dense step of PyTorch, GFLOP/s",
            "fastest dense step (PyTorch) / sparse step at 95%",
            "fastest dense step (PyTorch) / step of kept blocks 16x1 (uniform) at 95%");
    assertThat(figures.get(5).ratio().median()).isCloseTo(200, within(1e-9));
    assertThat(figures.get(6).ratio().median()).isCloseTo(4, within(1e-9));
    assertThat(figures.get(7).ratio().median()).isCloseTo(2.5, within(1e-9));
    assertThat(figures.get(6).basis())
        .isEqualTo("1.00 ms at 200 GFLOP/s / 0.25 ms with PyTorch 2.6.0, BLAS openblas");
  }

  @Test
  void figures_torchIsSlower_haveRatiosToTheEngineAlone() {
    assertThat(timesBesideTorch(List.of(3e-3, 3e-3)).figures())
        .extracting(Figure::what)
        .hasSize(6)
        .noneMatch(what -> what.startsWith("fastest"));
  }

  @Test
  void figures_avx2Only_areNamedSo() {
    assertThat(times(Instructions.AVX2, Optional.empty()).figures())
        .extracting(Figure::what)
        .allMatch(what -> what.endsWith(", AVX2 only"));
  }

  @Test
  void figures_leastSpeedUp_isTheBudgetOfItsContenderAlone() {
    assertThat(timesBesideTorch(List.of(1e-3, 1e-3)).figures())
        .filteredOn(figure -> figure.budget().isPresent())
        .extracting(Figure::what, figure -> figure.budget().orElseThrow())
        .containsExactly(tuple("dense step / sparse step at 95%", Budget.atLeast(7)));
  }

  @Test
  void shares_kindThatTheNetworkLacks_areEmpty() {
    StepTimesBySparsity times = times(Instructions.MACHINE, Optional.empty());

    assertThat(times.shares(StepKind.WEIGHTS)).containsExactly(entry("95%", 0.125));
    assertThat(times.shares(StepKind.BLOCKS_UNIFORM)).containsExactly(entry("95%", 0.2));
    assertThat(times.shares(StepKind.BLOCKS_GLOBAL)).isEmpty();
  }

  private static StepTimesBySparsity timesBesideTorch(List<Double> torch) {
    return times(
        Instructions.MACHINE, Optional.of(new TimedTorch("PyTorch 2.6.0, BLAS openblas", torch)));
  }

  private static StepTimesBySparsity times(Instructions instructions, Optional<TimedTorch> torch) {
    return new StepTimesBySparsity(
        "lenet-300-100",
        instructions,
        "avx512 (GenuineIntel)",
        FLOP,
        ENGINE,
        List.of(
            timed(StepKind.WEIGHTS, 7, SPARSE),
            timed(StepKind.CHANNELS, 0, NARROW),
            timed(StepKind.BLOCKS_UNIFORM, 0, BLOCKS)),
        torch);
  }

  private static Timed timed(StepKind kind, double leastSpeedUp, List<Double> seconds) {
    return new Timed(new StepContender(kind, "95%", "", List.of(), leastSpeedUp), seconds);
  }
}
