package io.espalier.bench.cost;

import io.espalier.bench.cost.StepTimesBySparsity.TimedTorch;
import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.Figure;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.source.DataHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "sparse",
    description = {
      "Measures steps in plain Java against dense steps of the engine, in one thread each:"
          + " Fashion-MNIST, batches of 128, weights pruned by magnitude over the whole network;"
          + " char-lm and tiny-vit: all layers but the embeddings by the same share, char-lm with"
          + " the bundled text, batches of 32 texts of 64 characters. Beside them stand dense"
          + " steps of the same network with fewer channels, which has as small a share of the"
          + " multiply-accumulates (not of lenet-5, whose channels are fixed); steps on kept blocks"
          + " of 16x1 weights, of resnet-20 by magnitude over the whole network and by the same"
          + " share of all layers but the first and the last; and dense steps of PyTorch where a"
          + " Python with torch is installed and torch_step.py has the network (char-lm: bench"
          + " language): the rate of both in GFLOP/s, and, where PyTorch is the faster, ratios to"
          + " its step too.",
      "",
      "Then whole runs of lenet-300-100, resnet-20 (blocks, a part of the images) and char-lm (two"
          + " epochs) with train.threads=1, against those of the engine; and, of lenet-300-100,"
          + " predictions of one example against ONNX Runtime, and the peak memory of runs and of"
          + " a federation's device. With --instructions avx2, steps only, without those of"
          + " fewer channels.",
      "",
      "Every figure is a ratio within this run: contenders take turns, each in a process of its"
          + " own. Steps are timed by processor time, runs from the start of Java to its end, and"
          + " the median of the rounds stands with its quartiles. Leave the machine alone"
          + " meanwhile. The table is DIR/table.md, the same figures DIR/results.json, a picture of"
          + " the steps DIR/steps.svg. Linux only."
    })
final class BenchSparseCommand implements Callable<Integer> {
  private static final String WHOLE = "lenet-300-100";
  private static final double LEAST_SPEED_UP = 2;
  private static final String REFERENCE = "BLAS reference";

  @Option(
      names = "--networks",
      split = ",",
      paramLabel = "MODEL",
      defaultValue = "lenet-300-100,mlp-1024-1024,lenet-5,resnet-20,char-lm,tiny-vit",
      description = "Networks to measure (default: ${DEFAULT-VALUE}).")
  private List<String> networks = StepCases.names();

  @Option(
      names = "--instructions",
      paramLabel = "SET",
      defaultValue = "machine",
      description =
          "Of Java, the engine and PyTorch: machine, what the processor has, or avx2, which is"
              + " -XX:UseAVX=2 and the same capability of the others (default: ${DEFAULT-VALUE}).")
  private Instructions instructions = Instructions.MACHINE;

  @Mixin private RoundOption roundOption = new RoundOption(15);

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "4",
      description = "Seconds of steps before a network is timed (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "Rounds of whole runs, ten minutes each; 0 leaves them out (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--edge-jar",
      paramLabel = "FILE",
      description = "Program of the device (default: the espalier-edge.jar of the build).")
  private Optional<Path> edgeJar = Optional.empty();

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int rounds = roundOption.count();
    output.require(
        warmUp >= 0 && Double.isFinite(warmUp), "--warm-up must be 0 or more: seconds=%s", warmUp);
    output.require(
        StepCases.names().containsAll(networks),
        "--networks must be of %s: networks=%s",
        StepCases.names(),
        networks);
    String architecture = System.getProperty("os.arch");
    output.require(
        instructions.areOf(architecture),
        "--instructions must be machine on a processor other than amd64: processor=%s",
        architecture);
    output.require(runs >= 0, "--runs must be 0 or more: runs=%d", runs);
    output.require(
        edgeJar.map(Files::isReadable).orElse(true), "--edge-jar must be a file: jar=%s", edgeJar);
    output.directory();
    SparseCost cost = new SparseCost(instructions, overrides.values(), warmUp, rounds);
    List<StepTimesBySparsity> measured = new ArrayList<>();
    for (String network : networks) {
      output.say("%s: steps …", network);
      StepTimesBySparsity times = cost.measure(network);
      measured.add(times);
      output.add(times.figures());
      hint(times).ifPresent(output::say);
    }
    output.write("steps.svg", StepPicture.svg(measured));
    if (instructions == Instructions.MACHINE) {
      predictionsAndRuns(rounds);
    }
    output.finish();
    return ExitCode.OK;
  }

  /** What would make the dense steps beside those of the engine faster, or be there at all. */
  private static Optional<String> hint(StepTimesBySparsity times) {
    if (times.torch().isEmpty()) {
      return Optional.of(
              "PyTorch is left out: python3 must have the module torch; on Debian, apt-get install"
                  + " python3-torch libopenblas0-pthread")
          .filter(any -> StepCases.named(times.network()).inTorch());
    }
    return times
        .torch()
        .map(TimedTorch::name)
        .filter(name -> name.endsWith(REFERENCE))
        .map(
            name ->
                name
                    + ": its dense steps are slow; on Debian, apt-get install"
                    + " libopenblas0-pthread");
  }

  private void predictionsAndRuns(int rounds) throws IOException, InterruptedException {
    try (BenchDirectory scratch = BenchDirectory.in(output.directory())) {
      if (networks.contains(WHOLE)) {
        output.say("%s: one example …", WHOLE);
        output.add(List.of(inference(scratch, rounds)));
      }
      if (runs > 0) {
        wholeRuns(scratch);
      }
    }
  }

  /** A run that fails ends the bench, which keeps what was measured before and the run's log. */
  private void wholeRuns(BenchDirectory scratch) throws IOException, InterruptedException {
    RunCost cost = RunCost.in(scratch, overrides.values());
    try {
      for (String network : networks.stream().filter(TimedRun::isOf).toList()) {
        output.say("%s: whole runs …", network);
        output.add(cost.times(network, runs));
      }
      if (networks.contains(WHOLE)) {
        output.say("memory of whole runs …");
        output.add(List.of(cost.memory(runs)));
        deviceMemory(scratch);
      }
    } catch (ChildProcess.FailedException e) {
      scratch.keep();
      output.finish();
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private void deviceMemory(BenchDirectory scratch)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    Optional<Path> jar = edgeJar.or(DeviceMemory::builtJar);
    if (jar.isEmpty()) {
      output.say("memory of a device is left out: --edge-jar must name espalier-edge.jar");
      return;
    }
    output.say("memory of a device …");
    output.add(List.of(DeviceMemory.in(scratch, jar.get()).measure(runs)));
  }

  private Figure inference(BenchDirectory scratch, int rounds) throws IOException {
    BenchRecipe recipe =
        new BenchRecipe(
            "{ kind = %s, initial = he }".formatted(WHOLE),
            overrides.values(),
            DataHome.of(EspalierHome.path()));
    return new InferenceCost(WHOLE, "95%", recipe, scratch.root())
        .measure(WHOLE, 1, rounds, LEAST_SPEED_UP)
        .figure();
  }
}
