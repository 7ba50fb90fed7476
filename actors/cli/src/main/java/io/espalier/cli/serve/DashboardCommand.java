package io.espalier.cli.serve;

import io.espalier.cli.console.KafkaOptions;
import io.espalier.cli.console.ListenAddress;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.console.Interrupts;
import io.espalier.service.http.HttpSettings;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "dashboard",
    description = {
      "Shows runs, federations and processes in a browser while they go on, from their events.",
      "",
      "It reads the broker that --kafka names, or that of the Espalier home, which it runs itself"
          + " while nobody else does, so that runs that have ended are there too. It steers"
          + " nothing: for that, open the page of 'espalier serve'.",
      "On this machine anyone may look; elsewhere a page needs TLS and a token of the home"
          + " (espalier serve token create). Ctrl-C, or SIGTERM, ends it."
    },
    sortOptions = false)
final class DashboardCommand implements Callable<Integer> {
  private static final Duration LONGEST_PER_RUN = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7071",
      description = "Where the page is served (default: ${DEFAULT-VALUE}).")
  private String listen = "";

  @Mixin private TlsOptions tls;

  @Option(
      names = "--require-token",
      description =
          "Require a token on this machine too, for the page too. A browser"
              + " asks for it: any name, the token as password.")
  private boolean requireToken;

  @Mixin private KafkaOptions kafka;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = CommandHome.create();
    Optional<BrokerAccess> external = kafka.access();
    HttpSettings http = http();
    var stopped = new CountDownLatch(1);
    Interrupts interrupts = Interrupts.onFirst(signal -> stopped.countDown());
    try (DashboardProcess process = started(home, external, http)) {
      describe(process, home);
      stopped.await();
      return ExitCode.OK;
    } finally {
      interrupts.restore();
    }
  }

  private HttpSettings http() {
    InetSocketAddress address = ListenAddress.parse("--listen", listen);
    var http =
        new HttpSettings(
            address,
            tls.files(address),
            HttpSettings.Limits.DEFAULT,
            HttpSettings.Times.DEFAULT,
            requireToken);
    ListenAddress.requireFree("--listen", address);
    return http;
  }

  private static DashboardProcess started(
      Path home, Optional<BrokerAccess> external, HttpSettings http) throws IOException {
    try {
      return DashboardProcess.start(home, external, http);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private void describe(DashboardProcess process, Path home) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("dashboard " + process.page());
    process.token().ifPresent(file -> out.println("token     in " + file));
    PublishedAddress.LocalService.page(home)
        .ifPresent(
            page -> out.println("service   " + page + " shows the same, and can steer runs"));
    out.flush();
    Broker broker = process.broker();
    out.println("events    " + place(broker));
    out.flush();
    if (broker.kind() == Broker.Kind.EMBEDDED) {
      shipRest(home, broker);
    }
  }

  private static String place(Broker broker) {
    return broker
        .place()
        .or(() -> broker.problem().map(problem -> "none: " + problem))
        .orElseGet(() -> "Kafka at " + broker.address().orElse("an address to come"));
  }

  private void shipRest(Path home, Broker broker) {
    try {
      for (Path run : Backlog.of(home).ship(broker::access, home, LONGEST_PER_RUN)) {
        spec.commandLine().getOut().println("shipped   the rest of " + run);
      }
    } catch (IOException e) {
      spec.commandLine().getErr().println("espalier: " + e.getMessage());
    }
    spec.commandLine().getOut().flush();
  }
}
