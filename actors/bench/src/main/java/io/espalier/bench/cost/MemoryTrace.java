package io.espalier.bench.cost;

import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.ProcessMemory;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.engine.NativeExit;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.SyncOutcome;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Resident memory of one run, in bytes: at each sync, and the peak. */
record MemoryTrace(List<Long> residents, long peak) {
  MemoryTrace {
    residents = List.copyOf(residents);
  }

  static MemoryTrace ofProcess(
      String network, String mask, int trainers, int steps, List<String> overrides)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(network, mask, "" + trainers, "" + steps));
    arguments.addAll(overrides);
    try (ChildProcess worker =
        ChildProcess.worker(
            MemoryWorker.class, List.of(), ProcessBuilder.Redirect.INHERIT, arguments)) {
      List<Long> bytes = worker.answers().map(Long::parseLong).toList();
      int exitCode = worker.process().waitFor();
      if (exitCode != 0 || bytes.size() < 2) {
        throw new CommandRefusedException(
            "a measuring process must reach its end: network=%s, mask=%s, exit code=%d"
                .formatted(network, mask, exitCode));
      }
      return new MemoryTrace(bytes.subList(0, bytes.size() - 1), bytes.get(bytes.size() - 1));
    }
  }

  /**
   * The process of one memory measurement: trains, and prints its resident memory in bytes at each
   * sync and its peak in the end, one number a line.
   */
  static final class MemoryWorker {
    private static final int TRAINING_EXAMPLES = 60_000;
    private static final int BATCH = 64;
    private static final String RECIPE =
        """
        name = memory, seed = 1
        data { kind = fashion-mnist, batch-size = %d }
        model = %s
        train { trainers = %d, epochs = %d, sync-every = 10, learning-rate { kind = constant, initial = 0.01 } }
        prune { sparsity = %s, schedule { kind = cubic, begin = 0, end = %d, updates = 10 }, mask = %s }
        """;

    private MemoryWorker() {}

    /** Arguments: model, mask kind or dense, trainers, steps, then overrides of the recipe. */
    public static void main(String[] arguments) {
      NativeExit.install();
      int trainers = Integer.parseInt(arguments[2]);
      int steps = Integer.parseInt(arguments[3]);
      int epochs = steps / (TRAINING_EXAMPLES / trainers / BATCH) + 2;
      List<String> overrides = List.of(arguments).subList(4, arguments.length);
      boolean dense = arguments[1].equals("dense");
      String text =
          RECIPE.formatted(
              BATCH,
              arguments[0],
              trainers,
              epochs,
              dense ? "0" : "0.9",
              Math.max(10, steps / 2),
              dense ? "hard" : arguments[1]);
      PreparedRun run =
          PreparedRun.of(
              new RecipeLoader().parse("memory bench", text, overrides).config(),
              DataHome.of(EspalierHome.path()));
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      TrainingLoop.run(run, new Reporter(steps, out));
    }

    private record Reporter(int steps, PrintStream out) implements LoopListener {
      @Override
      public void synced(SyncOutcome outcome) {
        try {
          out.println(ProcessMemory.own().residentBytes());
          if (outcome.commit().step() >= steps) {
            out.println(ProcessMemory.own().peakBytes());
            System.exit(0);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
