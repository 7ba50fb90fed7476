package io.espalier.telemetry.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker in a process of its own that takes only TLS with user and password, as a cluster
 * of somebody else would. User {@code espalier} may do everything, user {@code guest} nothing.
 *
 * <p>The process ends with its parent, whose end closes its standard input.
 */
final class SecuredBroker {
  private static final String STORE_PASSWORD = "changeit";
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(90);

  private final Path directory;
  private final int port;
  private Process process;

  private SecuredBroker(Path directory, int port) throws IOException {
    this.directory = directory;
    this.port = port;
    this.process = launch();
  }

  /** Makes a certificate and starts the broker on a free port. */
  static SecuredBroker start(Path directory) throws IOException, InterruptedException {
    keytool(
        directory,
        "-genkeypair -alias broker -keyalg EC -dname CN=broker -ext san=ip:127.0.0.1"
            + " -validity 2 -storetype PKCS12 -keystore broker.p12");
    keytool(directory, "-exportcert -alias broker -keystore broker.p12 -file broker.crt");
    keytool(
        directory,
        "-importcert -noprompt -alias broker -file broker.crt -storetype PKCS12 -keystore trust.p12");
    SecuredBroker broker = new SecuredBroker(directory, freePort());
    broker.awaitUp();
    return broker;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Client settings of a user, in a file. */
  Path settings(String user, String password) throws IOException {
    return Files.writeString(
        directory.resolve(user + "-" + password + ".properties"),
        """
        # as the administrator of a cluster hands out
        security.protocol = SASL_SSL
        sasl.mechanism = PLAIN
        sasl.jaas.config = org.apache.kafka.common.security.plain.PlainLoginModule required \\
          username="%s" password="%s";
        default.api.timeout.ms = 20000
        ssl.truststore.type = PKCS12
        ssl.truststore.location = %s
        ssl.truststore.password = %s
        """
            .formatted(user, password, directory.resolve("trust.p12"), STORE_PASSWORD));
  }

  /** Ends the process at once, as a failing machine would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void restart() throws IOException, InterruptedException {
    process = launch();
    awaitUp();
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            SecuredBroker.class.getName(),
            directory.toString(),
            Integer.toString(port))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile())
        .start();
  }

  private void awaitUp() throws IOException, InterruptedException {
    long until = System.nanoTime() + LIMIT_NS;
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() > until) {
        throw new IOException(
            "the broker must come up: output=" + Files.readString(directory.resolve("output")));
      }
      Thread.sleep(50);
    }
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void keytool(Path directory, String arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("-storepass", STORE_PASSWORD));
    Process tool =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool").toFile())
            .start();
    if (tool.waitFor() != 0) {
      throw new IOException(Files.readString(directory.resolve("keytool")));
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Path log = directory.resolve("log");
    format(log);
    Properties properties = BrokerSettings.of(log, 0, freePort());
    secure(properties, directory, Integer.parseInt(arguments[1]));
    new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM).startup();
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }

  private static void secure(Properties properties, Path directory, int port) throws IOException {
    int inner = freePort();
    String controller = properties.getProperty("listeners").split(",", -1)[1];
    String listeners = "CLIENT://127.0.0.1:" + port + ",INNER://127.0.0.1:" + inner;
    properties.setProperty("listeners", listeners + "," + controller);
    properties.setProperty("advertised.listeners", listeners);
    properties.setProperty("inter.broker.listener.name", "INNER");
    properties.setProperty(
        "listener.security.protocol.map", "CLIENT:SASL_SSL,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.setProperty("sasl.enabled.mechanisms", "PLAIN");
    properties.setProperty(
        "listener.name.client.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " user_espalier=\"secret\" user_guest=\"guest\";");
    properties.setProperty("ssl.keystore.type", "PKCS12");
    properties.setProperty("ssl.keystore.location", directory.resolve("broker.p12").toString());
    properties.setProperty("ssl.keystore.password", STORE_PASSWORD);
    properties.setProperty(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    properties.setProperty("broker.session.timeout.ms", "1000");
    properties.setProperty("broker.heartbeat.interval.ms", "300");
    properties.setProperty("super.users", "User:espalier;User:ANONYMOUS");
  }

  private static void format(Path log) throws Exception {
    if (Files.exists(log.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(log);
    try (var silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setNodeId(BrokerSettings.NODE)
          .setClusterId(Uuid.randomUuid().toString())
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setControllerListenerName(BrokerSettings.CONTROLLER)
          .setMetadataLogDirectory(log.toString())
          .addDirectory(log.toString())
          .setIgnoreFormatted(true)
          .setPrintStream(silent)
          .run();
    }
  }
}
