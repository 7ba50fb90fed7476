package io.espalier.bench.hostile;

import io.espalier.bench.harness.Mutation;
import io.espalier.cli.Espalier;
import io.espalier.trainer.engine.NativeExit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Attacks the command line in a process with little memory: a line {@code KIND SEED NUMBER} is
 * answered by an {@link Answer}.
 */
final class HostileWorker {
  private final Path scratch;
  private final Map<InputKind, Map<String, List<byte[]>>> valid;
  private final FederationPayloads payloads = FederationPayloads.ofDigits();

  private HostileWorker(Path scratch, Map<InputKind, Map<String, List<byte[]>>> valid) {
    this.scratch = scratch;
    this.valid = valid;
  }

  /**
   * What became of an attack.
   *
   * @param exit code of the command
   * @param unexpected whether it said what no input may cause: a stack trace, an unexpected
   *     failure, or that memory ran out
   * @param left files beside the input
   * @param said its last line
   */
  record Answer(int exit, boolean unexpected, int left, String said) {
    private static final String SEPARATOR = "\t";

    static Answer parse(String line) {
      String[] parts = line.split(SEPARATOR, 4);
      return new Answer(
          Integer.parseInt(parts[0]),
          Boolean.parseBoolean(parts[1]),
          Integer.parseInt(parts[2]),
          parts[3]);
    }

    @Override
    public String toString() {
      return String.join(
          SEPARATOR, String.valueOf(exit), String.valueOf(unexpected), String.valueOf(left), said);
    }
  }

  public static void main(String[] arguments) throws IOException {
    NativeExit.install();
    Path scratch = Path.of(arguments[0]);
    HostileWorker worker = new HostileWorker(scratch, new ValidFiles(scratch).all());
    for (InputKind kind : InputKind.files()) {
      worker.requireReadable(kind);
    }
    System.out.println("ready");
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] parts = order.split(" ", -1);
      System.out.println(
          worker.attack(
              InputKind.valueOf(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])));
    }
    NativeExit.halt(0);
  }

  /** Files that are refused before a mutation would show nothing. */
  private void requireReadable(InputKind kind) throws IOException {
    Answer answer = answer(kind, 0, alternatives -> alternatives.get(0));
    if (answer.exit() != 0) {
      throw new IOException("valid files must be read: kind=%s, %s".formatted(kind, answer));
    }
  }

  private Answer attack(InputKind kind, long seed, long number) throws IOException {
    Mutation mutation = Mutation.of(seed, number);
    return kind == InputKind.RESULTS
        ? payloads.attack(number, mutation)
        : answer(kind, number, mutation::next);
  }

  private Answer answer(InputKind kind, long number, Function<List<byte[]>, byte[]> changed)
      throws IOException {
    Path directory = Files.createDirectories(scratch.resolve("attack"));
    int files = write(directory, kind, number, changed);
    StringWriter said = new StringWriter();
    PrintWriter console = new PrintWriter(said);
    int exit = Espalier.run(console, console, kind.command(directory.toString()));
    String text = said.toString();
    int left = remove(directory) - files;
    return new Answer(exit, isUnexpected(exit, text), left, lastLine(text));
  }

  /** Writes all files of a kind, one of them changed. */
  private int write(
      Path directory, InputKind kind, long number, Function<List<byte[]>, byte[]> changed)
      throws IOException {
    Map<String, List<byte[]>> files = Objects.requireNonNull(valid.get(kind));
    int victim = (int) (number % files.size());
    int index = 0;
    for (Map.Entry<String, List<byte[]>> each : files.entrySet()) {
      Path file = directory.resolve(each.getKey());
      Files.createDirectories(file.getParent());
      List<byte[]> alternatives = each.getValue();
      Files.write(file, index == victim ? changed.apply(alternatives) : alternatives.get(0));
      index++;
    }
    return files.size();
  }

  /** Removes a directory, and returns how many files it had. */
  private static int remove(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(directory)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    int files = 0;
    for (Path each : deepestFirst) {
      files += Files.isRegularFile(each) ? 1 : 0;
      Files.delete(each);
    }
    return files;
  }

  private static boolean isUnexpected(int exit, String said) {
    return exit < 0
        || exit > 2
        || said.contains("\tat ")
        || said.contains("unexpected failure")
        || said.contains("out of memory");
  }

  private static String lastLine(String said) {
    return said.lines().reduce((first, second) -> second).orElse("").replaceAll("\\p{Cntrl}", " ");
  }
}
