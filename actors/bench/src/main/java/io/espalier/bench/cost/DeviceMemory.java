package io.espalier.bench.cost;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.cli.Espalier;
import io.espalier.edge.Edge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Peak resident memory of a device that trains LeNet-5 at 5 % density for three rounds over TLS, on
 * kept weights without the engine, and on the engine. Its Java is started with the options that the
 * documentation has for devices.
 */
final class DeviceMemory {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int IMAGES = 3_000;
  private static final int PIXELS = 28;
  private static final int CLASSES = 10;

  /** 180 MB of 517 MB. */
  private static final double BOUND = 0.35;

  private static final String JAR = "espalier-edge.jar";
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx34m",
          "-Xmn4m",
          "-Xss512k",
          "-XX:-TieredCompilation",
          "-XX:Tier4InvocationThreshold=50000",
          "-XX:Tier4MinInvocationThreshold=2000",
          "-XX:Tier4CompileThreshold=50000");
  private static final List<String> OPTIONS_WITH_ENGINE = List.of("-XX:+UseSerialGC", "-Xmx256m");
  private static final String ROUNDS =
      "federation { rounds = 3, cohort = 1, candidates = 2, server-epochs = 1, adjust-every = 1, adjust-until = 2 }";

  private final BenchDirectory directory;
  private final List<String> withoutEngine;
  private final List<String> withEngine;
  private final Path images;
  private final Path labels;
  private int federations;

  private DeviceMemory(BenchDirectory directory, Path jar, Path images, Path labels) {
    this.directory = directory;
    withoutEngine = java(OPTIONS, "-jar", jar.toString());
    withEngine =
        java(
            OPTIONS_WITH_ENGINE,
            "-cp",
            System.getProperty("java.class.path"),
            Espalier.class.getName());
    this.images = images;
    this.labels = labels;
  }

  /**
   * @param jar the program of devices, {@code espalier-edge.jar}
   */
  static DeviceMemory in(BenchDirectory directory, Path jar) throws IOException {
    return new DeviceMemory(
        directory,
        jar.toAbsolutePath(),
        idx(directory.root().resolve("device-images"), 0x803, 256, IMAGES, PIXELS, PIXELS),
        idx(directory.root().resolve("device-labels"), 0x801, CLASSES, IMAGES));
  }

  /** The program of devices that the build leaves beside this program's own. */
  static Optional<Path> builtJar() {
    URL own = Edge.class.getProtectionDomain().getCodeSource().getLocation();
    Path target = Objects.requireNonNull(Path.of(URI.create(own.toString())).getParent());
    return Stream.of(target.resolve(JAR), target.resolve("../../edge/target").resolve(JAR))
        .filter(Files::isReadable)
        .findFirst();
  }

  Figure measure(int rounds)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    List<Double> kept = new ArrayList<>();
    List<Double> engine = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      kept.add(peak(withoutEngine, "sparse"));
      engine.add(peak(withEngine, "engine"));
    }
    return new Figure(
        "peak memory of a device at 5% density, without the engine / with it",
        "lenet-5-bn",
        Measurements.ofRatios(kept, engine),
        String.format(
            Locale.ROOT,
            "%.0f MB / %.0f MB",
            Measurements.of(kept).median() / 1e6,
            Measurements.of(engine).median() / 1e6),
        Budget.atMost(BOUND));
  }

  /** The device of a federation of its own, whose server is another process. */
  private double peak(List<String> program, String execution)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    String name = "federation-%d".formatted(++federations);
    Path files = Files.createDirectory(directory.run(name));
    String server = "localhost:" + freePort();
    String authority = files.resolve("authority").toString();
    String token = files.resolve("token").toString();
    String identity = files.resolve("device").toString();
    espalier(name, "federate", "init", "--host", "localhost", "--authority", authority);
    espalier(name, "federate", "token", "--authority", authority, "--name", "device", "-o", token);
    List<String> serve =
        List.of(
            "federate",
            "fedtiny",
            "--listen",
            server,
            "--authority",
            authority,
            "--out",
            files.resolve("run").toString(),
            "-D",
            "train.execution=" + execution,
            "-D",
            ROUNDS);
    try (ChildProcess served = ChildProcess.espalier(directory, name, List.of(), serve)) {
      device(
          name,
          program,
          List.of(
              "enrol",
              "--server",
              server,
              "--token-file",
              token,
              "--identity",
              identity,
              "--wait",
              "3m"));
      double peak =
          device(
              name,
              program,
              List.of(
                  "edge",
                  "--server",
                  server,
                  "--identity",
                  identity,
                  "--data",
                  images.toString(),
                  "--labels",
                  labels.toString(),
                  "--give-up-after",
                  "2m"));
      served.await(LIMIT);
      return peak;
    }
  }

  private void espalier(String name, String... arguments)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    try (ChildProcess process =
        ChildProcess.espalier(directory, name, List.of(), List.of(arguments))) {
      process.await(LIMIT);
    }
  }

  private double device(String name, List<String> program, List<String> arguments)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    List<String> command = new ArrayList<>(program);
    command.addAll(arguments);
    try (ChildProcess process = ChildProcess.command(directory, name + "-device", command)) {
      return process.peakUntilEnd(LIMIT);
    }
  }

  /** Java as on a device: without the options of this process, and what its launcher has set. */
  private static List<String> java(List<String> options, String... program) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "-u",
                "MALLOC_MMAP_THRESHOLD_",
                "-u",
                "MALLOC_TRIM_THRESHOLD_",
                "MALLOC_ARENA_MAX=1",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector"));
    command.addAll(options);
    command.addAll(List.of(program));
    return command;
  }

  /** An IDX file of drawn bytes. */
  private static Path idx(Path file, int magic, int bound, int... shape) throws IOException {
    int values = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    ByteBuffer bytes = ByteBuffer.allocate((1 + shape.length) * Integer.BYTES + values);
    bytes.putInt(magic);
    Arrays.stream(shape).forEach(bytes::putInt);
    SplittableRandom random = new SplittableRandom(magic);
    while (bytes.hasRemaining()) {
      bytes.put((byte) random.nextInt(bound));
    }
    return Files.write(file, bytes.array());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
