package io.espalier.bench.cost;

import io.espalier.bench.harness.BenchOutput;
import io.espalier.cli.console.RecipeOverrides;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "sparse",
    description = {
      "Measures steps that compute with kept weights only against dense steps of the engine;"
          + " Fashion-MNIST, batches of 128, weights pruned by magnitude over the whole network."
          + " Beside them stand dense steps of the same network with fewer channels, which has as"
          + " small a share of the multiply-accumulates, and steps of PyTorch where a Python with"
          + " torch is installed.",
      "",
      "Every figure is a ratio within this run: contenders take turns, each in a process of its"
          + " own, timed by processor time, and the median of the rounds stands with its quartiles."
          + " Leave the machine alone meanwhile. The table is DIR/table.md, the same figures"
          + " DIR/results.json, a picture of them DIR/steps.svg."
    })
final class BenchSparseCommand implements Callable<Integer> {
  @Option(
      names = "--networks",
      split = ",",
      paramLabel = "MODEL",
      defaultValue = "lenet-300-100,mlp-1024-1024,resnet-20",
      description = "Networks to measure (default: ${DEFAULT-VALUE}).")
  private List<String> networks = SparseCost.names();

  @Mixin private RoundOption roundOption = new RoundOption(15);

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "4",
      description = "Seconds of steps before a network is timed (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException {
    int rounds = roundOption.count();
    output.require(
        warmUp >= 0 && Double.isFinite(warmUp), "--warm-up must be 0 or more: seconds=%s", warmUp);
    output.require(
        SparseCost.names().containsAll(networks),
        "--networks must be of %s: networks=%s",
        SparseCost.names(),
        networks);
    output.directory();
    List<StepTimesBySparsity> measured = new ArrayList<>();
    for (String network : networks) {
      output.say("%s: steps …", network);
      measured.add(SparseCost.measure(network, overrides.values(), warmUp, rounds));
      output.add(measured.get(measured.size() - 1).figures());
    }
    output.write("steps.svg", StepPicture.svg(measured));
    output.finish();
    return ExitCode.OK;
  }
}
