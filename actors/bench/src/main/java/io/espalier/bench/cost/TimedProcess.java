package io.espalier.bench.cost;

import io.espalier.bench.harness.ChildProcess;
import io.espalier.configs.file.EspalierHome;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.engine.NativeExit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A network whose steps are timed in a process of its own, as those of a run are: what the compiler
 * learned from another network's loops does not count. Steps take one thread, timed in {@link
 * ThreadTime}. It sleeps until it is asked. Confined to one thread.
 */
final class TimedProcess implements AutoCloseable {
  /** Asks a replica's process what its engine computes with. */
  static final String CAPABILITY = "capability";

  private final ChildProcess process;

  /** Of a process that answers a number of steps by the seconds that one of them took. */
  TimedProcess(ChildProcess process) {
    this.process = process;
  }

  /** Starts a replica of the bench's recipe with a model and settings. */
  static TimedProcess start(Instructions instructions, String model, List<String> settings)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(model));
    arguments.addAll(settings);
    return start(instructions, Worker.class, arguments);
  }

  /** Starts a program that answers line by line. */
  static TimedProcess start(Class<?> main, List<String> arguments) throws IOException {
    return start(Instructions.MACHINE, main, arguments);
  }

  private static TimedProcess start(
      Instructions instructions, Class<?> main, List<String> arguments) throws IOException {
    return new TimedProcess(
        ChildProcess.worker(
            main,
            instructions.javaOptions(),
            instructions.environment(),
            ProcessBuilder.Redirect.INHERIT,
            arguments));
  }

  /** Seconds that a step takes, over {@code steps} of them. */
  double stepSeconds(int steps) throws IOException {
    return answer(Integer.toString(steps));
  }

  /** The number that it answers an order with. */
  double answer(String order) throws IOException {
    return Double.parseDouble(text(order));
  }

  /** The line that it answers an order with. */
  String text(String order) throws IOException {
    return process.ask(order);
  }

  @Override
  public void close() {
    process.close();
  }

  /**
   * Reads orders line by line: a number of steps, and prints the seconds that one of them took;
   * {@link #CAPABILITY}, and prints it.
   */
  static final class Worker {
    private Worker() {}

    /** Arguments: model, then settings of the recipe. */
    public static void main(String[] arguments) throws IOException {
      NativeExit.install();
      List<String> settings = List.of(arguments).subList(1, arguments.length);
      BenchRecipe recipe =
          new BenchRecipe(arguments[0], settings, DataHome.of(EspalierHome.path()));
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      BufferedReader orders =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      try (TimedReplica replica = new TimedReplica(recipe.with())) {
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
          if (line.equals(CAPABILITY)) {
            out.println(EngineCapability.current());
            continue;
          }
          int steps = Integer.parseInt(line);
          long start = ThreadTime.now();
          replica.stepSeconds(steps);
          out.println((ThreadTime.now() - start) / 1e9 / steps);
        }
      }
      System.exit(0);
    }
  }
}
