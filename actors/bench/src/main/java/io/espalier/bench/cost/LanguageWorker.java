package io.espalier.bench.cost;

import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.engine.NativeExit;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica.StepOutcome;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The process of one training: answers a number of steps, which it trains, by the seconds of {@link
 * ThreadTime} that one of them took, syncs included; {@link #BITS} after the last step by the bits
 * per character of the test part.
 */
final class LanguageWorker implements LoopListener {
  static final String BITS = "bits";

  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private int ordered;
  private int left;
  private long start;

  private LanguageWorker() {}

  /** Argument: the recipe's file. */
  public static void main(String[] arguments) {
    NativeExit.install();
    PreparedRun run =
        PreparedRun.of(
            new RecipeLoader().load(arguments[0], List.of()).config(),
            DataHome.of(EspalierHome.path()));
    new LanguageWorker().train(run);
    System.exit(0);
  }

  private void train(PreparedRun run) {
    await();
    double bits = TrainingLoop.run(run, this).test().loss() / Math.log(2);
    out.println(bits);
    await();
  }

  @Override
  public void stepped(int trainer, StepOutcome outcome) {
    left--;
    if (left == 0) {
      out.println((ThreadTime.now() - start) / 1e9 / ordered);
      await();
    }
  }

  private void await() {
    try {
      String order = in.readLine();
      if (order == null) {
        System.exit(0);
      }
      ordered = BITS.equals(order) ? 0 : Integer.parseInt(order);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    left = ordered;
    start = ThreadTime.now();
  }
}
