package io.espalier.bench.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.bench.harness.Figure;
import io.espalier.console.CommandRefusedException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DashboardFiguresTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void latencies_ofAView_becomeMedianAndPercentile_inSeconds() throws Exception {
    String latencies = IntStream.rangeClosed(1, 100).mapToObj(each -> "" + 20 * each).toList() + "";

    List<Figure> figures =
        ViewLatencies.of(
                JSON.readTree("{\"latencies\":%s,\"longTasks\":[60,210]}".formatted(latencies)),
                "list")
            .figures();

    assertThat(figures.get(0).ratio().median()).isCloseTo(1.01, within(1e-9));
    assertThat(figures.get(1).ratio().median()).isCloseTo(1.9, within(1e-9));
    assertThat(figures.get(1).verdict()).isEqualTo("missed");
    assertThat(figures.get(1).basis()).isEqualTo("longest 2.000 s");
    assertThat(figures.get(2).ratio().median()).isCloseTo(0.21, within(1e-9));
  }

  @Test
  void percentile_ofFewLatencies_isTheLargest() {
    assertThat(new ViewLatencies("list", List.of(0.3, 0.1, 0.2), List.of()).percentile())
        .isEqualTo(0.3);
  }

  @Test
  void view_thatShowedNothing_isNoResult() {
    assertThatThrownBy(() -> new ViewLatencies("list", List.of(), List.of()))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessageContaining("view=list");
  }

  @Test
  void draws_becomeFigures_andABrowserThatTellsNoPaintHasNone() throws Exception {
    List<Figure> figures =
        DrawTimes.of(
                JSON.readTree(
                    "{\"paints\":[],\"lists\":[2500,1500,1600],\"runs\":[300,200,100],\"longTasks\":[0,70,0]}"),
                200,
                200)
            .figures();

    assertThat(figures.stream().map(Figure::what))
        .containsExactly(
            "seconds to the list of runs",
            "seconds to the first chart of a run",
            "seconds of the longest task while drawing");
    assertThat(figures.get(0).ratio().median()).isEqualTo(1.6);
    assertThat(figures.get(0).basis()).isEqualTo("2.50 s the first time");
    assertThat(figures.get(0).verdict()).isEqualTo("holds");
    assertThat(figures.get(2).verdict()).isEmpty();
  }
}
