package io.espalier.bench.gateway;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "wire",
    description = {
      "Plays mutated sessions to a gateway for a while; a good client must be answered throughout.",
      "",
      "Without --port the gateway is one of its own, in another process. The gateway must be on"
          + " this machine and without TLS."
    })
final class BenchWireCommand implements Callable<Integer> {
  private static final int CONNECTIONS = 256;
  private static final int HIGHEST_PORT = 65_535;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      description = "For how long (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the mutations (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--port", description = "Of the gateway to attack, on this machine.")
  private int port;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seconds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seconds must be 1 or more: seconds=" + seconds);
    }
    if (port < 0 || port > HIGHEST_PORT) {
      throw new ParameterException(
          spec.commandLine(),
          "--port must be 1 to 65535, or 0 for a gateway of its own: port=" + port);
    }
    if (port != 0) {
      attack(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return ExitCode.OK;
    }
    try (BenchDirectory scratch = BenchDirectory.in(Path.of(System.getProperty("java.io.tmpdir")));
        GatewayProcess gateway =
            GatewayProcess.start(CONNECTIONS, scratch.root().resolve("incoming"))) {
      attack(gateway.address());
      if (!gateway.isAlive()) {
        throw new CommandRefusedException("a gateway must outlive every attack: seed=" + seed);
      }
    }
    return ExitCode.OK;
  }

  private void attack(InetSocketAddress gateway) throws IOException, InterruptedException {
    try (WireFuzz fuzz = WireFuzz.record(gateway, "bench-wire-bad", "bench-wire-good")) {
      long attacks = fuzz.run(seed, Duration.ofSeconds(seconds));
      spec.commandLine()
          .getOut()
          .printf(
              "%,d attacks, %,d answers; a good client was answered throughout (seed %d)%n",
              attacks, fuzz.answered(), seed);
    }
  }
}
