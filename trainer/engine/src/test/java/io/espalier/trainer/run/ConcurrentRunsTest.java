package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.EvaluationPart;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConcurrentRunsTest {
  @Test
  void run_twoLoopsInTwoThreads_giveTheBitsOfEachAlone() throws Exception {
    PreparedRun first =
        SampleRuns.prepared(SampleRuns.MLP, SampleRuns.ADAM, SampleRuns.ANNEALED, 2, 5);
    PreparedRun second =
        SampleRuns.prepared(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.SOFT, 1, 2);
    List<Result> alone = List.of(result(first), result(second));

    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Callable<Result>> both = List.of(() -> result(first), () -> result(second));
      List<Future<Result>> together = threads.invokeAll(both);

      assertThat(together.get(0).get()).isEqualTo(alone.get(0));
      assertThat(together.get(1).get()).isEqualTo(alone.get(1));
    } finally {
      threads.shutdownNow();
    }
  }

  private record Result(String digest, EvaluationPart test) {}

  private static Result result(PreparedRun run) {
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    return new Result(finished.committed().digest(), finished.test());
  }
}
