package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.Span;
import io.espalier.masks.Mask;
import io.espalier.masks.annealing.Temperature.Shape;
import io.espalier.masks.channel.ChannelState;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** A perceptron 64-32-16-10 whose pruned channels anneal. */
class AnnealedChannelsTest {
  private static final int[] WIDTHS = {64, 32, 16, 10};
  private static final long OVER = 17;
  private static final Offset<Float> CLOSE = within(2e-5f);
  private static final MaskConfig HALF = Kinds.annealed(0.5, Shape.CONSTANT, new Span.Steps(OVER));

  /** All values and moments of a replica, entry by entry. */
  private record Held(List<float[]> values, List<float[]> moments) {
    static Held of(StateAccess state) {
      Held held = new Held(new ArrayList<>(), new ArrayList<>());
      for (int entry = 0; entry < 6; entry++) {
        held.values.add(copy(state.array(entry, 0)));
        held.moments.add(copy(state.array(entry, 1)));
      }
      return held;
    }

    private static float[] copy(FloatBuffer values) {
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    }
  }

  private interface Watcher {
    void stepped(long step, MaskState masks, Held before, Held after);
  }

  @Test
  void step_whileChannelsAnneal_isThatOfTheNetworkOfTheDrawnOnes() {
    PreparedRun run = run(HALF, CuttingConfig.When.NEVER);
    EpochBatches batches = new EpochBatches(run, run.splits().shard(0), 0);
    int[] annealed = new int[1];

    train(
        run,
        (step, masks, before, after) -> {
          List<float[]> drawn = drawn(run, masks, step, 0);
          requireProducts(drawn);
          PerceptronStep oracle =
              PerceptronStep.of(WIDTHS, batches.load(step), before.values(), drawn);
          for (int entry = 0; entry < 6; entry++) {
            float[] values = before.values().get(entry).clone();
            float[] moments = before.moments().get(entry).clone();
            StateLayout.Entry of = run.stateLayout().entries().get(entry);
            masks.livingAt(step).mask(of).ifPresent(living -> clear(living, values, moments));
            for (int i = 0; i < values.length; i++) {
              double decay = of.mask().isPresent() ? 1e-4 * values[i] : 0;
              double next = .9 * moments[i] + oracle.gradients().get(entry)[i] + decay;
              moments[i] = (float) next;
              values[i] = (float) (values[i] - run.learningRate().at(step) * next);
            }
            String where = "step %d, entry %d".formatted(step, entry);
            assertThat(after.moments().get(entry)).as(where).containsExactly(moments, CLOSE);
            assertThat(after.values().get(entry)).as(where).containsExactly(values, CLOSE);
          }
          annealed[0] += masks.annealing().aliveAt(step).isOver() ? 0 : 1;
        });

    assertThat(annealed[0]).isGreaterThan(40);
  }

  private static void clear(Mask living, float[] values, float[] moments) {
    for (int i = 0; i < values.length; i++) {
      values[i] = living.isKept(i) ? values[i] : 0;
      moments[i] = living.isKept(i) ? moments[i] : 0;
    }
  }

  /** A weight takes part where the channel that it gives and the one that it reads do. */
  private static void requireProducts(List<float[]> drawn) {
    for (int layer = 0; layer < 3; layer++) {
      float[] expected = new float[drawn.get(layer).length];
      for (int i = 0; i < expected.length; i++) {
        boolean gives = layer == 2 || takesPart(drawn, layer + 1, i / WIDTHS[layer]);
        boolean reads = layer == 0 || takesPart(drawn, layer, i % WIDTHS[layer]);
        expected[i] = gives && reads ? 1 : 0;
      }
      assertThat(drawn.get(layer)).isEqualTo(expected);
    }
  }

  /** Whether any weight that reads a hidden channel takes part. */
  private static boolean takesPart(List<float[]> drawn, int hidden, int channel) {
    float[] readers = drawn.get(hidden);
    for (int i = channel; i < readers.length; i += WIDTHS[hidden]) {
      if (readers[i] == 1) {
        return true;
      }
    }
    return false;
  }

  @Test
  void trainers_drawMasksOfTheirOwn_andEachTheSameAgain() {
    PreparedRun run = run(HALF, CuttingConfig.When.NEVER);
    int[] differ = new int[1];

    train(
        run,
        (step, masks, before, after) -> {
          List<float[]> first = drawn(run, masks, step, 0);
          assertThat(drawn(run, masks, step, 0)).usingRecursiveComparison().isEqualTo(first);
          differ[0] += Arrays.equals(first.get(1), drawn(run, masks, step, 1).get(1)) ? 0 : 1;
        });

    assertThat(differ[0]).isGreaterThan(40);
  }

  @Test
  void channels_fromTheStepWhereTemperatureIsZero_areZeroToTheBit() {
    PreparedRun run = run(HALF, CuttingConfig.When.NEVER);
    int[] dead = new int[1];
    int[] alive = new int[1];

    train(
        run,
        (step, masks, before, after) -> {
          ChannelState channels = masks.channels().orElseThrow();
          channels
              .pruned()
              .get(1)
              .forEachKept(
                  channel -> {
                    boolean gone = step >= channels.prunedAt(1, channel).orElseThrow() + OVER;
                    assertThat(zeros(after.values().get(0), channel)).isEqualTo(gone ? 64 : 0);
                    assertThat(zeros(after.moments().get(0), channel)).isEqualTo(gone ? 64 : 0);
                    dead[0] += gone ? 1 : 0;
                    alive[0] += gone ? 0 : 1;
                  });
        });

    assertThat(dead[0]).isPositive();
    assertThat(alive[0]).isPositive();
  }

  private static long zeros(float[] weight, int channel) {
    return IntStream.range(channel * 64, channel * 64 + 64)
        .filter(i -> Values.isZero(weight[i]))
        .count();
  }

  @Test
  void channels_areCutOnceTheyHaveSettledAtTemperatureZero() {
    PreparedRun run = run(HALF, CuttingConfig.When.LIVE);
    List<SyncOutcome> cuts = new ArrayList<>();
    ChannelState[] before = new ChannelState[1];

    TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void synced(SyncOutcome sync) {
            ChannelState after = sync.committed().masks().channels().orElseThrow();
            long step = sync.commit().step();
            if (sync.cut().isPresent() && step < run.plan().totalSteps()) {
              cuts.add(sync);
              Mask gone = before[0].present().get(1).andNot(after.present().get(1));
              gone.forEachKept(
                  channel ->
                      assertThat(step - before[0].prunedAt(1, channel).orElseThrow())
                          .isBetween(OVER + 10, OVER + 10 + 4));
            }
            before[0] = after;
          }
        });

    assertThat(cuts).hasSizeGreaterThan(2);
  }

  @Test
  void initialTemperatureOfZero_givesTheBitsOfHardMasks() {
    MaskConfig cold = Kinds.annealed(0, Shape.COSINE, new Span.Steps(OVER));

    assertThat(digest(run(cold, CuttingConfig.When.LIVE)))
        .isEqualTo(digest(run(Kinds.HARD, CuttingConfig.When.LIVE)));
  }

  @Test
  void temperatureOfOne_whileItLasts_trainsToTheBitsOfADenseNetwork() {
    List<Held> dense = new ArrayList<>();
    List<Held> hot = new ArrayList<>();
    train(
        SampleRuns.prepare(
            SampleRuns.config(
                SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD, SampleRuns.GRADUAL, 0, 1, 4)),
        (step, masks, before, after) -> dense.add(after));
    PreparedRun run =
        run(Kinds.annealed(1, Shape.CONSTANT, new Span.Steps(OVER)), CuttingConfig.When.NEVER);
    train(run, (step, masks, before, after) -> hot.add(after));

    int first = Math.toIntExact(run.plan().updates().get(0).step());
    int last = first + (int) OVER - 1;
    assertThat(hot.get(first)).usingRecursiveComparison().isEqualTo(dense.get(first));
    assertThat(hot.get(last)).usingRecursiveComparison().isEqualTo(dense.get(last));
    assertThat(hot.get(last + 1)).usingRecursiveComparison().isNotEqualTo(dense.get(last + 1));
  }

  private static List<float[]> drawn(PreparedRun run, MaskState masks, long step, int trainer) {
    List<float[]> drawn = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      Mask kept = masks.masks().masks().get(p);
      IntBuffer bits = IntBuffer.allocate(kept.size());
      masks.annealing().draw(p, kept).draw(step, run.config().seed(), trainer, bits);
      float[] factors = new float[kept.size()];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = Float.intBitsToFloat(bits.get(i));
      }
      drawn.add(factors);
    }
    return drawn;
  }

  private static void train(PreparedRun run, Watcher watcher) {
    Committer committer = Committer.start(run);
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = committer.open();
      replica.apply(outcome.commit(), outcome.payload());
      while (outcome.commit().next() == Commit.Next.TRAIN) {
        long until = run.plan().nextSync(replica.completedSteps());
        while (replica.completedSteps() < until) {
          long step = replica.completedSteps();
          Held before = Held.of(replica.state());
          replica.step();
          watcher.stepped(step, outcome.committed().masks(), before, Held.of(replica.state()));
        }
        outcome = committer.sync(List.of(replica.packedState()));
        committer.verify(0, replica.apply(outcome.commit(), outcome.payload()));
      }
    }
  }

  private static PreparedRun run(MaskConfig mask, CuttingConfig.When when) {
    CuttingConfig cutting = new CuttingConfig(when, new Span.Steps(10));
    return SampleRuns.prepare(
        SampleRuns.channels(SampleRuns.MLP, SampleRuns.SGD, mask, cutting, 1, 4));
  }

  private static String digest(PreparedRun run) {
    return TrainingLoop.run(run, LoopListener.NONE).committed().digest();
  }
}
