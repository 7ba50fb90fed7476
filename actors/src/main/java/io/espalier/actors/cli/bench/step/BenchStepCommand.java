package io.espalier.actors.cli.bench.step;

import io.espalier.actors.cli.host.EspalierHome;
import io.espalier.actors.cli.host.Json;
import io.espalier.actors.cli.host.TextTable;
import io.espalier.trainer.data.DataHome;
import io.espalier.trainer.file.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code espalier bench step}: what masks, syncs and mask updates cost in time. */
@Command(
    name = "step",
    description = {
      "Measure steps under each mask kind against dense ones, two trainers against two independent"
          + " loops, and mask updates against training; Fashion-MNIST, batches of 128, 90 %% pruned.",
      "",
      "Every figure is a ratio within this run: contenders take turns, and the median of the rounds"
          + " stands with its quartiles. Leave the machine alone meanwhile. The table is"
          + " DIR/table.md, the same figures DIR/results.json."
    })
public final class BenchStepCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--networks",
      split = ",",
      paramLabel = "MODEL",
      defaultValue = "lenet-300-100,lenet-5,resnet-20",
      description = "Networks to measure, as recipes name them (default: ${DEFAULT-VALUE}).")
  private List<String> networks = new ArrayList<>();

  @Option(
      names = "--rounds",
      defaultValue = "15",
      description = "Rounds per figure (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--out", paramLabel = "DIR", description = "Results (default: bench/step).")
  private Path out = Path.of("bench", "step");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds must be 1 or more: rounds=" + rounds);
    }
    DataHome home = DataHome.of(EspalierHome.path());
    Files.createDirectories(out);
    List<Figure> figures = new ArrayList<>();
    for (String network : networks) {
      add(figures, MaskCost.measure(network, home, rounds));
      add(figures, UpdateCost.measure(network, home, rounds));
      int syncEvery = network.equals("lenet-300-100") ? 64 : 16;
      add(figures, TrainerScaling.measure(network, syncEvery, home, (rounds + 2) / 3));
    }
    write(figures);
    return ExitCode.OK;
  }

  private void add(List<Figure> figures, List<Figure> measured) {
    PrintWriter console = spec.commandLine().getOut();
    measured.forEach(
        figure ->
            console.println(
                "%s, %s: %s".formatted(figure.network(), figure.what(), figure.ratio().shown())));
    console.flush();
    figures.addAll(measured);
  }

  private void write(List<Figure> figures) throws IOException {
    TextTable table =
        TextTable.withHeader(
            List.of("network", "ratio", "median (quartiles)", "budget", "", "from"));
    for (Figure figure : figures) {
      table.row(
          List.of(
              figure.network(),
              figure.what(),
              figure.ratio().shown(),
              figure.budget().map(Budget::toString).orElse(""),
              figure.verdict(),
              figure.basis()));
    }
    String text = table.markdown() + "\n";
    writeText("table.md", text);
    writeText("results.json", Json.text(figures.stream().map(Figure::toMap).toList()) + "\n");
    spec.commandLine().getOut().println("\n" + text + "\n" + out.resolve("table.md"));
  }

  private void writeText(String name, String text) throws IOException {
    AtomicFile.write(
        out.resolve(name), stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
