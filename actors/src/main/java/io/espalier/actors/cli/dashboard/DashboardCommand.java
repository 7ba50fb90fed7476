package io.espalier.actors.cli.dashboard;

import io.espalier.actors.cli.host.EspalierHome;
import io.espalier.actors.cli.host.Interrupts;
import io.espalier.actors.cli.host.KafkaOptions;
import io.espalier.actors.cli.host.ListenAddress;
import io.espalier.actors.cli.host.RefusedException;
import io.espalier.actors.cli.host.TlsOptions;
import io.espalier.actors.http.HttpSettings;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code espalier dashboard}: the live page by itself. */
@Command(
    name = "dashboard",
    description = {
      "Show runs, federations and processes in a browser while they go on, from their events.",
      "",
      "It reads the Kafka broker of the Espalier home, or the one that --kafka names, and waits"
          + " for it where there is none yet. It changes nothing: to steer runs from the page,"
          + " open that of 'espalier serve'.",
      "On this machine anyone may look; elsewhere a page needs TLS and a token of the home"
          + " (espalier serve token create). Ctrl-C, or SIGTERM, ends it."
    },
    sortOptions = false)
public final class DashboardCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7071",
      description = "Where the page is served (default: ${DEFAULT-VALUE}).")
  private String listen = "";

  @Mixin private TlsOptions tls = new TlsOptions();

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = EspalierHome.create();
    Optional<BrokerAccess> external = kafka.access();
    HttpSettings http = http();
    var stopped = new CountDownLatch(1);
    Interrupts interrupts = Interrupts.onFirst(signal -> stopped.countDown());
    try (DashboardProcess process = started(home, external, http)) {
      describe(process, home, external);
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
            address, tls.files(address), HttpSettings.Limits.DEFAULT, HttpSettings.Times.DEFAULT);
    ListenAddress.requireFree("--listen", address);
    return http;
  }

  /** Failures of the files and addresses that the user named have messages of their own. */
  private static DashboardProcess started(
      Path home, Optional<BrokerAccess> external, HttpSettings http) throws IOException {
    try {
      return DashboardProcess.start(home, external, http);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new RefusedException(String.valueOf(e.getMessage()));
    }
  }

  private void describe(DashboardProcess process, Path home, Optional<BrokerAccess> external)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("dashboard " + process.page());
    out.println(
        "events    "
            + Broker.find(home, external)
                .map(access -> "Kafka at " + access.address())
                .orElse(
                    "no broker is up in home %s; waits for the first run that starts one"
                        .formatted(home)));
    process.token().ifPresent(file -> out.println("token     in " + file));
    NearService.page(home)
        .ifPresent(
            page -> out.println("service   " + page + " shows the same, and can steer runs"));
    out.flush();
  }
}
