package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.bench.harness.Figure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepTimesBySparsityTest {
  private static final long FLOP = 200_000_000;
  private static final List<Double> ENGINE = List.of(2e-3, 2e-3);
  private static final List<Double> SPARSE = List.of(0.25e-3, 0.25e-3);
  private static final List<Double> NARROW = List.of(0.5e-3, 0.5e-3);

  @Test
  void figures_dense_haveItsRate_besideEachRatioToo() {
    List<Figure> figures = times(Optional.empty(), List.of(ENGINE, SPARSE, NARROW)).figures();

    assertThat(figures)
        .extracting(Figure::what)
        .containsExactly(
            "dense step, GFLOP/s",
            "dense step / sparse step at 95%",
            "dense step / step of fewer channels at 95%");
    assertThat(figures.get(0).ratio().median()).isCloseTo(100, within(1e-9));
    assertThat(figures.get(0).basis()).isEqualTo("200.0 MFLOP / 2.00 ms");
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
            "fastest dense step (PyTorch) / sparse step at 95%");
    assertThat(figures.get(4).ratio().median()).isCloseTo(200, within(1e-9));
    assertThat(figures.get(5).ratio().median()).isCloseTo(4, within(1e-9));
    assertThat(figures.get(5).basis())
        .isEqualTo("1.00 ms at 200 GFLOP/s / 0.25 ms with PyTorch 2.6.0, BLAS openblas");
  }

  @Test
  void figures_torchIsSlower_haveRatiosToTheEngineAlone() {
    assertThat(timesBesideTorch(List.of(3e-3, 3e-3)).figures())
        .extracting(Figure::what)
        .hasSize(5)
        .noneMatch(what -> what.startsWith("fastest"));
  }

  private static StepTimesBySparsity timesBesideTorch(List<Double> torch) {
    return times(
        Optional.of("PyTorch 2.6.0, BLAS openblas"), List.of(ENGINE, SPARSE, NARROW, torch));
  }

  private static StepTimesBySparsity times(Optional<String> torch, List<List<Double>> seconds) {
    return new StepTimesBySparsity("lenet-300-100", Map.of("95%", 7.0), FLOP, torch, seconds);
  }
}
