package io.espalier.cli.federation;

import io.espalier.cli.console.Counted;
import io.espalier.cli.console.KafkaOptions;
import io.espalier.cli.console.ListenAddress;
import io.espalier.cli.console.RoundPrinter;
import io.espalier.cli.console.RunOptions;
import io.espalier.cli.console.WrappedLine;
import io.espalier.configs.Metric;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.file.ShellWord;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.console.CommandHome;
import io.espalier.console.Interrupts;
import io.espalier.console.ProgramName;
import io.espalier.federation.server.FederationHost;
import io.espalier.federation.trust.Authority;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.training.RunResult;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "federate",
    description = {
      "Trains one network with clients that keep their data.",
      "",
      "Begin with 'federate init'; each device needs a token ('federate token') and 'espalier"
          + " enrol', then runs 'espalier edge'. With a RECIPE whose federation block names an"
          + " algorithm this command is the server: it waits for clients, runs the rounds, and"
          + " leaves network and report in a run directory.",
      "Ctrl-C ends it; results that were accepted are kept, and --resume goes on with the open"
          + " round."
    },
    subcommands = {
      InitCommand.class,
      TokenCommand.class,
      ClientsCommand.class,
      RevokeCommand.class
    },
    synopsisSubcommandLabel = "[COMMAND]",
    sortOptions = false)
final class FederateCommand implements Callable<Integer> {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Mixin private RunOptions options;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7443",
      description = "Where clients connect to (default: ${DEFAULT-VALUE}).")
  private String listen = "";

  @Option(
      names = "--plaintext",
      description = "No TLS and no certificates: for trying things out on one machine.")
  private boolean plaintext;

  @Mixin private AuthorityOption authority;

  @Mixin private KafkaOptions kafka;

  @Override
  public Integer call() throws IOException {
    options.check(", or a command: init, token, clients, revoke");
    InetSocketAddress address = ListenAddress.parse("--listen", listen);
    if (plaintext) {
      ListenAddress.requireLoopback(
          address, "leave --plaintext away, after 'espalier federate init'");
    }
    ListenAddress.requireFree("--listen", address);
    Optional<Authority> certifier = plaintext ? Optional.empty() : Optional.of(authority.open());
    Optional<BrokerAccess> broker = kafka.access();
    return options.run(
        config -> PreparedFederation.of(config, dataHome()),
        config -> PreparedFederation.toResume(config, dataHome()),
        (federation, resolved, directory) ->
            serve(federation, resolved, directory, address, certifier, broker));
  }

  private DataHome dataHome() {
    return CommandHome.data(CommandHome.create(), spec.commandLine().getErr());
  }

  private int serve(
      PreparedFederation federation,
      ResolvedRecipe resolved,
      RunDirectory directory,
      InetSocketAddress address,
      Optional<Authority> certifier,
      Optional<BrokerAccess> broker)
      throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    describe(console, federation, directory.path());
    RoundPrinter printer = new RoundPrinter(console, federation.rounds().rounds());
    RunSession.Request request =
        new RunSession.Request(
            federation.values(),
            resolved.text(),
            directory,
            EspalierHome.path(),
            broker,
            printer,
            place -> console.println("events    " + place),
            warning -> spec.commandLine().getErr().println("warning: " + warning));
    try (FederationHost host = FederationHost.start(federation, request, address, certifier)) {
      console.printf(
          Locale.ROOT,
          "listening %s (%s)%n",
          ListenAddress.text(host.address()),
          plaintext ? "without TLS" : "TLS 1.3, client certificates");
      console.printf(
          Locale.ROOT,
          "waiting   for %d clients; after %d s %d are enough%n",
          federation.rounds().cohort().size(),
          federation.rounds().cohort().deadline().toSeconds(),
          federation.rounds().fewest());
      console.flush();
      Interrupts interrupts =
          Interrupts.onFirst(
              signal -> {
                console.println("stopping: what was accepted is kept; Ctrl-C again to abort");
                host.pause();
              });
      try {
        RunResult result = host.await();
        printer.flush();
        return report(result, directory);
      } finally {
        interrupts.restore();
      }
    }
  }

  private static void describe(PrintWriter out, PreparedFederation federation, Path directory) {
    WrappedLine.print(out, "run       %s (every setting is in its recipe.conf)", directory);
    WrappedLine.print(
        out,
        "network   %s: %,d prunable weights, %,d kept at %.2f%% sparsity",
        federation.run().config().model().architecture().kind(),
        federation.run().plan().prunable(),
        federation.run().plan().finalKept(),
        100 * federation.run().config().prune().target().sparsity());
    WrappedLine.print(
        out,
        "plan      %s of %s (%d at least), %s",
        Counted.of(federation.rounds().rounds(), "round"),
        Counted.of(federation.rounds().cohort().size(), "client"),
        federation.rounds().fewest(),
        Counted.of(federation.rounds().client().localEpochs(), "local epoch"));
    out.flush();
  }

  private int report(RunResult result, RunDirectory directory) {
    PrintWriter console = spec.commandLine().getOut();
    PrintWriter errors = spec.commandLine().getErr();
    if (result instanceof RunResult.Finished finished) {
      console.printf(
          Locale.ROOT,
          "result    %s on the test set at %.2f%% sparsity%n",
          Metric.text(finished.accuracy(), finished.bitsPerCharacter()),
          100 * finished.run().committed().masks().masks().sparsity());
      finished.leftToShip().ifPresent(left -> errors.println("warning: " + left));
      console.println("report    " + directory.report());
      console.flush();
      return OK;
    }
    if (result instanceof RunResult.Paused stopped) {
      console.println("paused after round " + stopped.step() + "; go on with:");
      console.println(
          ProgramName.inHints("  espalier federate --resume ") + ShellWord.of(directory.path()));
      console.flush();
      return INTERRUPTED;
    }
    if (result instanceof RunResult.Fenced fenced) {
      errors.println(
          fenced.message(directory.path(), ProgramName.inHints("espalier federate --resume")));
      errors.flush();
      return FAILED;
    }
    RunResult.Failed failed = (RunResult.Failed) result;
    errors.println("run failed after round " + failed.step() + ": " + failed.cause());
    errors.println("once its cause is mended, go on with:");
    errors.println(
        ProgramName.inHints("  espalier federate --resume ") + ShellWord.of(directory.path()));
    errors.flush();
    return FAILED;
  }
}
