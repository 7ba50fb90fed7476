package io.espalier.cli.train;

import io.espalier.cli.console.Candidates;
import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.console.CommandHome;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.latency.LatencyTable.MachineProfile;
import io.espalier.trainer.latency.Profiler;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.prepare.StartingNetwork;
import io.espalier.trainer.stream.DeclaredData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "profile",
    description = {
      "Measures how long the layers of a recipe's network take on this machine, by their channels.",
      "",
      "The table, latency.json in the Espalier home, is what prune.granularity { kind = channel,"
          + " budget = latency } counts by. It grows by the layers that it lacks, and is written"
          + " after each, so that a profile that was stopped goes on where it was. Nothing else"
          + " should be at work meanwhile.",
      "RECIPE is a file, or the name of a shipped recipe (see 'espalier recipes'); its data are"
          + " read for the shape of an example."
    },
    sortOptions = false)
final class ProfileCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RECIPE",
      completionCandidates = Candidates.RecipeNames.class,
      description = "Recipe file or shipped name.")
  private String recipe = "";

  @Mixin private RecipeOverrides overrides;

  @Option(
      names = "--points",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Widths to measure of each side that may lose channels, beside that of a single one"
              + " (default: ${DEFAULT-VALUE}).")
  private int points = 4;

  @Option(names = "--again", description = "Measure layers anew that the table has.")
  private boolean again;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (points < 1 || points > 64) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--points must be from 1 to 64: points=" + points);
    }
    Path home = CommandHome.create();
    ResolvedRecipe resolved = new RecipeLoader().load(recipe, overrides.values());
    RecipeOverrides.notice(resolved, errors());
    RunConfig config = resolved.config();
    NetworkGroups groups = NetworkGroups.of(network(config, home));
    Profiler profiler = Profiler.here(home);
    int batch = config.data().batchSize();
    Profiler.Result result =
        profiler.profile(groups, batch, points, again, new ProfileLines(errors()));
    print(result, config, profiler.path());
    return ExitCode.OK;
  }

  private Network network(RunConfig config, Path home) {
    DataHome data = CommandHome.data(home, errors());
    try {
      Dataset shape =
          config.data().source() instanceof KafkaConfig stream
              ? DeclaredData.of(stream)
              : Datasets.load(config.data(), config.seed(), data);
      return StartingNetwork.of(config.model().architecture(), shape);
    } catch (InvalidConfigException e) {
      throw new RecipeLoader().located(e, recipe, overrides.values());
    }
  }

  private PrintWriter errors() {
    return spec.commandLine().getErr();
  }

  private void print(Profiler.Result result, RunConfig config, Path file) {
    PrintWriter out = spec.commandLine().getOut();
    MachineProfile machine = result.machine();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", file.toString());
      fields.put("machine", JsonOutput.map(machine));
      fields.put("model", config.model().architecture().kind());
      fields.put("batchSize", config.data().batchSize());
      fields.put("layers", result.layers());
      fields.put("measured", result.measured());
      fields.put("nanoseconds", result.nanoseconds());
      out.println(JsonOutput.text(fields));
    } else {
      out.println(
          "machine   %s, %d cores, %s, %s, threads=%d"
              .formatted(
                  machine.cpu(),
                  machine.cores(),
                  machine.platform(),
                  machine.engine(),
                  machine.threads()));
      out.println(
          String.format(
              Locale.ROOT,
              "latency   %.2f ms for a step's layers: %s, batches of %d, %d different layers, %d"
                  + " measured now",
              result.nanoseconds() / 1e6,
              config.model().architecture().kind(),
              config.data().batchSize(),
              result.layers(),
              result.measured()));
      out.println("table     " + file);
    }
    out.flush();
  }

  static final class ProfileLines implements Profiler.Listener {
    private final PrintWriter errors;

    ProfileLines(PrintWriter errors) {
      this.errors = errors;
    }

    @Override
    public void startsAnew(String reason) {
      println("starting a new table in place of " + reason);
    }

    @Override
    public void measured(String layer, long nanoseconds, int done, int due) {
      println(
          String.format(
              Locale.ROOT, "profiled  %d/%d %9.3f ms  %s", done, due, nanoseconds / 1e6, layer));
    }

    private void println(String line) {
      errors.println(line);
      errors.flush();
    }
  }
}
