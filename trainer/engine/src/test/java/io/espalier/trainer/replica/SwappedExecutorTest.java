package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.executor.engine.EngineExecutor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run goes on as if nothing had happened where another executor takes over at a sync. */
class SwappedExecutorTest {
  private static final String RECIPE =
      """
      name = swapped, seed = 5
      data { kind = digits, batch-size = 64 }
      train { epochs = 4, trainers = 2, sync-every = 2, optimizer { kind = adam } }
      prune { sparsity = 60%, schedule { kind = cubic, begin = 10%, end = 40%, updates = 6 } }
      """;
  private static final String MLP = "model { kind = mlp, hidden = [24, 16] }, ";
  private static final String RESNET = "model { kind = resnet-8, width = 4 }, ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        MLP + "prune.mask = hard",
        MLP + "prune { mask = soft, score = taylor }",
        MLP + "prune { mask = movement, score = movement }",
        MLP + "prune.mask { kind = soft-threshold, initial = 0.03 }",
        MLP + "prune { score = random, schedule = constant, regrowth { kind = rigl, every = 10 } }",
        RESNET + "prune.mask { kind = annealed, over = 6 }, train.optimizer = sgd",
        RESNET + "prune.granularity { kind = channel, cut = live, settle = 2 }",
      })
  void run_swappedAtEverySync_hasTheBitsOfOneThatIsNot(String recipe) {
    PreparedRun run = run(recipe);
    String expected = TrainingLoop.run(run, LoopListener.NONE).committed().digest();
    Committer committer = Committer.start(run);
    int swaps = 0;

    try (Replica first = Replica.of(run, 0, () -> {}, UnitsOnly::of);
        Replica second = Replica.of(run, 1)) {
      SyncOutcome outcome = applied(committer, committer.open(), first, second);
      while (outcome.commit().next() != Commit.Next.FINISH) {
        first.swap(swaps++ % 2 == 0 ? EngineExecutor::of : UnitsOnly::of);
        List<ByteBuffer> states = new ArrayList<>();
        for (Replica replica : List.of(first, second)) {
          work(outcome.commit().next(), run, replica);
          states.add(replica.packedState());
        }
        outcome = applied(committer, committer.sync(states), first, second);
      }
    }

    assertThat(swaps).isGreaterThan(10);
    assertThat(committer.committed().digest()).isEqualTo(expected);
  }

  /** The executor that is to leave goes on. */
  @Test
  void swap_toOneThatCannotComputeTheRun_leavesTheReplicaAsItWas() {
    PreparedRun run = run(MLP + "prune.mask = hard");
    Committer committer = Committer.start(run);
    try (Replica first = Replica.of(run, 0);
        Replica second = Replica.of(run, 1)) {
      SyncOutcome outcome = applied(committer, committer.open(), first, second);

      assertThatThrownBy(
              () ->
                  first.swap(
                      (wanted, masks, context) -> {
                        throw new IllegalArgumentException("hard masks only");
                      }))
          .hasMessage("hard masks only");

      work(outcome.commit().next(), run, first);
      work(outcome.commit().next(), run, second);
      applied(
          committer,
          committer.sync(List.of(first.packedState(), second.packedState())),
          first,
          second);
      assertThat(first.completedSteps()).isEqualTo(2);
    }
  }

  /** Committer and replicas agree on every digest. */
  private static SyncOutcome applied(
      Committer committer, SyncOutcome outcome, Replica first, Replica second) {
    committer.verify(0, first.apply(outcome.commit(), outcome.payload()));
    committer.verify(1, second.apply(outcome.commit(), outcome.payload()));
    return outcome;
  }

  private static void work(Commit.Next next, PreparedRun run, Replica replica) {
    switch (next) {
      case MEASURE -> replica.measure();
      case RECALIBRATE -> replica.recalibrate();
      default -> {
        long until = run.plan().nextSync(replica.completedSteps());
        while (replica.completedSteps() < until) {
          replica.step();
        }
      }
    }
  }

  private static PreparedRun run(String more) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("swapped.conf", RECIPE + more, List.of()).config());
  }
}
