package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.bench.cost.StepTimesBySparsity.Timed;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepPictureTest {
  private static final int PANEL = 300;

  @Test
  void svg_sixNetworks_standInRowsOfFour() {
    String svg = StepPicture.svg(IntStream.range(0, 6).mapToObj(i -> times("net-" + i)).toList());

    assertThat(svg)
        .contains("width=\"%d\"".formatted(4 * PANEL))
        .contains("translate(900 18)", "translate(0 294)", "translate(300 294)")
        .doesNotContain("translate(1200");
    assertThat(svg).contains("net-0", "net-5", "kept blocks 16x1, uniform");
  }

  @Test
  void svg_oneSparsityOfAKind_isAPointAtItsPlaceWithoutALine() {
    String svg = StepPicture.svg(List.of(times("net")));

    assertThat(svg.split("<polyline", -1)).hasSize(1 + 2);
    assertThat(svg.split("<circle", -1)).hasSize(1 + 2 + 2 + 1);
    assertThat(svg)
        .contains("<circle cx=\"217.5\" cy=\"101.0\" r=\"3\" fill=\"#15803d\"/>")
        .contains("<polyline points=\"104.5,150.0 217.5,199.0\"");
  }

  /** Kept weights take 0.5 and 0.25 of the dense step, blocks 0.75 at the second sparsity. */
  private static StepTimesBySparsity times(String network) {
    return new StepTimesBySparsity(
        network,
        Instructions.MACHINE,
        "avx2",
        1,
        List.of(1.0),
        List.of(
            timed(StepKind.WEIGHTS, "80%", 0.5),
            timed(StepKind.WEIGHTS, "90%", 0.25),
            timed(StepKind.BLOCKS_UNIFORM, "90%", 0.75)),
        Optional.empty());
  }

  private static Timed timed(StepKind kind, String sparsity, double seconds) {
    return new Timed(new StepContender(kind, sparsity, "", List.of(), 0), List.of(seconds));
  }
}
