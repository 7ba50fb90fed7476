package io.espalier.bench.cost;

import io.espalier.bench.cost.LanguageResult.Side;
import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ResultStore;
import io.espalier.bench.harness.SeedOption;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
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
    name = "language",
    description = {
      "Trains a language model beside the same network in PyTorch: the same initial weights,"
          + " batches, rates and steps. Bits per character of the test part, and the time of a step.",
      "",
      "Both take turns, each in a process and a thread of its own, timed by processor time. Without"
          + " a Python that has torch and safetensors, Espalier trains alone. Leave the machine alone"
          + " meanwhile. Each finished seed is kept in DIR/results.jsonl and not trained again; the"
          + " table is DIR/table.md."
    })
final class BenchLanguageCommand implements Callable<Integer> {
  @Option(
      names = "--recipe",
      paramLabel = "RECIPE",
      defaultValue = "char-lm-dense",
      description =
          "A dense recipe for text: a shipped one, or a file (default: ${DEFAULT-VALUE}).")
  private String recipe = "";

  @Mixin private SeedOption seeds = new SeedOption(3);

  @Option(
      names = "--turn",
      paramLabel = "STEPS",
      defaultValue = "10",
      description = "Steps that one takes before the other's turn (default: ${DEFAULT-VALUE}).")
  private int turn;

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException {
    output.require(turn > 0, "--turn must be 1 or more: turn=%d", turn);
    DataHome home = output.data();
    List<LanguageTask> tasks =
        seeds.values().stream()
            .map(seed -> LanguageTask.of(recipe, overrides.values(), seed, home))
            .toList();
    Optional<TorchPython> python = TorchPython.with("torch, safetensors");
    if (python.isEmpty()) {
      output.say(
          "PyTorch is left out: python3 must have the modules torch and safetensors; on Debian,"
              + " apt-get install python3-torch python3-safetensors");
    }
    Path directory = output.directory();
    List<LanguageResult> results = new ArrayList<>();
    try (ResultStore<LanguageResult> store = ResultStore.open(directory, LanguageResult.class)) {
      for (LanguageTask task : tasks) {
        String key = key(task, python.isPresent());
        if (store.find(key).isEmpty()) {
          store.append(train(key, task, python, directory));
        }
        results.add(store.find(key).orElseThrow());
      }
    }
    output.finish(LanguageResult.table(results), results);
    return ExitCode.OK;
  }

  private String key(LanguageTask task, boolean torch) {
    return "%s/%d/%s/turns of %d%s"
        .formatted(
            recipe,
            task.seed(),
            Sha256.ofText(task.recipe().text()).substring(0, 16),
            turn,
            torch ? "/with PyTorch" : "");
  }

  private LanguageResult train(
      String key, LanguageTask task, Optional<TorchPython> python, Path directory)
      throws IOException {
    try (BenchDirectory scratch = BenchDirectory.in(directory)) {
      List<Contender> contenders = new ArrayList<>();
      contenders.add(Contender.of(task.start(scratch.root()), scratch));
      if (python.isPresent()) {
        contenders.add(Contender.of(task.start(python.get(), scratch.root()), scratch));
      }
      for (int done = 0; done < task.steps(); done += turn) {
        output.say("seed %d: step %d of %d …", task.seed(), done, task.steps());
        int steps = Math.min(turn, task.steps() - done);
        for (Contender contender : contenders) {
          contender.seconds.add(contender.process.stepSeconds(steps));
        }
      }
      List<Side> sides = new ArrayList<>();
      for (Contender contender : contenders) {
        sides.add(new Side(contender.process.answer(LanguageWorker.BITS), contender.seconds));
      }
      return new LanguageResult(key, task.seed(), task.steps(), sides);
    }
  }

  private record Contender(TimedProcess process, List<Double> seconds) {
    static Contender of(TimedProcess process, BenchDirectory directory) {
      directory.onClose(process::close);
      return new Contender(process, new ArrayList<>());
    }
  }
}
