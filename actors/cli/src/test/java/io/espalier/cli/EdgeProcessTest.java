package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device in a process of its own trains LeNet-5 at 5 % density over TLS, without the engine. */
@Tag("slow")
final class EdgeProcessTest {
  private static final String EDGE = "io.espalier.edge.Edge";
  private static final Path MODULE = Path.of("..", "edge", "target");
  private static final int IMAGES = 300;

  @TempDir private Path directory;

  private record Ended(int exitCode, String text, boolean mappedEngine) {}

  @Test
  void device_onTheEdgesLibrariesAlone_enrolsAndTrainsTwoRounds() throws Exception {
    String libraries = edgeClassPath();
    for (String entry : libraries.split(File.pathSeparator, -1)) {
      assertThat(holdsEngine(Path.of(entry))).as(entry).isFalse();
    }

    takesPart(libraries, EDGE);
  }

  @Test
  void device_ofTheWholeProgram_loadsNoEngine() throws Exception {
    takesPart(System.getProperty("java.class.path"), Espalier.class.getName());
  }

  private void takesPart(String classPath, String program) throws Exception {
    String server = "localhost:" + freePort();
    federate("init", "--host", "localhost");
    CompletableFuture<CommandRun> served = serve(server, "train.execution=java");

    Ended enrolled = enrol(classPath, program, server);
    Ended trained = train(classPath, program, server);

    assertThat(enrolled.exitCode()).as(enrolled.text()).isZero();
    assertThat(trained.exitCode()).as(trained.text()).isZero();
    assertThat(trained.text())
        .contains("computes with kept weights only, ", "round 2: trained", "the run is finished");
    assertThat(enrolled.mappedEngine() || trained.mappedEngine()).isFalse();
    CommandRun result = served.get(2, TimeUnit.MINUTES);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("2/2");
  }

  @Test
  void device_withoutTheEngine_isToldWhatARunOnItNeeds() throws Exception {
    String server = "localhost:" + freePort();
    federate("init", "--host", "localhost");
    CompletableFuture<CommandRun> served = serve(server, "train.execution=engine");
    String libraries = edgeClassPath();
    Ended enrolled = enrol(libraries, EDGE, server);

    Ended refused = train(libraries, EDGE, server);

    assertThat(enrolled.exitCode()).as(enrolled.text()).isZero();
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.text())
        .contains("clients of this run compute on the engine", "train.execution = java");
    train(System.getProperty("java.class.path"), Espalier.class.getName(), server);
    assertThat(served.get(2, TimeUnit.MINUTES).exitCode()).isZero();
  }

  private CompletableFuture<CommandRun> serve(String server, String execution) {
    return CompletableFuture.supplyAsync(
        () ->
            CommandRun.of(
                "federate",
                "fedtiny",
                "--listen",
                server,
                "--authority",
                authority(),
                "--out",
                directory.resolve("run").toString(),
                "--kafka",
                "127.0.0.1:1",
                "-D",
                execution,
                "-D",
                "federation { rounds = 2, cohort = 1, candidates = 2, server-epochs = 1, adjust-every = 1, adjust-until = 2 }"));
  }

  private Ended enrol(String classPath, String program, String server)
      throws IOException, InterruptedException {
    Path token = directory.resolve("token");
    federate("token", "--name", "kitchen", "-o", token.toString());
    return run(
        classPath,
        program,
        "enrol",
        "--server",
        server,
        "--token-file",
        token.toString(),
        "--identity",
        device(),
        "--wait",
        "3m");
  }

  private Ended train(String classPath, String program, String server)
      throws IOException, InterruptedException {
    return run(
        classPath,
        program,
        "edge",
        "--server",
        server,
        "--identity",
        device(),
        "--data",
        images().toString(),
        "--labels",
        labels().toString(),
        "--give-up-after",
        "2m");
  }

  /** Runs a program to its end, and looks at what it has mapped all the time. */
  private Ended run(String classPath, String program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java(), "-Xmx64m", "-XX:+UseSerialGC"));
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp", classPath, program));
    command.addAll(Arrays.asList(arguments));
    Path output = Files.createTempFile(directory, "device", ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean mapped = false;
    try {
      while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
        mapped |= mapsEngine(process);
      }
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(output), mapped);
  }

  private static boolean mapsEngine(Process process) {
    try (Stream<String> maps =
        Files.lines(Path.of("/proc", String.valueOf(process.pid()), "maps"))) {
      return maps.anyMatch(line -> line.contains("libtorch") || line.contains("libc10"));
    } catch (IOException | UncheckedIOException e) {
      return false; // it has just ended
    }
  }

  /** The module's own classes, and the libraries that its build has found for it. */
  private static String edgeClassPath() throws IOException {
    Path classes = MODULE.resolve("classes");
    return classes.toAbsolutePath()
        + File.pathSeparator
        + Files.readString(MODULE.resolve("class-path")).strip();
  }

  private static boolean holdsEngine(Path entry) throws IOException {
    if (Files.isDirectory(entry)) {
      return Files.exists(entry.resolve("ai/djl"));
    }
    try (ZipFile jar = new ZipFile(entry.toFile())) {
      return jar.stream().anyMatch(each -> each.getName().startsWith("ai/djl/"));
    }
  }

  private Path images() throws IOException {
    return idx("images", 0x803, IMAGES * 28 * 28, 28, 28);
  }

  private Path labels() throws IOException {
    return idx("labels", 0x801, IMAGES);
  }

  /** An IDX file of so many examples of drawn bytes; labels are below 10. */
  private Path idx(String name, int magic, int values, int... sides) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(8 + 4 * sides.length + values);
    file.putInt(magic).putInt(IMAGES);
    Arrays.stream(sides).forEach(file::putInt);
    SplittableRandom random = new SplittableRandom(magic);
    while (file.hasRemaining()) {
      file.put((byte) random.nextInt(sides.length == 0 ? 10 : 256));
    }
    return Files.write(directory.resolve(name), file.array());
  }

  private void federate(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of("federate", command, "--authority", authority()));
    all.addAll(Arrays.asList(arguments));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private String authority() {
    return directory.resolve("authority").toString();
  }

  private String device() {
    return directory.resolve("device").toString();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
