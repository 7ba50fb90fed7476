package io.espalier.telemetry.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Another process that holds a home's broker until it is killed. */
final class BrokerProcess {
  private BrokerProcess() {}

  static Process start(Path home, Path output) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            BrokerProcess.class.getName(),
            home.toString())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (Broker broker = Broker.open(Path.of(arguments[0]), Optional.empty())) {
      if (broker.kind() == Broker.Kind.EMBEDDED) {
        new CountDownLatch(1).await();
      }
    }
  }
}
