package io.espalier.bench.cost;

import io.espalier.bench.harness.BenchOutput;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "masks",
    description = {
      "Measures exact global selection against the time to read the scores twice, and masks on the"
          + " wire against their entropy; parameters as in ResNet-50.",
      "",
      "Every figure is a ratio within this run: contenders take turns, and the median of the rounds"
          + " stands with its quartiles. Times are processor times of one thread. Reading is a"
          + " plain loop that adds up the bits of all scores. Entropy is log2 of the binomial"
          + " coefficient of each parameter's actual counts; of an update, over the units that may"
          + " flip, or of the full masks if that is less. The table is DIR/table.md, the same"
          + " figures DIR/results.json."
    })
final class BenchMasksCommand implements Callable<Integer> {
  private static final int WIRE_UNITS = 1_000_000;

  /** Weights and four kinds of scores, in floats, with room for masks. */
  private static final int BYTES_PER_UNIT = 24;

  @Option(
      names = "--units",
      defaultValue = "25600000",
      description = "Scores to select from (default: ${DEFAULT-VALUE}).")
  private int units;

  @Mixin private RoundOption roundOption = new RoundOption(15);

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException {
    int rounds = roundOption.count();
    requireSizes();
    output.directory();
    SampleShapes network = SampleShapes.of(units);
    int few = Math.min(units, WIRE_UNITS);
    output.say("selection from %,d scores, %d rounds …", units, rounds);
    output.add(SelectionCost.measure(network, rounds));
    output.say("masks of %,d units on the wire …", few);
    output.add(WireCost.sizes(SampleShapes.ofOneParameter(few), List.of(0.5, 0.1, 0.05, 0.02)));
    output.add(WireCost.sizesOfSmall(SampleShapes.of(few), List.of(0.1, 0.02)));
    output.say("masks of %,d units on the wire, %d rounds …", units, rounds);
    output.add(WireCost.sizesAndTimes(network, List.of(0.1, 0.02), rounds));
    output.finish();
    return ExitCode.OK;
  }

  private void requireSizes() {
    output.require(
        units >= SampleShapes.FEWEST,
        "--units must be %d or more: units=%d",
        SampleShapes.FEWEST,
        units);
    long heap = Runtime.getRuntime().maxMemory();
    output.require(
        (long) units * BYTES_PER_UNIT <= heap,
        "--units must leave %d bytes of heap for each: units=%d, heap=%d; choose fewer, or more"
            + " heap by ESPALIER_JAVA_OPTS=-Xmx…",
        BYTES_PER_UNIT,
        units,
        heap);
  }
}
