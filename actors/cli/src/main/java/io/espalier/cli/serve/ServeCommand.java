package io.espalier.cli.serve;

import io.espalier.cli.console.Counted;
import io.espalier.cli.console.KafkaOptions;
import io.espalier.cli.console.ListenAddress;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.console.DurationConverter;
import io.espalier.console.Interrupts;
import io.espalier.console.ProgramName;
import io.espalier.service.dashboard.Dashboard;
import io.espalier.service.http.HttpSettings.TlsFiles;
import io.espalier.service.run.Retention;
import io.espalier.trainer.executor.TrainerThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description = {
      "Runs the training service: takes runs over HTTP, trains them side by side, survives"
          + " crashes.",
      "",
      "Runs are handed in with 'espalier submit' and followed with 'espalier watch'. Nothing else"
          + " has to be installed: journal, runs and tokens are in the Espalier home, below"
          + " service.",
      "Ctrl-C, or SIGTERM, ends it: every run writes a checkpoint first, and goes on from it at"
          + " the next start. A second one aborts; then runs go on from older checkpoints."
    },
    subcommands = {
      TokensCommand.class,
      ProjectsCommand.class,
      CertificateCommand.class,
      BackupCommand.class,
      NotifyCommand.class
    },
    synopsisSubcommandLabel = "[COMMAND]",
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {
  private final RunningService.Launcher launcher;

  @Spec private CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7070",
      description = "Where the API listens (default: ${DEFAULT-VALUE}).")
  private String listen = "";

  @Mixin private TlsOptions tls;

  @Option(
      names = "--require-token",
      description =
          "Require a token on this machine too, for everything but /health, /ready and links to"
              + " reports. A browser asks for it: any name, the token as password.")
  private boolean requireToken;

  @Mixin private CapacityOptions capacity;

  @Mixin private WorkerOptions workers;

  @Mixin private ServedDataOptions data;

  @Option(
      names = "--keep-runs",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Ended runs to keep; older ones are deleted (default: ${DEFAULT-VALUE}).")
  private int keepRuns = 1000;

  @Option(
      names = "--keep-for",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Delete ended runs after this time, such as 30d (default: never).")
  private Optional<Duration> keepFor = Optional.empty();

  @Mixin private NotifyOptions notices;

  @Mixin private GatewayOptions gateways;

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description = "Be a node of the cluster that this file describes (docs/deploy).")
  private Optional<Path> cluster = Optional.empty();

  @Mixin private KafkaOptions kafka;

  @Mixin private LogOptions log;

  ServeCommand(RunningService.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    log.apply();
    System.setProperty(TrainerThreads.CORES, "1");
    ServeSettings settings = settings();
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    PrintWriter out = spec.commandLine().getOut();
    Interrupts interrupts = Interrupts.onFirst(signal -> stopped.complete(null));
    try (RunningService service = launched(settings);
        PublishedAddress published = PublishedAddress.in(settings.directory(), service.address())) {
      describe(out, settings, published);
      Optional<Throwable> failure = end(service, stopped);
      if (failure.isPresent()) {
        spec.commandLine().getErr().println("espalier: " + failure.get().getMessage());
      } else {
        out.println("stopping  each run writes a checkpoint first; Ctrl-C again to abort");
      }
      out.flush();
      return failure.isPresent() ? ExitCode.SOFTWARE : ExitCode.OK;
    } finally {
      interrupts.restore();
    }
  }

  private RunningService launched(ServeSettings settings) throws IOException {
    try {
      return launcher.launch(settings);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private ServeSettings settings() throws IOException {
    if (keepRuns < 0) {
      throw new CommandRefusedException("--keep-runs must be 0 or more: value=" + keepRuns);
    }
    Path home = CommandHome.create();
    InetSocketAddress address = ListenAddress.parse("--listen", listen);
    Optional<TlsFiles> files = tls.files(address);
    requireFree(home, address);
    return new ServeSettings(
        home,
        new ServeSettings.Api(address, files, requireToken),
        new ServeSettings.Capacity(
            capacity.trainers(), capacity.memoryMb(), workers.memoryMb(), gateways.gateways()),
        new ServeSettings.Data(data.directories(home), data.limits()),
        new Retention(keepRuns, keepFor),
        notices.settings(home),
        new ServeSettings.Peers(gateways.authority(), cluster, kafka.access()));
  }

  private static void requireFree(Path home, InetSocketAddress address) throws IOException {
    try {
      ListenAddress.requireFree("--listen", address);
    } catch (CommandRefusedException e) {
      throw PublishedAddress.known(ServeSettings.directoryIn(home))
          .filter(known -> known.endsWith("://" + ListenAddress.text(address)))
          .map(
              known ->
                  new CommandRefusedException(
                      "a home has one service at a time: home=%s is served at %s; stop that one, or use another home"
                          .formatted(home, known)))
          .orElse(e);
    }
  }

  private static void describe(
      PrintWriter out, ServeSettings settings, PublishedAddress published) {
    out.println("listening " + published.address());
    out.println("dashboard " + published.address().resolve(Dashboard.PATH));
    out.println("token     in " + settings.directory().resolve("token"));
    ServeSettings.Capacity offered = settings.capacity();
    out.printf(
        "capacity  %s, %,d MB%n", Counted.of(offered.trainers(), "trainer"), offered.memoryMb());
    if (!offered.gateways().isEmpty()) {
      out.println("gateways  " + String.join(", ", offered.gateways()));
    }
    if (!settings.notices().destinations().isEmpty()) {
      out.println("notices   to " + String.join(", ", settings.notices().names()));
    }
    settings.data().directories().forEach(directory -> out.println("data      " + directory));
    out.println(ProgramName.inHints("next      espalier submit digits --watch"));
    out.flush();
  }

  private static Optional<Throwable> end(RunningService service, CompletableFuture<Void> stopped)
      throws InterruptedException {
    try {
      CompletableFuture.anyOf(stopped, service.ended().toCompletableFuture()).get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.ofNullable(e.getCause());
    }
  }
}
