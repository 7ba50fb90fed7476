package io.espalier.bench.accuracy;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.ResultStore;
import io.espalier.bench.harness.SeedOption;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.configs.file.EspalierHome;
import java.io.IOException;
import java.nio.file.Files;
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
    name = "federated",
    description = {
      "Compares FedTiny with one local magnitude mask, and with FedAvg, dense and with a global"
          + " magnitude mask: a server and its clients as separate processes on this machine, over TLS with client certificates,"
          + " Fashion-MNIST dealt out unevenly (Dirichlet), batch-norm LeNet-5.",
      "",
      "Bytes are those on the server's sockets. Each finished federation is kept in"
          + " DIR/results.jsonl and not run again. Linux only."
    })
final class BenchFederatedCommand implements Callable<Integer> {
  @Mixin private SeedOption seeds = new SeedOption(3);

  @Option(names = "--rounds", defaultValue = "30", description = "Rounds (default: 30).")
  private int rounds;

  @Option(names = "--clients", defaultValue = "4", description = "Clients (default: 4).")
  private int clients;

  @Option(
      names = "--examples",
      defaultValue = "6000",
      description = "Training examples of all clients together (default: 6000).")
  private int examples;

  @Option(
      names = "--density",
      defaultValue = "0.05",
      description = "Share of the weights that pruned networks keep (default: 0.05).")
  private double density;

  @Option(
      names = "--dirichlet",
      paramLabel = "ALPHA",
      defaultValue = "0.5",
      description = "How evenly classes are dealt out (default: 0.5).")
  private double alpha;

  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "FEDTINY,LOCAL,DENSE,PRUNED",
      description = "Lines of the table (default: ${DEFAULT-VALUE}).")
  private List<FederatedRow> rows = new ArrayList<>();

  @Mixin private RecipeOverrides overrides;

  record Setting(
      int rounds, int clients, int examples, double density, double alpha, List<String> more) {
    Setting {
      more = List.copyOf(more);
    }

    List<String> overrides(long seed) {
      List<String> all =
          new ArrayList<>(
              List.of(
                  "seed=" + seed,
                  "federation.rounds=" + rounds,
                  "federation.cohort=" + clients,
                  "federation.server-examples=500",
                  "federation.server-epochs=5"));
      all.addAll(more);
      return all;
    }
  }

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.require(
        rounds > 1 && clients > 0 && examples >= clients,
        "--clients must be 1 or more, --rounds 2 or more, --examples as many as clients:"
            + " clients=%d, rounds=%d, examples=%d",
        clients,
        rounds,
        examples);
    Setting setting = new Setting(rounds, clients, examples, density, alpha, overrides.values());
    List<Long> allSeeds = seeds.values();
    Path out = output.directory();
    List<FederatedResult> results = new ArrayList<>();
    try (BenchDirectory scratch = BenchDirectory.in(out);
        ResultStore<FederatedResult> store = ResultStore.open(out, FederatedResult.class)) {
      shareData(scratch);
      for (long seed : allSeeds) {
        for (FederatedRow row : rows) {
          results.add(result(new FederatedTrial(setting, scratch, row, seed), store));
        }
      }
    } catch (ChildProcess.FailedException e) {
      output.say("%s", String.valueOf(e.getMessage()));
      return ExitCode.SOFTWARE;
    }
    finish(results);
    return ExitCode.OK;
  }

  private static void shareData(BenchDirectory scratch) throws IOException {
    Path data = EspalierHome.path().resolve("data");
    if (Files.isDirectory(data)) {
      Files.createSymbolicLink(scratch.home().resolve("data"), data);
    }
  }

  private FederatedResult result(FederatedTrial trial, ResultStore<FederatedResult> store)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    Optional<FederatedResult> known = store.find(trial.key());
    if (known.isPresent()) {
      return known.get();
    }
    String name = "%s, seed %d".formatted(trial.row().title(), trial.seed());
    output.say("%s …", name);
    FederatedResult result = trial.run();
    store.append(result);
    output.say(
        "%s: accuracy %.2f %%, %,.0f kB an ordinary round (%.1f %% of dense), %.0f s",
        name,
        100 * result.model().accuracy(),
        result.sent().ordinaryBytes() / 1e3,
        100.0 * result.sent().ordinaryBytes() / result.sent().denseBytes(),
        result.cost().seconds());
    return result;
  }

  private void finish(List<FederatedResult> results) throws IOException {
    String note =
        String.format(
            Locale.ROOT,
            "%d clients, %,d examples, Dirichlet(%s), %d rounds, %d seeds; accuracy in percent on"
                + " the test set, mean ± sample standard deviation. Bytes are of all clients, both"
                + " ways, on the sockets with TLS; dense is what 32-bit models cost without"
                + " overhead.",
            clients,
            examples,
            alpha,
            rounds,
            seeds.values().size());
    output.finish(FederatedTable.of(results) + "\n\n" + note, results);
  }
}
