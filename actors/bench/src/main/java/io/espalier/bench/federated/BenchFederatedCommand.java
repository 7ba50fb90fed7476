package io.espalier.bench.federated;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.CleanupStack;
import io.espalier.bench.harness.FailedProcessException;
import io.espalier.bench.harness.ResultOutput;
import io.espalier.bench.harness.ResultStore;
import io.espalier.cli.console.EspalierHome;
import io.espalier.cli.console.JsonOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code espalier bench federated}: accuracy, traffic and memory of federations. */
@Command(
    name = "federated",
    description = {
      "Compare FedTiny with FedAvg, dense and with a global magnitude mask: a server and its clients"
          + " as separate processes on this machine, over TLS with client certificates,"
          + " Fashion-MNIST dealt out unevenly (Dirichlet), batch-norm LeNet-5.",
      "",
      "Bytes are those on the server's sockets. Each finished federation is kept in"
          + " DIR/results.jsonl and not run again. Linux only."
    })
public final class BenchFederatedCommand implements Callable<Integer> {
  private static final long FIRST_SEED = 42;

  @Spec private CommandSpec spec;

  @Option(names = "--seeds", defaultValue = "3", description = "Runs per line (default: 3).")
  private int seeds;

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
      defaultValue = "FEDTINY,DENSE,PRUNED",
      description = "Lines of the table (default: ${DEFAULT-VALUE}).")
  private List<FederatedRow> rows = new ArrayList<>();

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Override a key of every recipe, such as -D federation.encoding=int8.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--json", description = "Print the results as JSON, and progress to stderr.")
  private boolean json;

  @Option(names = "--out", paramLabel = "DIR", description = "Results (default: bench/federated).")
  private Path out = Path.of("bench", "federated");

  /** What all federations of a bench have in common. */
  record Setting(
      int rounds, int clients, int examples, double density, double alpha, List<String> more) {
    Setting {
      more = List.copyOf(more);
    }

    /** Overrides of every recipe. */
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

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seeds < 1 || rounds < 2 || clients < 1 || examples < clients) {
      throw new ParameterException(
          spec.commandLine(),
          "--seeds and --clients must be 1 or more, --rounds 2 or more, --examples as many as clients: seeds=%d, clients=%d, rounds=%d, examples=%d"
              .formatted(seeds, clients, rounds, examples));
    }
    Setting setting = new Setting(rounds, clients, examples, density, alpha, overrides);
    ResultOutput output = new ResultOutput(spec, json, out);
    try (CleanupStack cleanup = CleanupStack.start();
        ResultStore<FederatedResult> store = ResultStore.open(out, FederatedResult.class)) {
      BenchDirectory scratch = BenchDirectory.in(out);
      cleanup.add(scratch::remove);
      shareData(scratch);
      for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
        for (FederatedRow row : rows) {
          result(setting, row, seed, store, new ClientProcesses(scratch, cleanup), output);
        }
      }
      finish(setting, store.results(), output);
      return ExitCode.OK;
    } catch (FailedProcessException e) {
      output.say("%s", String.valueOf(e.getMessage()));
      return ExitCode.SOFTWARE;
    }
  }

  /** Data sets that were fetched for this home need not be fetched again. */
  private static void shareData(BenchDirectory scratch) throws IOException {
    Path data = EspalierHome.path().resolve("data");
    if (Files.isDirectory(data)) {
      Files.createSymbolicLink(scratch.home().resolve("data"), data);
    }
  }

  private static void result(
      Setting setting,
      FederatedRow row,
      long seed,
      ResultStore<FederatedResult> store,
      ClientProcesses crew,
      ResultOutput output)
      throws IOException, InterruptedException, FailedProcessException {
    if (store.results().containsKey(FederatedTrial.key(setting, row, seed))) {
      return;
    }
    output.say("%s, seed %d …", row.title(), seed);
    FederatedResult result = new FederatedTrial(setting, crew, row, seed).run();
    store.append(result);
    output.say(
        "%s, seed %d: accuracy %.2f %%, %,.0f kB an ordinary round (%.1f %% of dense), %.0f s",
        row.title(),
        seed,
        100 * result.accuracy(),
        result.ordinaryBytes() / 1e3,
        100.0 * result.ordinaryBytes() / result.denseBytes(),
        result.seconds());
  }

  private void finish(Setting setting, Map<String, FederatedResult> results, ResultOutput output)
      throws IOException {
    List<FederatedResult> wanted = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
      for (FederatedRow row : rows) {
        wanted.add(results.get(FederatedTrial.key(setting, row, seed)));
      }
    }
    String note =
        String.format(
            Locale.ROOT,
            "%d clients, %,d examples, Dirichlet(%s), %d rounds, %d seeds; accuracy in percent on the test set, mean ± sample standard deviation. Bytes are of all clients, both ways, on the sockets with TLS; dense is what 32-bit models cost without overhead.",
            clients,
            examples,
            alpha,
            rounds,
            seeds);
    output.finish(
        FederatedTable.of(wanted) + "\n\n" + note, wanted.stream().map(JsonOutput::map).toList());
  }
}
