package io.espalier.bench.cost;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "prune",
    description = {
      "Measures how fast prune is beside reading and writing the file alone: safetensors of random"
          + " weights at 90 %%, by magnitude and by LAMP, and 2:4.",
      "",
      "Every figure is a ratio within this run: a plain copy and each way to prune take turns, timed"
          + " by the clock until the bytes are on the disk, and the median of the rounds stands with"
          + " its quartiles. A ratio of 0.5 is half the rate of the copy. The table is DIR/table.md,"
          + " the same figures DIR/results.json."
    })
final class BenchPruneCommand implements Callable<Integer> {
  @Option(
      names = "--megabytes",
      defaultValue = "1024",
      description = "Size of the file (default: ${DEFAULT-VALUE}).")
  private int megabytes;

  @Mixin private RoundOption roundOption = new RoundOption(5);

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException {
    int rounds = roundOption.count();
    output.require(
        megabytes >= 1 && megabytes <= 65_536,
        "--megabytes must be from 1 to 65536: megabytes=%d",
        megabytes);
    try (BenchDirectory directory = BenchDirectory.in(output.directory())) {
      output.say("a file of %,d MB …", megabytes);
      Path file = SampleNetworkFile.write(directory.run("network.safetensors"), megabytes);
      output.say("%d rounds …", rounds);
      output.add(PruneCost.measure(file, directory.run("out.safetensors"), rounds));
    }
    output.finish();
    return ExitCode.OK;
  }
}
