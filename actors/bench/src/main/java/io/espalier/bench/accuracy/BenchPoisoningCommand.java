package io.espalier.bench.accuracy;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ResultStore;
import io.espalier.bench.harness.SeedOption;
import io.espalier.cli.console.RecipeOverrides;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "poisoning",
    description = {
      "Measures what false clients do to a federation under each merge rule: simulations of ten"
          + " clients on the bundled digits, dealt out unevenly (Dirichlet 0.5), of which one or"
          + " two attack as with 'espalier simulate --hostile'.",
      "",
      "Each finished simulation is kept in DIR/results.jsonl and not run again."
    })
final class BenchPoisoningCommand implements Callable<Integer> {
  @Mixin private SeedOption seeds = new SeedOption(2);

  @Option(names = "--rounds", defaultValue = "15", description = "Rounds (default: 15).")
  private int rounds;

  @Mixin private RecipeOverrides overrides;
  @Mixin private BenchOutput output;

  record Setting(int rounds, List<String> more) {
    Setting {
      more = List.copyOf(more);
    }
  }

  @Override
  public Integer call() throws IOException {
    output.require(rounds > 0, "--rounds must be 1 or more: rounds=%d", rounds);
    Setting setting = new Setting(rounds, overrides.values());
    List<Long> allSeeds = seeds.values();
    Path out = output.directory();
    List<PoisoningResult> results = new ArrayList<>();
    try (BenchDirectory scratch = BenchDirectory.in(out);
        ResultStore<PoisoningResult> store = ResultStore.open(out, PoisoningResult.class)) {
      for (long seed : allSeeds) {
        for (PoisoningRule rule : PoisoningRule.values()) {
          for (PoisoningScenario scenario : PoisoningScenario.values()) {
            results.add(result(new PoisoningTrial(setting, rule, scenario, seed), scratch, store));
          }
        }
      }
    }
    finish(results);
    return ExitCode.OK;
  }

  private PoisoningResult result(
      PoisoningTrial trial, BenchDirectory scratch, ResultStore<PoisoningResult> store)
      throws IOException {
    Optional<PoisoningResult> known = store.find(trial.key());
    if (known.isPresent()) {
      return known.get();
    }
    PoisoningResult result = trial.run(scratch);
    store.append(result);
    output.say(
        "%s, %s, seed %d: %s",
        trial.rule().title(),
        trial.scenario().title(),
        trial.seed(),
        result.failure().isEmpty()
            ? String.format(
                Locale.ROOT,
                "accuracy %.2f %%, %d rounds not adopted",
                100 * result.accuracy(),
                result.rejected())
            : "failed: " + result.failure());
    return result;
  }

  private void finish(List<PoisoningResult> results) throws IOException {
    String note =
        String.format(
            Locale.ROOT,
            "Mean accuracy in percent on the test set after %d rounds; %d seeds.",
            rounds,
            seeds.values().size());
    output.finish(PoisoningTable.of(results) + "\n\n" + note, results);
  }
}
